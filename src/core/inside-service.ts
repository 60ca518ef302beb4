import type { RequestSignal } from "#core/request-signal.js";

/** Services that are part of this program: integrations whose base URL is `inside://<name>` are answered by them. */
export const insideNames = ["sandbox"] as const;
export type InsideName = (typeof insideNames)[number];

/** A request in the terms of HTTP, from within a tenant. */
export interface InsideRequest {
  tenantId: string;
  method: string;
  /** Encoded, as in a URL: `/issues/7`. */
  path: string;
  query: URLSearchParams;
  body: string | Buffer | null;
  /** Aborts when nobody waits for the answer any more. */
  signal: RequestSignal;
}

export interface InsideAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** Answers every request, whatever is wrong with it; rejects when the store fails, or nobody waits any more. */
export type InsideService = (request: InsideRequest) => Promise<InsideAnswer>;

const prefix = "inside://";

/** Whether a base URL names no address of a network. */
export const isInside = (url: string) => url.startsWith(prefix);

/** The service inside that a URL names; undefined for any other URL. */
export function insideName(url: string): InsideName | undefined {
  if (!isInside(url)) return undefined;
  const [host] = url.slice(prefix.length).split("/");
  return insideNames.find((name) => name === host);
}
