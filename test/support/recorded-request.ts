import type { IncomingHttpHeaders } from "node:http";

export interface RecordedRequest {
  method: string;
  /** With the query string; secrets in it keep only their last four characters. */
  path: string;
  /** As received, but `authorization` keeps only the last four characters of the token. */
  headers: IncomingHttpHeaders;
  /** Parsed when it is JSON or a form, else text; undefined when empty. Masked like the path. */
  body: unknown;
}

const secrets = ["access_token", "refresh_token", "token", "client_secret", "code", "code_verifier"];

interface Received {
  method: string;
  path: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export function record({ method, path, url, headers: received, body }: Received): RecordedRequest {
  const { authorization, ...headers } = received;
  return {
    method,
    path: maskedPath(path, url),
    headers: authorization ? { ...headers, authorization: maskedAuthorization(authorization) } : headers,
    body: masked(parsed(received, body.toString())),
  };
}

/** The fields of a form or of a JSON object, without those that are not text. */
export function fieldsOf(headers: IncomingHttpHeaders, body: Buffer): Record<string, string> {
  const value = parsed(headers, body.toString());
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === "string"));
}

function parsed(headers: IncomingHttpHeaders, text: string): unknown {
  if (text === "") return undefined;
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function maskedAuthorization(authorization: string): string {
  const [scheme, ...token] = authorization.split(" ");
  return `${scheme} ${mask(token.join(" "))}`;
}

function maskedPath(path: string, url: URL): string {
  const given = secrets.filter((name) => url.searchParams.has(name));
  if (given.length === 0) return path;
  const query = new URLSearchParams(url.searchParams);
  for (const name of given) query.set(name, mask(query.get(name) ?? ""));
  return `${url.pathname}?${query}`;
}

function masked(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      secrets.includes(name) && typeof value === "string" ? mask(value) : value,
    ]),
  );
}

function mask(secret: string): string {
  return `…${secret.slice(-4)}`;
}
