import { SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import { limited } from "#mcp-servers/limited.js";
import { openBody } from "#upstream/body.js";
import type { Upstream } from "#upstream/send.js";

/** Documents of servers are a few kilobytes. */
const maxBytes = 100_000;

/** How metadata is read and clients are registered: through the guard for what tenants bring, and not without end. */
export function createMetadataFetch(
  upstream: Upstream,
  service: string,
  signal: RequestSignal,
): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, { method = "GET", headers, body } = {}) => {
    const answer = await upstream.send({
      use: "tenant-integration",
      service,
      method: method === "POST" ? "POST" : "GET",
      url: String(url),
      headers: Object.fromEntries(new Headers(headers)),
      body: typeof body === "string" ? body : null,
      signal,
      // The library follows those that stay at the same origin.
      redirects: "answer",
    });
    const { head, rest } = await openBody(answer, maxBytes);
    await rest?.return?.();
    if (rest) throw tooLong(service);
    const { location } = answer.headers;
    const passed = new Headers(typeof location === "string" ? { location } : {});
    const hasNoBody = [204, 205, 304].includes(answer.status);
    return new Response(hasNoBody ? null : new Uint8Array(head), { status: answer.status, headers: passed });
  };
}

const tooLong = (service: string) =>
  new SkillettError("upstream_unreachable", {
    message: `What ${service} says has more than ${maxBytes / 1000} KB, which are not read.`,
    retryable: false,
  });

/** Nobody waits longer until a server has said how people sign in, or has registered a client: several requests each. */
const maxMs = 20_000;

/** Does some of these requests, and gives up when the time is up. */
export async function withinTime<T>(
  client: RequestSignal,
  work: (signal: RequestSignal) => Promise<T>,
): Promise<T> {
  const { signal, end } = limited(client, maxMs);
  try {
    return await work(signal);
  } finally {
    end();
  }
}

/** A server's words, as they may stand in a message of ours. */
export const quotable = (text: string) => text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200);
