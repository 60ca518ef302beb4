import { Agent, type Dispatcher } from "undici";
import { SkillettError } from "#core/errors.js";
import type { GoneSignal } from "#core/gone.js";
import { type Guard, lookupPublic, type Use } from "#upstream/guard.js";

export interface UpstreamRequest {
  /** What it is for, which says where it may go. */
  use: Use;
  /** How a person knows the service; for error messages. */
  service: string;
  method: Dispatcher.HttpMethod;
  /** Absolute. May hold SECRETS in its query: never logged. */
  url: string;
  /** SECRET: holds the credential. */
  headers: Record<string, string>;
  body: string | null;
  signal: GoneSignal;
  /** `answer` hands a redirect on instead of following it. */
  redirects?: "follow" | "answer";
}

export interface UpstreamResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Dispatcher.ResponseData["body"];
}

/** The one way out. */
export interface Upstream {
  /** Throws `upstream_unreachable` or `upstream_timeout`; any answer of the service is a response. */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  /** Where requests of a use may go. */
  guardOf: (use: Use) => Guard;
  /** Longest wait for a connection, for the head of the answer, and between two pieces of its body. */
  timeoutMs: number;
  /** Sent as `User-Agent`. */
  userAgent: string;
  sleep: (ms: number) => Promise<void>;
}

const maxRedirects = 5;
/** A service that asks for a longer pause gets its answer handed on instead. */
const maxPauseMs = 2_000;
const idempotentMethods = new Set(["GET", "PUT", "DELETE"]);

export function createUpstream({ guardOf, timeoutMs, userAgent, sleep }: UpstreamOptions): Upstream {
  const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  const guarded = new Agent({ ...timeouts, connect: { timeout: timeoutMs, lookup: lookupPublic } });
  const open = new Agent({ ...timeouts, connect: { timeout: timeoutMs } });

  async function once(outgoing: UpstreamRequest): Promise<UpstreamResponse> {
    const url = new URL(outgoing.url);
    const { allowed } = guardOf(outgoing.use).check(url);
    const { method, body, signal } = outgoing;
    const response = await (allowed ? open : guarded).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      body,
      signal,
      headers: { "user-agent": userAgent, ...outgoing.headers },
    });
    return { status: response.statusCode, headers: response.headers, body: response.body };
  }

  async function withRetry(outgoing: UpstreamRequest): Promise<UpstreamResponse> {
    const idempotent = idempotentMethods.has(outgoing.method);
    let response: UpstreamResponse;
    try {
      response = await once(outgoing);
    } catch (error) {
      if (outgoing.signal.aborted || !(neverSent(error) || (idempotent && wasReset(error)))) throw error;
      return once(outgoing);
    }
    const pauseMs = idempotent ? retryPause(response) : undefined;
    if (pauseMs === undefined) return response;
    await discard(response);
    await sleep(pauseMs);
    return once(outgoing);
  }

  return {
    async send(outgoing) {
      try {
        return await follow(outgoing, withRetry);
      } catch (error) {
        throw toSkillettError(error, outgoing);
      }
    },
    close: async () => {
      await Promise.all([guarded.close(), open.close()]);
    },
  };
}

/** Reads a short body to its end, so that the connection can be used again, and drops a long one. */
async function discard({ body }: UpstreamResponse): Promise<void> {
  await body.dump().catch(() => {});
}

/** Follows redirects as a browser would, but carries the credential and the body to no other origin. */
async function follow(
  outgoing: UpstreamRequest,
  send: (request: UpstreamRequest) => Promise<UpstreamResponse>,
): Promise<UpstreamResponse> {
  let current = outgoing;
  for (let hops = 0; ; hops++) {
    const response = await send(current);
    const next = current.redirects === "answer" ? undefined : redirected(current, response);
    if (!next || hops === maxRedirects) return response;
    await discard(response);
    current = next;
  }
}

/** @see RFC 9110 §15.4 */
function redirected(
  from: UpstreamRequest,
  { status, headers }: UpstreamResponse,
): UpstreamRequest | undefined {
  const { location } = headers;
  if (![301, 302, 307, 308].includes(status) || typeof location !== "string") return undefined;
  if (!URL.canParse(location, from.url)) return undefined;
  const url = new URL(location, from.url);
  const sameOrigin = url.origin === new URL(from.url).origin;
  if (from.method !== "GET" && !(sameOrigin && status >= 307)) return undefined;
  return { ...from, url: url.href, headers: sameOrigin ? from.headers : { accept: "*/*" } };
}

/** How long the service asks to wait, when that is worth waiting for. @see RFC 9110 §10.2.3 */
function retryPause({ status, headers }: UpstreamResponse): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return seconds >= 0 && seconds * 1000 <= maxPauseMs ? seconds * 1000 : undefined;
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? "";

/** The connection never came about, so the service has seen nothing. */
function neverSent(error: unknown): boolean {
  return ["ECONNREFUSED", "EAI_AGAIN", "ENOTFOUND"].includes(codeOf(error));
}

function wasReset(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(codeOf(error));
}

function isTimeout(error: unknown): boolean {
  return ["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"].includes(
    codeOf(error),
  );
}

/** What a failed exchange means to the caller; also for errors in the middle of a body. */
export function toSkillettError(
  error: unknown,
  { service, method }: { service: string; method: string },
): SkillettError {
  if (error instanceof SkillettError) return error;
  const code = codeOf(error);
  // Whatever the network, TLS, HTTP, a decoder or an abort complains of has a code; our own mistakes have none.
  if (code === "") return new SkillettError("internal", { cause: error });
  const safe = idempotentMethods.has(method) || neverSent(error) || code === "UND_ERR_CONNECT_TIMEOUT";
  const doubt = safe ? "" : " It may have done what was asked: look before you try again.";
  return new SkillettError(isTimeout(error) ? "upstream_timeout" : "upstream_unreachable", {
    message: `${service} ${whatHappened(error)}.${doubt}`,
    retryable: safe,
    cause: error,
  });
}

function whatHappened(error: unknown): string {
  if (isTimeout(error)) return "did not answer in time";
  if (neverSent(error)) return "could not be reached";
  if (/CERT|TLS|SSL|SIGNATURE/.test(codeOf(error))) return "could not prove its identity (TLS)";
  return wasReset(error) ? "broke off the connection" : "sent a broken answer";
}
