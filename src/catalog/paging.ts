import { readPath } from "#catalog/body.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import type { ParamSchema } from "#catalog/schema.js";

/** Where an answer came from, and what it says of the next page. */
export interface PagedAnswer {
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** URL that was asked. */
  url: string;
  /** Its body, as JSON; undefined when it was not read. */
  body: unknown;
}

export type NextPage = Record<string, string | number | boolean>;

/** Which params have their value for the next page in the body, and where. */
export function cursorsOf({ page }: Integration, endpoint: Endpoint): [name: string, path: string][] {
  if (endpoint.page) return Object.entries(endpoint.page);
  return Object.entries(page).filter(([name]) => Object.hasOwn(endpoint.params.properties, name));
}

/**
 * Params to give, beside those that were given, to have the next page; undefined when there is none, or when the
 * endpoint does not take what the service wants.
 */
export function nextPage(
  integration: Integration,
  endpoint: Endpoint,
  answer: PagedAnswer,
): NextPage | undefined {
  const inBody = cursorsOf(integration, endpoint).flatMap(([name, path]) => {
    const value = readPath(answer.body, path);
    return isCursor(value) ? [[name, value] as const] : [];
  });
  const params = inBody.length > 0 ? inBody : paramsOfLink(endpoint, answer);
  return params.length > 0 ? Object.fromEntries(params) : undefined;
}

function isCursor(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}

function paramsOfLink(
  endpoint: Endpoint,
  { headers, url }: PagedAnswer,
): [string, string | number | boolean][] {
  const target = nextLink([headers.link ?? []].flat().join(", "));
  if (target === undefined || !URL.canParse(target, url)) return [];
  const asked = new URL(url);
  const next = new URL(target, url);
  if (next.origin !== asked.origin) return [];
  return Object.entries(endpoint.placements).flatMap(([name, placement]) => {
    const value = placement.in === "query" ? next.searchParams.get(placement.name) : null;
    const schema = endpoint.params.properties[name]!;
    const before = asked.searchParams.get(placement.name) ?? schema.default;
    if (value === null || value === String(before)) return [];
    const typed = toType(value, schema);
    return typed === undefined ? [] : [[name, typed] as [string, string | number | boolean]];
  });
}

/** As the schema has it; undefined for lists and objects, which no cursor is. */
function toType(text: string, { type }: ParamSchema): string | number | boolean | undefined {
  const types = [type ?? "string"].flat();
  if (types.includes("string")) return text;
  const value = types.includes("boolean") ? { true: true, false: false }[text] : Number(text);
  const isNumber = types.includes("integer") || types.includes("number");
  return typeof value === "boolean" || (isNumber && Number.isFinite(value)) ? value : undefined;
}

const link = /<([^>]*)>((?:\s*;\s*[^\s,;="]+(?:\s*=\s*(?:"[^"]*"|[^\s,;"]*))?)*)/g;
const isNext = /;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next)(?=\s*(?:;|$))/i;

/** @see RFC 8288 §3 */
function nextLink(header: string): string | undefined {
  for (const [, target, params = ""] of header.matchAll(link)) if (isNext.test(params)) return target;
  return undefined;
}
