import type { FastifyInstance, FastifyRequest } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    /** A GET of it changes something, such as using up a link. */
    acts?: boolean;
  }
}

/**
 * Browsers load pages before anybody opens them, and programs look at links with HEAD: neither is a person who
 * wants what a link does. Where a GET acts, HEAD is answered without acting, and loading ahead with 503, which a
 * browser throws away: it asks again when the page is opened.
 *
 * @see RFC 9110 §9.2.1 (safe methods)
 * @see https://wicg.github.io/nav-speculation/prefetch.html (Sec-Purpose)
 */
export function keepGetsSafe(server: FastifyInstance): void {
  server.addHook("onRequest", async (request, reply) => {
    if (!request.routeOptions.config.acts) return;
    if (request.method === "HEAD") return reply.header("cache-control", "no-store").send();
    if (request.method === "GET" && isAhead(request)) {
      return reply.code(503).headers({ "cache-control": "no-store", vary: "sec-purpose, purpose" }).send();
    }
  });
}

/** Whether the browser loads ahead of a click, by the headers of today's and of older browsers. */
function isAhead({ headers }: FastifyRequest): boolean {
  const said = ["sec-purpose", "purpose", "x-purpose", "x-moz"].map((name) => String(headers[name] ?? ""));
  return said.some((purpose) => /\b(prefetch|prerender|preview)\b/i.test(purpose));
}
