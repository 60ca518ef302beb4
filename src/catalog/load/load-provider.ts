import type { ProviderYaml } from "#catalog/front-matter.js";
import { type File, providerFiles } from "#catalog/load/folder.js";
import type { KnownProviders } from "#catalog/load/load-auth.js";
import { checkProvider } from "#catalog/load/provider-rules.js";
import { type FileProblem, readYaml } from "#catalog/load/source.js";
import { type AuthProvider, ownProvider, type Revocation } from "#catalog/provider.js";
import type { HttpMethod } from "#catalog/schema.js";
import type { Check } from "#core/schema-check.js";

/** Reads `providers/*.yaml` of each directory. Notes every problem. */
export function loadProviders(
  dirs: readonly string[],
  check: Check,
  problems: FileProblem[],
): KnownProviders {
  const providers = new Map<string, AuthProvider | null>();
  for (const file of dirs.flatMap((dir) => providerFiles(dir, problems))) {
    const report = (message: string) => problems.push({ file: file.path, line: null, message });
    if (!/^[a-z][a-z0-9-]*$/.test(file.slug)) report("a slug is lower-case letters, digits and dashes");
    if (file.slug === ownProvider) report("this name is for providers that integrations of tenants have");
    if (providers.has(file.slug)) report("there is a provider of this slug in another directory");
    providers.set(file.slug, loadProvider(file, check, problems));
  }
  return providers;
}

/** Null when the file has problems, which are noted. */
export function loadProvider(file: File, check: Check, problems: FileProblem[]): AuthProvider | null {
  const yaml = loadYaml(file, check, problems);
  return yaml && build(file.slug, yaml);
}

function loadYaml({ path, text }: File, check: Check, problems: FileProblem[]): ProviderYaml | null {
  const source = readYaml(path, text, problems);
  if (!source) return null;
  const issues = check(source.value);
  for (const issue of issues) source.report(issue.path, issue.message);
  if (issues.length > 0) return null;
  const yaml = source.value as ProviderYaml;
  checkProvider(yaml, source);
  return yaml;
}

function build(slug: string, yaml: ProviderYaml): AuthProvider {
  return {
    slug,
    owner: null,
    name: yaml.name,
    registerUrl: yaml.register_url,
    authorizeUrl: yaml.authorize_url ?? null,
    tokenUrl: yaml.token_url,
    refreshUrl: yaml.refresh_url ?? yaml.token_url,
    tokenParams: yaml.token_params ?? {},
    refreshParams: yaml.refresh_params ?? {},
    issuer: yaml.issuer ?? null,
    sendsIssuer: yaml.sends_issuer ?? false,
    pkce: yaml.pkce ?? true,
    clientAuth: yaml.client_auth ?? "body",
    scopeParam: yaml.scope_param ?? "scope",
    scopeSeparator: yaml.scope_separator ?? " ",
    authorizeParams: yaml.authorize_params ?? {},
    loginHintParam: yaml.login_hint_param ?? null,
    tokenBody: yaml.token_body ?? "form",
    tokenPath: yaml.token_path ?? null,
    assertion: { algorithm: "RS256", audience: null, subject: "issuer", claims: {}, ...yaml.assertion },
    revoke: yaml.revoke ? revocation(yaml.revoke) : null,
  };
}

function revocation(yaml: NonNullable<ProviderYaml["revoke"]>): Revocation {
  const [method, url] = yaml.request.split(" ") as [HttpMethod, string];
  return {
    method,
    url,
    clientAuth: yaml.client_auth ?? "none",
    headers: yaml.headers ?? {},
    body: yaml.body ?? "form",
    params: yaml.params ?? {},
    done: yaml.done ?? null,
    wholeGrant: yaml.whole_grant ?? false,
  };
}
