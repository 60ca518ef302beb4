import { insideNames, isInside } from "#core/inside-service.js";

type Report = (message: string) => void;

/** A base URL of a file: of a network, or of a service that is part of this program. */
export function checkFileBaseUrl(text: string, report: Report): void {
  if (!isInside(text)) checkBaseUrl(text, report);
  else if (!insideNames.some((name) => text === `inside://${name}`)) {
    report(`must be inside://${insideNames.join(" or inside://")}: no other service is inside`);
  }
}

/** That of an MCP server is sent as it is, so it may have a query, too. */
export function checkServerUrl(text: string, report: Report): void {
  const url = parseHttp(text, report);
  if (url && /[#\s]/.test(text)) report("must not have a fragment or spaces");
}

/** Requests are built by appending to the base URL, so it may be nothing but origin and path. */
export function checkBaseUrl(text: string, report: Report): void {
  const url = parseHttp(text, report);
  if (url && /[?#\s]/.test(text)) report("must not have a query or a fragment");
}

/**
 * A page or endpoint of a provider. Codes, tokens and secrets go there: unencrypted only to this machine, or
 * where the operator says so.
 */
export function checkProviderUrl(text: string, by: "file" | "operator", report: Report): void {
  const url = parseHttp(text, report);
  if (!url) return;
  if (/[#\s]/.test(text)) report("must not have a fragment or spaces");
  else if (by === "file" && url.protocol === "http:" && !isLoopback(url.hostname)) report("must be https");
}

/** A URL with something in the place of each setting: one that it begins with is an origin. */
export function withSamples(template: string): string {
  return template.replace(/^\{[^{}]*\}/, "https://host.example").replaceAll(/\{[^{}]*\}/g, "x");
}

function parseHttp(text: string, report: Report): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) report("must be an http or https URL");
  else if (url.username !== "" || url.password !== "") report("must not hold a user name or password");
  else return url;
  return null;
}

export function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}

/** A base URL to which the paths of endpoints can be appended. */
export const withoutSlash = (url: string) => url.replace(/\/+$/, "");
