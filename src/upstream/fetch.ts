import { Readable } from "node:stream";
import { RequestSignal } from "#core/request-signal.js";
import type { Use } from "#upstream/guard.js";
import type { Upstream } from "#upstream/send.js";

/**
 * `fetch` for documents that strangers name: through the egress guard, and to no other place than the one named.
 * A redirect is an answer like any other.
 */
export function createGuardedFetch(upstream: Upstream, use: Use): typeof fetch {
  return async (input, { headers, signal } = {}) => {
    const ending = new RequestSignal();
    signal?.addEventListener("abort", () => ending.abort(), { once: true });
    const { href, host } = new URL(input instanceof Request ? input.url : input);
    const answer = await upstream.send({
      use,
      service: host,
      method: "GET",
      url: href,
      headers: Object.fromEntries(new Headers(headers)),
      body: null,
      signal: ending,
      redirects: "answer",
    });
    const fields = Object.entries(answer.headers).flatMap(([name, value = []]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    );
    if (answer.status !== 200) {
      await answer.body.dump().catch(() => {});
      return new Response(null, { status: answer.status });
    }
    return new Response(Readable.toWeb(answer.body) as ReadableStream, {
      headers: fields,
    });
  };
}
