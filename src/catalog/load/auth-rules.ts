import type { AuthMethodYaml, IntegrationYaml } from "#catalog/front-matter.js";
import type { Source } from "#catalog/load/source.js";
import type { AuthProvider } from "#catalog/provider.js";
import { assertionParts } from "#catalog/request/key-file.js";
import { placeholders } from "#catalog/template.js";
import type { Path } from "#core/schema-check.js";
import { didYouMean } from "#core/suggest.js";

type Report = (path: Path, message: string) => void;

/** Where a credential goes: its templates, with their places in the file. */
interface Slot {
  path: Path;
  template: string;
}

/** The rules a way to connect must keep beyond its shape. */
export function checkAuth(
  name: string,
  method: AuthMethodYaml,
  provider: AuthProvider | undefined,
  source: Source,
): void {
  const report: Report = (path, message) => source.report(["auth", name, ...path], message);
  if (!provider) checkPlain(method, report);
  else if (method.grant === "client_credentials") checkClientCredentials(method, report);
  else if (method.grant === "jwt_bearer") checkServiceAccount(method, report);
  else checkSignIn(method, provider, report);
  if (method.grant !== "jwt_bearer") checkNoKeyFile(method, report);
  checkTemplates(method, provider !== undefined, report);
  if (method.path !== undefined) checkPath(method.path, report);
  if (method.basic) checkBasic(method, method.basic, report);
}

/** The way to connect that comes in place of one that ends is another one of the same file. */
export function checkEnd(name: string, auth: IntegrationYaml["auth"], source: Source): void {
  const instead = auth[name]!.ends?.instead;
  if (instead === undefined) return;
  const others = Object.keys(auth).filter((it) => it !== name);
  if (others.includes(instead)) return;
  const hint = didYouMean(instead, others);
  source.report(["auth", name, "ends", "instead"], `there is no other way to connect ${instead}.${hint}`);
}

function checkPlain(method: AuthMethodYaml, report: Report): void {
  if (method.grant !== undefined) report(["grant"], "needs a provider");
  if (method.scopes !== undefined) report(["scopes"], "needs a provider");
  const asks = Object.keys(method.fields ?? {}).length > 0;
  if (!asks && slotsOf(method).some(({ template }) => placeholders(template).length === 0)) {
    report([], "asks for nothing, yet sends something: what every request has belongs to headers at the top");
  }
}

function checkSignIn(
  { provider: slug, fields, scopes }: AuthMethodYaml,
  { authorizeUrl }: AuthProvider,
  report: Report,
): void {
  if (authorizeUrl === null) {
    report(["provider"], `${slug} has no authorize_url: it is for grant: client_credentials or jwt_bearer`);
  }
  if (fields !== undefined) report(["fields"], "are not asked for: people sign in at the provider");
  if (scopes === undefined) report(["scopes"], "is required: [] for none");
}

function checkClientCredentials({ fields = {} }: AuthMethodYaml, report: Report): void {
  if (Object.keys(fields).sort().join() !== "client_id,client_secret") {
    report(["fields"], "must be client_id and client_secret");
  }
  if (fields.client_secret?.secret === false) report(["fields", "client_secret", "secret"], "must be true");
}

function checkServiceAccount({ fields = {} }: AuthMethodYaml, report: Report): void {
  const given = Object.entries(fields).flatMap(([field, { json }]) => (json ? Object.keys(json) : [field]));
  for (const [field, { json, secret }] of Object.entries(fields)) {
    if (!json && !assertionParts.includes(field)) {
      report(["fields", field], `is none of ${assertionParts.join(", ")}, and has no json`);
    }
    if ((json || field === "private_key") && secret === false) {
      report(["fields", field, "secret"], "must be true");
    }
  }
  for (const part of ["issuer", "private_key"]) {
    if (!given.includes(part)) report(["fields"], `do not give the ${part} of the assertion`);
  }
  const twice = given.find((part, i) => given.indexOf(part) < i);
  if (twice !== undefined) report(["fields"], `give the ${twice} twice`);
  if (Object.values(fields).filter(({ json }) => json).length > 1) report(["fields"], "have two key files");
}

function checkNoKeyFile({ fields = {} }: AuthMethodYaml, report: Report): void {
  for (const [field, { json }] of Object.entries(fields)) {
    if (json) report(["fields", field, "json"], "is for grant: jwt_bearer");
  }
}

/** Every `{name}` of a template is known, and every known one is sent. */
function checkTemplates(method: AuthMethodYaml, byToken: boolean, report: Report): void {
  const fields = Object.keys(method.fields ?? {});
  const slots = slotsOf(method);
  const used = new Set<string>();
  for (const { path, template } of slots) {
    for (const name of placeholders(template)) {
      used.add(name);
      if (byToken && name !== "access_token") {
        report(path, `{${name}} is unknown: a provider yields {access_token}`);
      } else if (!byToken && !fields.includes(name)) report(path, `{${name}} is not among the fields`);
    }
  }
  if (byToken && slots.length > 0 && !used.has("access_token")) report([], "{access_token} is sent nowhere");
  if (byToken) return;
  for (const field of fields) {
    if (!used.has(field)) report(["fields", field], "is asked for but sent nowhere");
  }
}

function checkPath(path: string, report: Report): void {
  if (placeholders(path).length === 0)
    report(["path"], "has no {field}: what every path has belongs to base_url");
  const fixed = path.replaceAll(/\{[^{}]*\}/g, "x");
  if (/[{}]/.test(fixed)) report(["path"], "fields are written {name}");
  if (/\/\.{1,2}(\/|$)/.test(fixed)) report(["path"], "has a segment that is . or ..");
}

function checkBasic({ headers }: AuthMethodYaml, { username }: { username: string }, report: Report): void {
  if (username.includes(":")) report(["basic", "username"], "must not have a colon (RFC 7617)");
  if (headers?.authorization !== undefined) {
    report(["headers", "authorization"], "is what basic writes");
  }
}

function slotsOf({ headers = {}, query = {}, path, basic }: AuthMethodYaml): Slot[] {
  const inPath = path === undefined ? [] : [{ path: ["path"], template: path }];
  const others = Object.entries({ headers, query, ...(basic && { basic }) }).flatMap(([part, templates]) =>
    Object.entries(templates).map(([key, template]) => ({ path: [part, key], template })),
  );
  return [...inPath, ...others];
}
