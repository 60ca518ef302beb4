import type { AuthMethod, Integration } from "#catalog/integration.js";
import type { KnownProviders } from "#catalog/load/load-auth.js";
import { checkRevokeUrl } from "#catalog/load/provider-rules.js";
import type { FileProblem } from "#catalog/load/source.js";
import { checkBaseUrl, checkProviderUrl, withoutSlash } from "#catalog/load/url-rules.js";
import type { AuthProvider } from "#catalog/provider.js";
import { isInside } from "#core/inside-service.js";
import { didYouMean } from "#core/suggest.js";

/** URLs that an operator sets in place of a provider's own, such as those of a server on premises or of a stand-in. */
export interface ProviderUrls {
  authorizeUrl?: string;
  tokenUrl?: string;
  /** May hold `{client_id}`, as in the file. */
  revokeUrl?: string;
}

export interface OperatorUrls {
  /** By slug: replaces where requests of that integration go. */
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
    [...integrations].map(([slug, it]) => [slug, replaceIntegrationUrls(it, ownProviders, baseUrls[slug])]),
  );
  return { providers: ownProviders, integrations: ownIntegrations };
}

function replaceIntegrationUrls(
  integration: Integration,
  providers: KnownProviders,
  replaced: string | undefined,
): Integration {
  const auth = Object.entries(integration.auth).map(([name, method]): [string, AuthMethod] => {
    const provider = method.grant && providers.get(method.grant.provider.slug);
    return [name, provider ? { ...method, grant: { ...method.grant!, provider } } : method];
  });
  const own = { ...integration, auth: Object.fromEntries(auth) };
  // One place for all connections: there is nothing left to ask them for.
  return replaced === undefined
    ? own
    : { ...own, baseUrl: withoutSlash(replaced), settings: {}, discover: null };
}

/** Another server to sign in at has another issuer, which the file cannot know. */
function replaceProviderUrls(provider: AuthProvider, urls: ProviderUrls): AuthProvider {
  const { authorizeUrl, tokenUrl, revokeUrl } = urls;
  const { revoke } = provider;
  return {
    ...provider,
    authorizeUrl: authorizeUrl ?? provider.authorizeUrl,
    issuer: authorizeUrl === undefined ? provider.issuer : null,
    tokenUrl: tokenUrl ?? provider.tokenUrl,
    revoke: revoke && { ...revoke, url: revokeUrl ?? revoke.url },
  };
}

function checkProviderUrls(
  urls: Record<string, ProviderUrls>,
  known: KnownProviders,
  problems: FileProblem[],
): void {
  for (const [slug, { authorizeUrl, tokenUrl, revokeUrl }] of Object.entries(urls)) {
    const reportOf = (what: string) => (message: string) =>
      problems.push({ file: `${what} of ${slug}`, line: null, message });
    if (!known.has(slug)) {
      reportOf("sign-in URLs")(`there is no such provider.${didYouMean(slug, known.keys())}`);
      continue;
    }
    const provider = known.get(slug);
    if (authorizeUrl) checkProviderUrl(authorizeUrl, "operator", reportOf("authorize URL"));
    if (tokenUrl) checkProviderUrl(tokenUrl, "operator", reportOf("token URL"));
    if (!revokeUrl) continue;
    checkRevokeUrl(revokeUrl, "operator", reportOf("revoke URL"));
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
    if (!known.has(slug)) report(`there is no such integration.${didYouMean(slug, known.keys())}`);
    checkBaseUrl(url, report);
    if (isInside(known.get(slug)?.baseUrl ?? "")) {
      report("the service is part of this program: it has no address that could be replaced");
    }
  }
}
