import type { Integration, RequestPlan } from "#catalog/integration.js";
import { headerIssues } from "#catalog/raw/headers.js";
import { addressBelow, pathIssue } from "#catalog/raw/path.js";
import { formIssue, writeQuery } from "#catalog/raw/query.js";
import { isForm, isJsonType, mediaTypeOf, type RawRequest, splitQuery } from "#catalog/raw/raw-request.js";
import { noteIssues, textIssue } from "#catalog/request/values.js";
import { baseUrlOf } from "#catalog/settings.js";
import { badRequest, type Issue } from "#core/errors.js";
import type { SchemaIssue } from "#core/schema-check.js";
import { didYouMean } from "#core/suggest.js";

/**
 * The request of a raw call, without a credential. Pure.
 *
 * @param integration as the connection reaches it
 * @throws SkillettError `bad_request` with everything that is wrong with it
 */
export function planRaw(integration: Integration, request: RawRequest): RequestPlan {
  if (integration.protocol === "mcp") throw badRequest([toolsOnly]);
  const issues: Issue[] = [];
  const { method, headers } = request;
  const url = writeUrl(integration, request, issues);
  issues.push(...headerIssues(integration, headers));
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const { body, type } = writeBody(request, issues);
  if (issues.length > 0) throw badRequest(issues);
  const below = new URL(baseUrlOf(integration, request.base)).href.replace(/\/$/, "");
  return { method, url, headers: { ...integration.headers, ...type, ...own }, body, below };
}

const toolsOnly = {
  at: "path",
  message: "has no meaning here: an MCP server takes calls of its tools alone",
};

function writeUrl(integration: Integration, request: RawRequest, issues: Issue[]): string {
  const { base, path: given } = request;
  const { baseUrls } = integration;
  if (base !== null && !Object.hasOwn(baseUrls, base)) {
    const meant = didYouMean(base, Object.keys(baseUrls));
    issues.push({ at: "base", message: `there is no further base URL ${base}.${meant}` });
    return "";
  }
  const baseUrl = baseUrlOf(integration, base);
  const query = writeQuery(integration, request, issues);
  const [path] = splitQuery(given);
  const message = pathIssue(given);
  const address = message === null ? addressBelow(baseUrl, path) : null;
  if (address === null) {
    const whole = `must be a path below ${baseUrl} as it is sent: characters that no path has are written with %`;
    issues.push({ at: "path", message: message ?? whole });
  }
  return `${address}${query === "" ? "" : `?${query}`}`;
}

interface Written {
  body: string | null;
  /** The header that says what the body is, unless the caller does. */
  type: Record<string, string>;
}

const nothing: Written = { body: null, type: {} };

/** JSON is written anew, so that what is sent is what was understood; anything else is a text, sent as it is. */
function writeBody({ method, headers, body }: RawRequest, issues: Issue[]): Written {
  if (body === undefined) return nothing;
  const refuse = (message: string) => {
    issues.push({ at: "body", message });
    return nothing;
  };
  // @see RFC 9110 §9.3.1
  if (method === "GET" || method === "HEAD") return refuse(`must be left out: a ${method} has none`);
  const type = mediaTypeOf(headers);
  if (typeof body === "string" && (type === null || !isJsonType(type))) {
    if (type === null) return refuse("is a text: say of which type, with the header content-type");
    const message = textIssue(body) ?? (isForm(headers) ? formIssue(body) : null);
    return message === null ? { body, type: {} } : refuse(message);
  }
  if (type !== null && !isJsonType(type)) return refuse(`must be a text, since its type is ${type}`);
  const found: SchemaIssue[] = [];
  noteIssues("body", body, found);
  issues.push(...found.map((issue) => ({ at: issue.path.join("."), message: issue.message })));
  if (found.length > 0) return nothing;
  return { body: JSON.stringify(body), type: { "content-type": "application/json" } };
}
