import { scalarText, type Values } from "#catalog/request/values.js";
import type { SchemaIssue } from "#core/schema-check.js";

/** The param that takes the whole address of a request, `{upload_url}`; null where the path is written out. */
export function addressParam(path: string): string | null {
  return /^\{(\w+)\}$/.exec(path)?.[1] ?? null;
}

/**
 * An address that the service has given, such as one to upload to. It must lie below the base URL, since the credential
 * goes there too.
 */
export function writeAddress(param: string, values: Values, baseUrl: string, issues: SchemaIssue[]): string {
  const text = scalarText(values[param], [param], issues);
  if (text === null) return baseUrl;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && isBelow(url, new URL(baseUrl))) return url.href;
  issues.push({ path: [param], message: `must be an address below ${baseUrl}, as the service has given it` });
  return baseUrl;
}

function isBelow(url: URL, base: URL): boolean {
  const folder = base.pathname.endsWith("/") ? base.pathname : `${base.pathname}/`;
  const isPlain = url.username === "" && url.password === "" && url.hash === "";
  return isPlain && url.origin === base.origin && url.pathname.startsWith(folder);
}
