type Complain = (message: string) => void;

/** Requests are built by appending to the base URL, so it may be nothing but origin and path. */
export function checkBaseUrl(text: string, complain: Complain): void {
  const url = parseHttp(text, complain);
  if (url && /[?#\s]/.test(text)) complain("must not have a query or a fragment");
}

/**
 * A page or endpoint of a provider. Codes, tokens and secrets go there: unencrypted only to this machine, or
 * where the operator says so.
 */
export function checkProviderUrl(text: string, by: "file" | "operator", complain: Complain): void {
  const url = parseHttp(text, complain);
  if (!url) return;
  if (/[#\s]/.test(text)) complain("must not have a fragment or spaces");
  else if (by === "file" && url.protocol === "http:" && !isLoopback(url.hostname)) complain("must be https");
}

function parseHttp(text: string, complain: Complain): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) complain("must be an http or https URL");
  else if (url.username !== "" || url.password !== "") complain("must not hold a user name or password");
  else return url;
  return null;
}

function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}
