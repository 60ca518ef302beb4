import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import { type AuthMethod, type EndpointFacts, isJsonBody } from "#catalog/integration.js";
import type { Source } from "#catalog/load/source.js";
import { lineIssue, noteIssues } from "#catalog/request/values.js";
import type { SchemaIssue } from "#core/schema-check.js";

/** Headers that say how a request is sent, or by whom: neither params nor constants. */
export const transportHeaders =
  "authorization connection content-length content-type cookie host transfer-encoding upgrade".split(" ");

/** The rules that constants must keep beyond their shape. */
export function checkConstants({ constants, method, body }: EndpointFacts, source: Source): void {
  for (const name of Object.keys(constants.headers)) {
    if (transportHeaders.includes(name)) {
      source.report(["constants", "headers", name], "is a header that no file sets");
    }
  }
  checkPairs("query", constants.query, source);
  if (method === "GET" && Object.keys(constants.body).length > 0) {
    source.report(["constants", "body"], "a GET has no body");
  }
  if (!isJsonBody(body)) checkPairs("body", constants.body, source);
  else checkNames(constants.body, ["constants", "body"], source);
}

/** A constant in the place of a credential would be sent beside it, or not at all. */
export function checkBesideAuth(
  { constants }: EndpointFacts,
  auth: Readonly<Record<string, AuthMethod>>,
  source: Source,
): void {
  for (const part of ["headers", "query"] as const) {
    const taken = new Set(Object.values(auth).flatMap((method) => Object.keys(method[part])));
    for (const name of Object.keys(constants[part])) {
      if (!taken.has(name) || transportHeaders.includes(name)) continue;
      source.report(["constants", part, name], "is where the credential goes");
    }
  }
}

/**
 * Parts of a constant body that would not arrive as they stand in the file. Nothing may follow such a body, which can
 * be within itself: YAML has aliases.
 */
export function constantIssues({ constants }: EndpointFrontMatter): SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  noteIssues("constants", { body: constants?.body }, issues);
  return issues;
}

/** Texts, numbers, true or false, or lists of them, which `a=1&b=2` can say. */
function checkPairs(part: "query" | "body", pairs: Readonly<Record<string, unknown>>, source: Source): void {
  for (const [name, value] of Object.entries(pairs)) {
    const report = (message: string) => source.report(["constants", part, name], message);
    const items = [value].flat();
    if (!items.every((item) => ["string", "number", "boolean"].includes(typeof item))) {
      report("must be text, a number, true or false, or a list of them");
    }
    const issue = lineIssue(part === "query" ? `${name} ${items.join()}` : name);
    if (issue !== null) report(issue);
  }
}

/** Other names, at any depth, are the service's; this one would be lost where objects are put together. */
function checkNames(value: object, path: string[], source: Source): void {
  for (const [name, inner] of Object.entries(value)) {
    if (name === "__proto__") source.report([...path, name], "is not a usable name");
    else if (typeof inner === "object" && inner !== null) checkNames(inner, [...path, name], source);
  }
}
