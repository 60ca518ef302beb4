import type { AuthMethod, Integration } from "#catalog/integration.js";
import type { KnownProviders } from "#catalog/load/load-auth.js";
import { checkRevokeUrl } from "#catalog/load/provider-rules.js";
import type { FileProblem } from "#catalog/load/source.js";
import { checkBaseUrl, checkProviderUrl, withoutSlash } from "#catalog/load/url-rules.js";
import type { AuthProvider } from "#catalog/provider.js";
import { providerUrls } from "#catalog/settings.js";
import { placeholders } from "#catalog/template.js";
import { isInside } from "#core/inside-service.js";
import { didYouMean } from "#core/suggest.js";

/** URLs that an operator sets in place of a provider's own, such as those of a server on premises or of a stand-in. */
export interface ProviderUrls {
  authorizeUrl?: string;
  tokenUrl?: string;
  /** Without it, refresh tokens go to the token URL that the operator sets. */
  refreshUrl?: string;
  /** May hold `{client_id}`, as in the file. */
  revokeUrl?: string;
}

export interface OperatorUrls {
  /**
   * By slug: replaces where requests of that integration go. By the slug and the name of a further base URL, with a
   * dash between them, only that one.
   */
  baseUrls: Record<string, string>;
  /** By slug: replaces where that provider is reached. */
  providerUrls?: Record<string, ProviderUrls>;
}

export interface Services {
  integrations: ReadonlyMap<string, Integration>;
  providers: KnownProviders;
}

/** Integrations and providers as the files describe them, at the operator's URLs. Notes every problem of these. */
export function replaceUrls(
  { integrations, providers }: Services,
  { baseUrls, providerUrls = {} }: OperatorUrls,
  problems: FileProblem[],
): Services {
  checkProviderUrls(providerUrls, providers, problems);
  checkBaseUrls(baseUrls, integrations, problems);
  const ownProviders = new Map(
    [...providers].map(([slug, it]) => [slug, it && replaceProviderUrls(it, providerUrls[slug] ?? {})]),
  );
  const ownIntegrations = new Map(
    [...integrations].map(([slug, it]) => [slug, replaceIntegrationUrls(it, ownProviders, baseUrls)]),
  );
  return { providers: ownProviders, integrations: ownIntegrations };
}

function replaceIntegrationUrls(
  integration: Integration,
  providers: KnownProviders,
  replacing: Record<string, string>,
): Integration {
  const replaced = replacing[integration.slug];
  const auth = Object.entries(integration.auth).map(([name, method]): [string, AuthMethod] => {
    const provider = method.grant && providers.get(method.grant.provider.slug);
    const baseUrl = replaced === undefined ? method.baseUrl : null;
    return [name, { ...method, baseUrl, ...(provider && { grant: { ...method.grant!, provider } }) }];
  });
  // Without a place of its own a further base URL moves along: a credential for one place is not for the other.
  const baseUrls = Object.entries(integration.baseUrls).map(([name, url]) => [
    name,
    withoutSlash(replacing[replacingName(integration.slug, name)] ?? replaced ?? url),
  ]);
  const own = {
    ...integration,
    auth: Object.fromEntries(auth),
    baseUrls: Object.fromEntries(baseUrls),
  };
  if (replaced === undefined) return own;
  // One place for all connections: there is nothing left to ask them for, unless they sign in at several.
  const toSignIn = auth.flatMap(([, { grant }]) => (grant ? providerUrls(grant.provider) : []));
  const names = toSignIn.flatMap(placeholders);
  const settings = Object.entries(integration.settings).filter(([name]) => names.includes(name));
  return {
    ...own,
    baseUrl: integration.protocol === "mcp" ? replaced : withoutSlash(replaced),
    settings: Object.fromEntries(settings),
    discover: null,
  };
}

const replacingName = (slug: string, base: string) => `${slug}-${base.replaceAll("_", "-")}`;

/** The integration whose base URL an operator names so; undefined when there is none. */
export function integrationOf(
  name: string,
  integrations: ReadonlyMap<string, Integration>,
): Integration | undefined {
  const isItsBase = ({ slug, baseUrls }: Integration) =>
    Object.keys(baseUrls).some((base) => replacingName(slug, base) === name);
  return integrations.get(name) ?? [...integrations.values()].find(isItsBase);
}

/** Another server to sign in at has another issuer, which the file cannot know. */
function replaceProviderUrls(provider: AuthProvider, urls: ProviderUrls): AuthProvider {
  const { authorizeUrl, tokenUrl, refreshUrl, revokeUrl } = urls;
  const { revoke } = provider;
  return {
    ...provider,
    authorizeUrl: authorizeUrl ?? provider.authorizeUrl,
    issuer: authorizeUrl === undefined ? provider.issuer : null,
    tokenUrl: tokenUrl ?? provider.tokenUrl,
    refreshUrl: refreshUrl ?? tokenUrl ?? provider.refreshUrl,
    revoke: revoke && { ...revoke, url: revokeUrl ?? revoke.url },
  };
}

function checkProviderUrls(
  urls: Record<string, ProviderUrls>,
  known: KnownProviders,
  problems: FileProblem[],
): void {
  for (const [slug, { authorizeUrl, tokenUrl, refreshUrl, revokeUrl }] of Object.entries(urls)) {
    const reportOf = (what: string) => (message: string) =>
      problems.push({ file: `${what} of ${slug}`, line: null, message });
    if (!known.has(slug)) {
      reportOf("sign-in URLs")(`there is no such provider.${didYouMean(slug, known.keys())}`);
      continue;
    }
    const provider = known.get(slug);
    if (authorizeUrl) checkProviderUrl(authorizeUrl, "operator", reportOf("authorize URL"));
    if (tokenUrl) checkProviderUrl(tokenUrl, "operator", reportOf("token URL"));
    if (refreshUrl) checkProviderUrl(refreshUrl, "operator", reportOf("refresh URL"));
    if (!revokeUrl) continue;
    checkRevokeUrl(revokeUrl, reportOf("revoke URL"));
    if (provider && !provider.revoke) reportOf("revoke URL")("this provider has no request to revoke");
  }
}

function checkBaseUrls(
  baseUrls: Record<string, string>,
  known: ReadonlyMap<string, Integration>,
  problems: FileProblem[],
): void {
  for (const [slug, url] of Object.entries(baseUrls)) {
    const report = (message: string) => problems.push({ file: `base URL of ${slug}`, line: null, message });
    if (!integrationOf(slug, known)) report(`there is no such integration.${didYouMean(slug, known.keys())}`);
    checkBaseUrl(url, report);
    if (isInside(known.get(slug)?.baseUrl ?? "")) {
      report("the service is part of this program: it has no address that could be replaced");
    }
  }
}
