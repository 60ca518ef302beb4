import type { Scalar } from "#catalog/schema.js";

/** The name under which requests stand in the log that are none of the endpoints. No endpoint may have it. */
export const rawName = "request";

export const rawMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
export type RawMethod = (typeof rawMethods)[number];

/** A request as its caller writes it; the credential is all that is added. */
export interface RawRequest {
  method: RawMethod;
  /** Below the base URL, as it is sent: `/repos/acme/app`. It may have a query. */
  path: string;
  /** Name of the base URL; null for the usual one. */
  base: string | null;
  /** Added to the query of the path. */
  query: Readonly<Record<string, Scalar | Scalar[]>>;
  /** Names in any case. */
  headers: Readonly<Record<string, string>>;
  /** A JSON value, or a text where the content type of the caller is not JSON; undefined for none. */
  body: unknown;
}

/** The part of a path before its query, and the query without its question mark. */
export function splitQuery(path: string): [path: string, query: string] {
  const at = path.indexOf("?");
  return at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at + 1)];
}

/** The pairs of a query, or of the body of a form. */
export const pairsOf = (text: string): [string, string][] => [...new URLSearchParams(text)];

/** The pairs of the whole query. */
export function queryPairs({ path, query }: RawRequest): [string, string][] {
  const own = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, String(item)]),
  );
  return [...pairsOf(splitQuery(path)[1]), ...own];
}

/** The media type of a body without its parameters, in lower case; null when the caller names none. */
export function mediaTypeOf(headers: RawRequest["headers"]): string | null {
  const [, type] = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type") ?? [];
  return type === undefined ? null : type.split(";")[0]!.trim().toLowerCase();
}

/** @see RFC 6839 §3.1 */
export const isJsonType = (type: string) => type === "application/json" || type.endsWith("+json");

export const isForm = (headers: RawRequest["headers"]) =>
  mediaTypeOf(headers) === "application/x-www-form-urlencoded";
