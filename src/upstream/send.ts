import { lookup as lookupAny } from "node:dns";
import type { LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { Agent, type Dispatcher } from "undici";
import { RequestSignal } from "#core/request-signal.js";
import {
  isTimeout,
  notConnected,
  type Repeating,
  repeatingOf,
  timeUp,
  toSkillettError,
  wasReset,
} from "#upstream/failure.js";
import { type Guard, lookupPublic, type Use } from "#upstream/guard.js";
import { createTunnel } from "#upstream/tunnel.js";

/** A body whose bytes are not in memory. */
export interface StreamedBody {
  /** Bytes. */
  length: number;
  /** Reads it from the beginning: called once for each attempt. */
  open(): AsyncIterable<Buffer>;
}

export type OutgoingBody = string | Buffer | StreamedBody | null;

export interface UpstreamRequest {
  /** Use of the request, which decides where it may go. */
  use: Use;
  /** How a person knows the service; for error messages. */
  service: string;
  method: Dispatcher.HttpMethod;
  /** Absolute. May hold SECRETS in its query: never logged. */
  url: string;
  /** SECRET: holds the credential. */
  headers: Record<string, string>;
  body: OutgoingBody;
  signal: RequestSignal;
  /** `answer` hands a redirect on instead of following it. */
  redirects?: "follow" | "answer";
  /** URL that the credential stays below, whatever a redirect says; its whole origin when left out. */
  below?: string | undefined;
  /** Effect of sending the request twice; where it is left out, the method says it. */
  repeating?: Repeating;
}

/** An answer without its body. */
export interface AnswerHead {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Where it came from, after all redirects. May hold SECRETS in its query. */
  url: string;
  /** It answers a second attempt: the first broke off, and may have arrived. */
  repeated: boolean;
}

export interface UpstreamResponse extends AnswerHead {
  body: Dispatcher.ResponseData["body"];
}

/** The one way out. */
export interface Upstream {
  /** Throws `upstream_unreachable` or `upstream_timeout`; any answer of the service is a response. */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  /** The same checks as `send`, for libraries that send by themselves. */
  dispatcher(use: Use): Dispatcher;
  /** Throws `upstream_unreachable` unless requests of this use may go there, as far as that is known without asking. */
  check(use: Use, url: URL): void;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  /** Where requests of a use may go. */
  guardOf: (use: Use) => Guard;
  /** Longest wait for a connection, for the head of the answer, and between two pieces of its body. */
  timeoutMs: number;
  /** SECRET: an HTTP proxy that everything goes through. */
  proxy: URL | undefined;
  /** Longest time for one exchange: redirects, the second attempt and the body included. */
  totalMs: number;
  /** Sent as `User-Agent`. */
  userAgent: string;
  sleep: (ms: number) => Promise<void>;
}

const maxRedirects = 5;
/** A service that asks for a longer pause gets its answer handed on instead. */
const maxPauseMs = 2_000;
/** How long requests that nobody's call waits for any more, such as for fresh tokens, hold up the end. */
const closeMs = 5_000;

export function createUpstream(options: UpstreamOptions): Upstream {
  const { guardOf, timeoutMs, totalMs, userAgent, sleep } = options;
  const [guarded, open] = [createAgent(options, lookupPublic), createAgent(options, lookupAny)];
  const agentFor = (use: Use, url: URL) => (guardOf(use).check(url).allowed ? open : guarded);

  async function once(outgoing: Limited): Promise<UpstreamResponse> {
    const url = new URL(outgoing.url);
    const { method, body, signal } = outgoing;
    signal.headWithin(2 * timeoutMs);
    try {
      const response = await agentFor(outgoing.use, url).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        signal,
        ...asSent(body, { "user-agent": userAgent, ...outgoing.headers }),
      });
      const { statusCode: status, headers, body: answer } = response;
      return { status, headers, body: answer, url: outgoing.url, repeated: false };
    } finally {
      signal.headIsThere();
    }
  }

  async function withRetry(outgoing: Limited): Promise<UpstreamResponse> {
    const repeating = repeatingOf(outgoing);
    const again = async (reached: boolean) => {
      try {
        return { ...(await once(outgoing)), repeated: reached };
      } catch (error) {
        throw toSkillettError(error, { ...outgoing, reached });
      }
    };
    let response: UpstreamResponse;
    try {
      response = await once(outgoing);
    } catch (error) {
      const unsent = notConnected(error);
      const worthIt = unsent ? !isTimeout(error) : repeating !== "harmful" && wasReset(error);
      if (outgoing.signal.aborted || !worthIt) throw error;
      return again(!unsent);
    }
    const pauseMs = repeating === "harmful" ? undefined : retryPause(response);
    if (pauseMs === undefined) return response;
    await discard(response);
    await sleep(pauseMs);
    return again(false);
  }

  return {
    async send(outgoing) {
      const signal = new Deadline(outgoing.signal, totalMs);
      try {
        const response = await follow({ ...outgoing, signal }, withRetry);
        response.body.once("close", () => signal.over());
        return response;
      } catch (error) {
        signal.over();
        throw toSkillettError(error, outgoing);
      }
    },
    check: (use, url) => void guardOf(use).check(url),
    dispatcher: (use) =>
      guarded.compose(
        () => (request, handler) =>
          agentFor(use, new URL(request.path, request.origin)).dispatch(request, handler),
      ),
    close: async () => {
      const agents = [guarded, open];
      const tooLong = setTimeout(() => void Promise.all(agents.map((agent) => agent.destroy())), closeMs);
      await Promise.all(agents.map((agent) => agent.close()));
      clearTimeout(tooLong);
    },
  };
}

