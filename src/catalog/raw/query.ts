import type { Integration } from "#catalog/integration.js";
import { pairsOf, type RawRequest, splitQuery } from "#catalog/raw/raw-request.js";
import { scalarText } from "#catalog/request/values.js";
import type { Issue } from "#core/errors.js";
import type { SchemaIssue } from "#core/schema-check.js";

/** Characters of a query. */
const maxQuery = 16_384;
/** Some servers take a request for one of another method, by these. */
const overrides = ["_method", "x-http-method-override", "x-http-method", "x-method-override"];

/** The query of a request: that of its path, then its own. Notes what is wrong with it. */
export function writeQuery(
  { auth }: Pick<Integration, "auth">,
  { path, query }: RawRequest,
  issues: Issue[],
): string {
  const [, ofPath] = splitQuery(path);
  const own: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    for (const [at, item] of [value].flat().entries()) {
      const found: SchemaIssue[] = [];
      const text = scalarText(item, [name, ...(Array.isArray(value) ? [at] : [])], found);
      issues.push(
        ...found.map((issue) => ({ at: ["query", ...issue.path].join("."), message: issue.message })),
      );
      if (text !== null && name.isWellFormed())
        own.push(`${encodeURIComponent(name)}=${encodeURIComponent(text)}`);
    }
    if (!name.isWellFormed()) issues.push({ at: "query", message: "has a name with half a character in it" });
  }
  const taken = Object.values(auth).flatMap((method) => Object.keys(method.query));
  const refuse = (at: string, name: string) => {
    const message = nameIssue(name.trim().toLowerCase(), taken);
    if (message !== null) issues.push({ at, message: `${name} ${message}` });
  };
  for (const name of namesIn(ofPath)) refuse("path", name);
  for (const name of Object.keys(query)) refuse("query", name);
  const whole = [ofPath, ...own].filter((part) => part !== "").join("&");
  if (whole.length > maxQuery)
    issues.push({ at: "query", message: `must not have more than ${maxQuery} characters` });
  return whole;
}

/** Why a form is not sent as it is, or null: it may name another method. */
export function formIssue(body: string): string | null {
  const override = pairsOf(body).find(([name]) => isOverride(name));
  return override ? `${override[0]} ${isAnother}` : null;
}

const isAnother = "would make it another request than the one that is checked";
const isOverride = (name: string) => overrides.includes(name.trim().toLowerCase());

/** Names by either way of separating pairs. */
const namesIn = (query: string) => [...new URLSearchParams(query.replaceAll(";", "&")).keys()];

function nameIssue(name: string, taken: readonly string[]): string | null {
  if (taken.some((it) => it.toLowerCase() === name))
    return "is where the credential goes: the connection has it";
  return isOverride(name) ? isAnother : null;
}
