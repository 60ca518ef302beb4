import type { AuthMethod, Integration, RequestPlan } from "#catalog/integration.js";
import type { Issue } from "#core/errors.js";
import { didYouMean } from "#core/suggest.js";

/** By field name of the auth method. SECRET. */
export type Credential = Record<string, string>;

const shown = "[credential]";

/** The request with the credential in it: the result is SECRET. Throws when the credential does not fit. */
export function authorize(
  integration: Integration,
  method: string,
  credential: Credential,
  plan: RequestPlan,
): RequestPlan {
  return fill(plan, authMethod(integration, method), (field) => {
    if (Object.hasOwn(credential, field)) return credential[field]!;
    throw new Error(`A ${method} credential of ${integration.slug} lacks its field ${field}.`);
  });
}

/** The request as a dry run shows it: every credential field reads `[credential]`. */
export function maskedPlan(integration: Integration, method: string, plan: RequestPlan): RequestPlan {
  return fill(plan, authMethod(integration, method), () => shown);
}

/** What is wrong with the credential a person gave, at `credentials.token` and the like. Never shows it. */
export function checkCredentialFields(
  integration: Integration,
  method: string,
  given: Record<string, string>,
): Issue[] {
  const { fields } = authMethod(integration, method);
  const names = Object.keys(fields);
  const missing = names
    .filter((name) => !Object.hasOwn(given, name))
    .map((name) => ({ at: `credentials.${name}`, message: `is required: ${fields[name]!.label}` }));
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    const message = names.includes(name) ? fieldFault(value) : `is unknown.${didYouMean(name, names)}`;
    return message === null ? [] : [{ at: `credentials.${name}`, message }];
  });
  return [...missing, ...wrong];
}

function fieldFault(value: unknown): string | null {
  if (typeof value !== "string") return "must be a string";
  if (value === "") return "must not be empty";
  if (/[\s\p{Control}]/u.test(value)) return "must not have spaces, line breaks or control characters";
  return /^[\x21-\x7e]+$/.test(value) ? null : "must be ASCII";
}

function authMethod(integration: Integration, method: string): AuthMethod {
  if (Object.hasOwn(integration.auth, method)) return integration.auth[method]!;
  throw new Error(`${integration.slug} has no auth method ${method}.`);
}

function fill(plan: RequestPlan, auth: AuthMethod, fieldValue: (field: string) => string): RequestPlan {
  const fillIn = (template: string) =>
    template.replace(/\{(\w+)\}/g, (_, field: string) => fieldValue(field));
  const headers = { ...plan.headers };
  for (const [name, template] of Object.entries(auth.headers)) headers[name] = fillIn(template);
  return { ...plan, url: withQuery(plan.url, auth.query, fillIn), headers };
}

function withQuery(url: string, query: Record<string, string>, fillIn: (template: string) => string): string {
  const pairs = Object.entries(query).map(
    ([name, template]) => `${encodeURIComponent(name)}=${encodeURIComponent(fillIn(template))}`,
  );
  if (pairs.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${pairs.join("&")}`;
}