function createAgent({ proxy, timeoutMs: timeout }: UpstreamOptions, lookup: LookupFunction): Agent {
  const connect = proxy ? createTunnel({ proxy, lookup, timeoutMs: timeout }) : { timeout, lookup };
  return new Agent({ headersTimeout: timeout, bodyTimeout: timeout, connect });
}

/** A request on its way, with all its attempts: the signal ends all of them. */
interface Limited extends UpstreamRequest {
  signal: Deadline;
}

/** Ends an exchange with its client, or when its time is up. */
class Deadline extends RequestSignal {
  readonly #total: NodeJS.Timeout;
  #head: NodeJS.Timeout | undefined;
  readonly #client: RequestSignal;
  readonly #onGone = () => this.abort(this.#client.reason);

  constructor(client: RequestSignal, totalMs: number) {
    super();
    this.#client = client;
    this.#total = setTimeout(() => this.abort(timeUp()), totalMs).unref();
    if (client.aborted) this.#onGone();
    else client.once("abort", this.#onGone);
  }

  /** Interim answers (RFC 9110 §15.2) are life to undici, which would wait for the final one for ever. */
  headWithin(ms: number): void {
    this.#head = setTimeout(() => this.abort(timeUp()), ms).unref();
  }

  headIsThere(): void {
    clearTimeout(this.#head);
  }

  over(): void {
    clearTimeout(this.#total);
    this.#client.off("abort", this.#onGone);
  }
}

function asSent(body: OutgoingBody, headers: Record<string, string>) {
  if (body === null || typeof body === "string" || Buffer.isBuffer(body)) return { body, headers };
  const length = { "content-length": String(body.length) };
  return { body: Readable.from(body.open(), { objectMode: false }), headers: { ...headers, ...length } };
}

/** Reads a short body to its end, so that the connection can be used again, and drops a long one. */
async function discard({ body }: UpstreamResponse): Promise<void> {
  await body.dump().catch(() => {});
}

/** Follows redirects as a browser would, but carries the credential and the body to no other origin, nor out of `below`. */
async function follow(
  outgoing: Limited,
  send: (request: Limited) => Promise<UpstreamResponse>,
): Promise<UpstreamResponse> {
  let current = outgoing;
  for (let hops = 0; ; hops++) {
    const response = await send(current);
    const next = current.redirects === "answer" ? undefined : redirected(current, response);
    if (!next || hops === maxRedirects) return response;
    await discard(response);
    current = { ...current, ...next };
  }
}

/** Statuses that send elsewhere. @see RFC 9110 §15.4 */
export const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/**
 * The next request of a redirect; undefined when it must not be followed. A request other than GET is repeated only at
 * its own origin, and only after 307 or 308: after the others it would become another request than the caller's.
 */
function redirected(
  from: UpstreamRequest,
  { status, headers }: UpstreamResponse,
): Pick<UpstreamRequest, "url" | "headers"> | undefined {
  const { location } = headers;
  if (!redirectStatuses.includes(status) || typeof location !== "string") return undefined;
  if (!URL.canParse(location, from.url)) return undefined;
  const url = new URL(location, from.url);
  const isOwn = url.origin === new URL(from.url).origin && url.href.startsWith(below(from));
  if (from.method !== "GET" && !(isOwn && status >= 307)) return undefined;
  return { url: url.href, headers: isOwn ? from.headers : { accept: "*/*" } };
}

const below = ({ below: base, url }: UpstreamRequest) =>
  base === undefined ? new URL(url).origin : `${base}/`;

/** How long the service asks to wait, when that is worth waiting for. @see RFC 9110 §10.2.3 */
function retryPause({ status, headers }: UpstreamResponse): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return seconds >= 0 && seconds * 1000 <= maxPauseMs ? seconds * 1000 : undefined;
}
