import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { pipeline, Readable } from "node:stream";
import { proxyAgent, proxyError, proxyFor, watchProxy } from "#cli/server/proxy.js";
import type { Env } from "#cli/server/settings.js";
import { NetworkError, networkError } from "#client/errors.js";
import type { Transport } from "#client/transport.js";

const connectMs = 10_000;
/** A server may be set to wait ten minutes for a service: that long it has nothing to say. */
const silenceMs = 660_000;

/**
 * Speaks through node:http: fetch would take as long to load as everything else together. Gives up
 * when the server has been silent for `timeoutMs`, or does not take the connection in ten seconds.
 *
 * @param env may name a proxy
 * @param keepAlive use a connection again. One that has long been idle may be dead without our knowing:
 *   a request that fails on it may or may not have arrived.
 */
export function createNodeTransport(env: Env, timeoutMs: number = silenceMs, keepAlive = true): Transport {
  const dropped = new AbortController();
  let tunnel: Promise<Agent> | undefined;

  return async ({ method, url, headers, body, signal }) => {
    const target = new URL(url);
    const isSecure = target.protocol === "https:";
    const send = isSecure ? (await import("node:https")).request : httpRequest;
    const proxy = proxyFor(target, env);
    // One transport speaks to one server.
    if (proxy) tunnel ??= proxyAgent(proxy, isSecure, { keepAlive, signal: dropped.signal });
    // `false` is an agent of its own, which closes the connection after the answer.
    const agent = await (proxy ? tunnel : keepAlive ? undefined : false);
    return new Promise((resolve, reject) => {
      const isWhole = typeof body === "string" || body instanceof Uint8Array;
      const length = isWhole ? { "content-length": String(Buffer.byteLength(body)) } : {};
      const expect = isWhole || body === undefined ? {} : { expect: "100-continue" };
      const outgoing = send(target, {
        method,
        headers: { ...headers, ...length, ...expect },
        timeout: Math.min(connectMs, timeoutMs),
        signal,
        agent,
      });
      if (proxy) watchProxy(outgoing, isSecure);
      giveUpWhenSilent(outgoing, target, timeoutMs);
      const reason = (error: Error) => (proxy ? proxyError(url, proxy, error) : networkError(url, error));
      if (proxy) {
        // Until the proxy has let us through there is no socket that could be silent.
        const late = setTimeout(
          () => {
            reject(reason(new Error("it did not answer in time")));
            dropped.abort();
          },
          Math.min(connectMs, timeoutMs),
        );
        for (const event of ["socket", "close"]) outgoing.once(event, () => clearTimeout(late));
      }
      outgoing.on("error", (error) => reject(signal?.aborted ? signal.reason : reason(error)));
      outgoing.on("response", (response) => {
        // A refusal of the proxy has destroyed the request: its error is handled above.
        if (outgoing.destroyed) return;
        resolve({
          status: response.statusCode ?? 0,
          headers: joined(response),
          body: chunks(response, url, signal),
        });
      });
      if (isWhole || body === undefined) outgoing.end(body);
      else sendWhenWanted(outgoing, body, (error) => reject(signal?.aborted ? signal.reason : reason(error)));
    });
  };
}

/** How long a server is waited for that does not say whether it wants the body. */
const wantedMs = 1_000;

/**
 * Sends a body once the server wants it: one that is refused before costs nothing, and its answer is not lost with
 * the connection.
 *
 * @see RFC 9110 §10.1.1 (Expect)
 */
function sendWhenWanted(
  outgoing: ClientRequest,
  body: AsyncIterable<Uint8Array>,
  fail: (error: Error) => void,
): void {
  const send = () => {
    clearTimeout(late);
    outgoing.off("continue", send);
    pipeline(Readable.from(body), outgoing, (error) => error && fail(error));
  };
  const late = setTimeout(send, wantedMs);
  outgoing.once("continue", send);
  for (const event of ["response", "error"]) outgoing.once(event, () => clearTimeout(late));
  outgoing.flushHeaders();
}

function giveUpWhenSilent(outgoing: ClientRequest, { origin }: URL, timeoutMs: number): void {
  let incoming: IncomingMessage | undefined;
  outgoing.on("response", (response) => {
    incoming = response;
  });
  outgoing.on("socket", (socket) => {
    if (socket.connecting) socket.once("connect", () => socket.setTimeout(timeoutMs));
    else socket.setTimeout(timeoutMs);
  });
  outgoing.on("timeout", () => {
    // Bytes wait for a slow reader on our side: it is not the server that is silent.
    if (incoming && incoming.readableLength > 0) return;
    const late = new NetworkError(`${origin} did not answer in time.`, { code: "ETIMEDOUT" });
    outgoing.destroy(late);
    incoming?.destroy(late);
  });
}

async function* chunks(incoming: IncomingMessage, url: string, signal: AbortSignal | undefined) {
  try {
    for await (const chunk of incoming) yield chunk as Uint8Array;
  } catch (error) {
    throw signal?.aborted ? signal.reason : networkError(url, error);
  }
}

function joined(incoming: IncomingMessage): Record<string, string> {
  const given = Object.entries(incoming.headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
