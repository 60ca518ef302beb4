import type { Endpoint } from "#catalog/integration.js";
import type { ParamSchema } from "#catalog/schema.js";

export type PageParam = [name: string, value: string | number | boolean];

/**
 * Params of an endpoint in the query of the next page's URL that differ from those that were asked; none when it is
 * at another origin.
 *
 * @param target absolute, or relative to `url`
 * @param url that was asked
 */
export function paramsOfUrl(endpoint: Endpoint, target: string, url: string): PageParam[] {
  if (!URL.canParse(target, url)) return [];
  const asked = new URL(url);
  const next = new URL(target, url);
  if (next.origin !== asked.origin) return [];
  return Object.entries(endpoint.placements).flatMap(([name, placement]) => {
    const value = placement.in === "query" ? next.searchParams.get(placement.name) : null;
    const schema = endpoint.params.properties[name]!;
    const before = asked.searchParams.get(placement.name) ?? schema.default;
    if (value === null || value === String(before)) return [];
    const typed = toType(value, schema);
    return typed === undefined ? [] : [[name, typed] as PageParam];
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

/** The target of `rel="next"` in the headers `link`. @see RFC 8288 §3 */
export function nextLink(headers: string | string[] | undefined): string | undefined {
  const header = [headers ?? []].flat().join(", ");
  for (const [, target, params = ""] of header.matchAll(link)) if (isNext.test(params)) return target;
  return undefined;
}
