import type { AuthMethodYaml, IntegrationYaml } from "#catalog/front-matter.js";
import type { AuthField, AuthMethod, Grant } from "#catalog/integration.js";
import { checkAuth, checkEnd } from "#catalog/load/auth-rules.js";
import type { Source } from "#catalog/load/source.js";
import { withoutSlash } from "#catalog/load/url-rules.js";
import type { AuthProvider } from "#catalog/provider.js";
import { didYouMean } from "#core/suggest.js";

/** By slug; null for a provider whose file has problems, which have been reported. */
export type KnownProviders = ReadonlyMap<string, AuthProvider | null>;

/** The ways to connect; null when one names a provider that cannot be had. */
export function loadAuth(
  auth: IntegrationYaml["auth"],
  providers: KnownProviders,
  source: Source,
): Record<string, AuthMethod> | null {
  const loaded = Object.entries(auth).map(([name, method]) => {
    const provider = providerOf(name, method, providers, source);
    if (provider === null) return null;
    checkAuth(name, method, provider, source);
    checkEnd(name, auth, source);
    return [name, build(method, provider)] as const;
  });
  const usable = loaded.filter((entry) => entry !== null);
  return usable.length === loaded.length ? Object.fromEntries(usable) : null;
}

/** Undefined when the method needs none, null when it has problems. */
function providerOf(
  name: string,
  { provider: slug }: AuthMethodYaml,
  providers: KnownProviders,
  source: Source,
): AuthProvider | undefined | null {
  if (slug === undefined) return undefined;
  const provider = providers.get(slug);
  if (provider === undefined) {
    const hint = didYouMean(slug, providers.keys()) || ` Describe it in providers/${slug}.yaml.`;
    source.report(["auth", name, "provider"], `there is no provider ${slug}.${hint}`);
  }
  return provider ?? null;
}

function build(method: AuthMethodYaml, provider: AuthProvider | undefined): AuthMethod {
  const { headers, query = {}, path = null, basic = null } = method;
  const grant = provider ? grantOf(method, provider) : null;
  // RFC 6750 §2.1, unless the author knows another place for it.
  const bearer = grant && !headers && !method.query && !path && !basic;
  return {
    fields: fieldsOf(method, grant),
    grant,
    headers: bearer ? { authorization: "Bearer {access_token}" } : (headers ?? {}),
    query,
    path,
    ends: method.ends ? { instead: null, ...method.ends } : null,
    baseUrl: method.base_url === undefined ? null : withoutSlash(method.base_url),
    basic,
  };
}

const publicFields = ["client_id", "issuer", "key_id", "subject"];

function grantOf(
  { grant: type = "authorization_code", scopes = [], fields = {} }: AuthMethodYaml,
  provider: AuthProvider,
): Grant {
  const [field, { json = {} } = {}] = Object.entries(fields).find(([, { json }]) => json !== undefined) ?? [];
  return { type, provider, scopes, keyFile: field === undefined ? null : { field, parts: { ...json } } };
}

/** A field that a person fills in is secret by default, except the public half of a key or of client credentials. */
function fieldsOf({ fields = {} }: AuthMethodYaml, grant: Grant | null): Record<string, AuthField> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { json, ...field }]) => [
      name,
      { secret: !(grant && publicFields.includes(name)), ...field },
    ]),
  );
}
