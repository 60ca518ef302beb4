import type { AuthMethod, Integration, RequestPlan } from "#catalog/integration.js";
import { assertionFieldIssue } from "#catalog/request/key-file.js";
import { isAscii, lineIssue } from "#catalog/request/values.js";
import { fillTemplate, placeholders } from "#catalog/template.js";
import type { Issue } from "#core/errors.js";
import { didYouMean } from "#core/suggest.js";

/**
 * Values by field name of the auth method, or by `access_token` and the other parts of a provider's answer. SECRET.
 */
export type Credential = Record<string, string>;

const shown = "[credential]";
/** Secret in every credential, whatever an integration says of its fields. */
const alwaysSecret = ["access_token", "refresh_token", "client_secret"];

/** The request with the credential in it: the result is SECRET. Throws when the credential does not fit. */
export function authorize<Body>(
  integration: Integration,
  method: string,
  credential: Credential,
  plan: RequestPlan<Body>,
): RequestPlan<Body> {
  const fieldValue = (field: string) => {
    if (Object.hasOwn(credential, field)) return credential[field]!;
    throw new Error(`A ${method} credential of ${integration.slug} lacks its field ${field}.`);
  };
  return fill(integration, plan, authMethod(integration, method), fieldValue, base64);
}

/** The request as a dry run shows it: every credential field reads `[credential]`. */
export function maskedPlan(integration: Integration, method: string, plan: RequestPlan): RequestPlan {
  return fill(
    integration,
    plan,
    authMethod(integration, method),
    () => shown,
    () => shown,
  );
}

/** The parts of a credential that must never be in an answer, in every spelling in which they are sent. SECRET. */
export function secretsOf(integration: Integration, method: string, credential: Credential): string[] {
  const { fields, basic, grant } = authMethod(integration, method);
  // The key of a service account is never sent, so that no answer can have it.
  const secretFields = Object.keys(grant?.type === "jwt_bearer" ? {} : fields).filter(
    (name) => fields[name]!.secret,
  );
  const given = (name: string) => (Object.hasOwn(credential, name) ? credential[name]! : "");
  const values = [...secretFields, ...alwaysSecret].map(given);
  const pair = basic ? base64(userPass(basic, given)) : "";
  return [...new Set([...values, pair])].filter((secret) => secret !== "");
}

/**
 * The issues of a credential that a person entered, at `credentials.token` and the like. Their messages never show
 * it.
 */
export function checkCredentialFields(
  integration: Integration,
  method: string,
  given: Record<string, string>,
): Issue[] {
  const auth = authMethod(integration, method);
  const names = Object.keys(auth.fields);
  const missing = names
    .filter((name) => !Object.hasOwn(given, name))
    .map((name) => ({ at: `credentials.${name}`, message: `is required: ${auth.fields[name]!.label}` }));
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    const message = names.includes(name)
      ? fieldIssue(auth, name, value)
      : `is unknown.${didYouMean(name, names)}`;
    return message === null ? [] : [{ at: `credentials.${name}`, message }];
  });
  return [...missing, ...wrong];
}

function fieldIssue(auth: AuthMethod, name: string, value: unknown): string | null {
  if (typeof value !== "string") return "must be a string";
  if (value === "") return "must not be empty";
  if (auth.basic && value.includes(":") && placeholders(auth.basic.username).includes(name)) {
    return "must not have a colon: it ends the user name (RFC 7617)";
  }
  if (isDots(value) && auth.path !== null && placeholders(auth.path).includes(name)) {
    return "must not be . or ..: it goes into the path of each request";
  }
  if (auth.grant?.type === "jwt_bearer") return assertionFieldIssue(auth.grant, name, value);
  return auth.fields[name]!.secret ? secretIssue(value) : plainIssue(auth, name, value);
}

/** Spaces and control characters come from careless pasting: no service gives out secrets that have them. */
function secretIssue(value: string): string | null {
  if (/[\s\p{Control}]/u.test(value)) return "must not have spaces, line breaks or control characters";
  return isAscii(value) ? null : "must be ASCII";
}

function plainIssue(auth: AuthMethod, name: string, value: string): string | null {
  const issue = lineIssue(value);
  if (issue !== null) return issue;
  if (/\p{Format}/u.test(value)) return "must not have invisible characters";
  if (value !== value.trim()) return "must not begin or end with a space";
  const inHeader = Object.values(auth.headers).some((template) => placeholders(template).includes(name));
  return inHeader && !isAscii(value) ? "must be ASCII" : null;
}

function authMethod(integration: Integration, method: string): AuthMethod {
  if (Object.hasOwn(integration.auth, method)) return integration.auth[method]!;
  throw new Error(`${integration.slug} has no auth method ${method}.`);
}

function fill<Body>(
  integration: Integration,
  plan: RequestPlan<Body>,
  auth: AuthMethod,
  fieldValue: (field: string) => string,
  encode: (userPass: string) => string,
): RequestPlan<Body> {
  const fillIn = (template: string) => fillTemplate(template, fieldValue);
  const headers = { ...plan.headers };
  for (const [name, template] of Object.entries(auth.headers)) headers[name] = fillIn(template);
  if (auth.basic) headers.authorization = `Basic ${encode(userPass(auth.basic, fieldValue))}`;
  const url =
    auth.path === null ? plan.url : withPath(plan.url, baseOf(integration, plan.url), auth.path, fieldValue);
  return { ...plan, url: withQuery(url, auth.query, fillIn), headers };
}

/** The base URL that a URL stands below: of several, the longest. */
function baseOf({ baseUrl, baseUrls }: Integration, url: string): string {
  const above = [baseUrl, ...Object.values(baseUrls)].filter((it) => url.startsWith(`${it}/`));
  return above.sort((a, b) => b.length - a.length)[0] ?? baseUrl;
}

/** @see RFC 7617 §2 */
function userPass(
  { username, password }: NonNullable<AuthMethod["basic"]>,
  fieldValue: (field: string) => string,
): string {
  return `${fillTemplate(username, fieldValue)}:${fillTemplate(password, fieldValue)}`;
}

/** @see RFC 7617 §2.1 for UTF-8 */
function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The URL with segments after the base URL, which no value can leave: slashes in it are encoded. */
function withPath(
  url: string,
  baseUrl: string,
  template: string,
  fieldValue: (field: string) => string,
): string {
  const path = fillTemplate(template, (name) => encodeSegment(fieldValue(name)));
  if (!url.startsWith(`${baseUrl}/`) || path.split("/").some(isDots)) {
    throw new Error("A credential cannot be put into the path of this request.");
  }
  return baseUrl + path + url.slice(baseUrl.length);
}

/** A colon needs no encoding (RFC 3986 §3.3), and services compare tokens that have one as they are written. */
const encodeSegment = (value: string) => encodeURIComponent(value).replaceAll("%3A", ":");

/** A client or a proxy would resolve these, and so reach another path than the one meant. */
const isDots = (segment: string) => segment === "." || segment === "..";

function withQuery(url: string, query: Record<string, string>, fillIn: (template: string) => string): string {
  const pairs = Object.entries(query).map(
    ([name, template]) => `${encodeURIComponent(name)}=${encodeURIComponent(fillIn(template))}`,
  );
  if (pairs.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${pairs.join("&")}`;
}
