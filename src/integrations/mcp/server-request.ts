import { slugIssue } from "#catalog/load/load.js";
import { badRequest, type Issue } from "#core/errors.js";

/** A server that somebody wants to add, as they say it. */
export interface ServerRequest {
  url: string;
  /** Null: made of the host. */
  slug: string | null;
  /** Null: the server's own. */
  name: string | null;
  /** Of each request; `{token}` in one of them stands for the key of a person. */
  headers: Readonly<Record<string, string>>;
}

const maxHeaders = 20;
/** Headers of HTTP and of MCP itself. */
const taken =
  /^(host|connection|cookie|content-.*|accept(-.*)?|user-agent|transfer-encoding|upgrade|te|trailer|mcp-.*|last-event-id)$/;

/**
 * The same, with the slug, and with names of headers in lower case.
 *
 * @throws SkillettError `bad_request` with everything that is wrong
 */
export function readServerRequest(given: ServerRequest): ServerRequest & { slug: string } {
  const issues: Issue[] = [];
  const url = URL.canParse(given.url) ? new URL(given.url) : null;
  const issue = urlIssue(given.url, url);
  if (issue !== null) issues.push({ at: "url", message: issue });
  const headers = readHeaders(given.headers, issues);
  const slug = given.slug ?? (url ? slugOf(url) : "");
  const bad = issue === null ? slugIssue(slug) : null;
  if (bad !== null) issues.push({ at: "slug", message: `${slug || "Without one"}: ${bad}` });
  if (issues.length > 0) throw badRequest(issues);
  return { ...given, url: url!.href, slug, headers };
}

function urlIssue(text: string, url: URL | null): string | null {
  if (!url || !["http:", "https:"].includes(url.protocol)) return "must be an https URL";
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (/[#\s{}]/.test(text)) return "must not have a fragment, spaces or braces";
  return null;
}

function readHeaders(given: ServerRequest["headers"], issues: Issue[]): Record<string, string> {
  const entries = Object.entries(given).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const report = (name: string, message: string) => issues.push({ at: `headers.${name}`, message });
  if (entries.length > maxHeaders) issues.push({ at: "headers", message: `are more than ${maxHeaders}` });
  for (const [name, value] of entries) {
    if (!/^[a-z0-9-]{1,100}$/.test(name)) report(name, "is no name of a header");
    else if (taken.test(name)) report(name, "is not yours to set: it belongs to HTTP or to MCP");
    if (!/^[\x20-\x7e]{1,1000}$/.test(value)) report(name, "must be one line of ASCII");
    if (/[{}]/.test(value.replaceAll("{token}", "")))
      report(name, "may have {token} in braces, and nothing else");
    if (name === "authorization" && !value.includes("{token}"))
      report(name, "must have {token}: a key that is the same for everybody would stand in the open");
  }
  if (new Set(entries.map(([name]) => name)).size < entries.length)
    issues.push({ at: "headers", message: "have a name twice" });
  return Object.fromEntries(entries);
}

/** The part of the host that says whose it is: `linear` of `mcp.linear.app`. */
function slugOf({ hostname }: URL): string {
  const labels = hostname.split(".").slice(0, -1);
  const telling = labels.filter((label) => !/^(mcp|api|www|server|\d*)$/.test(label));
  const label = telling.at(-1) ?? labels.at(-1) ?? "";
  return /^[a-z][a-z0-9-]*$/.test(label) ? label : "mcp-server";
}
