import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isOwnOrLoopback, refuseForeignHost } from "#http/foreign-host.js";

/** Which pages of other origins may read what lies at some paths. */
interface Sharing {
  path: RegExp;
  methods: string;
  /** `anybody`: it is public. `nearby`: pages of ours and of this machine, where MCP's own tools run. */
  with: "anybody" | "nearby";
}

/**
 * MCP clients may run in a browser. All of this works with a key or token that the page must have itself, and never
 * with cookies: what does, `/auth`, `/api` and `/oauth/authorize`, is not shared.
 */
const shared: Sharing[] = [
  { path: /^\/mcp\/?$/, methods: "GET, POST, DELETE", with: "nearby" },
  { path: /^\/oauth\/(register|token|revoke)$/, methods: "POST", with: "nearby" },
  { path: /^\/\.well-known\/(oauth-|openid-configuration)|^\/oauth\/jwks$/, methods: "GET", with: "anybody" },
];

const requestHeaders =
  "authorization, content-type, accept, last-event-id, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name";
const exposedHeaders =
  "www-authenticate, mcp-session-id, mcp-protocol-version, retry-after, x-request-id, content-type";
/** Browsers remember the answer that long. */
const maxAgeSeconds = "600";

/** Answers preflights, and lets pages read the answers. @see Fetch Living Standard §3.3 (CORS protocol) */
export function addCors(server: FastifyInstance, publicUrl: () => string): void {
  server.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    const sharing = origin === undefined ? undefined : sharingOf(request.url);
    if (!sharing || origin === undefined) return;
    // At /mcp a preflight of a stranger is refused like the request itself would be.
    if (sharing.path.test("/mcp")) refuseForeignHost(request, publicUrl());
    const isAllowed = sharing.with === "anybody" || isOwnOrLoopback(origin, publicUrl());
    reply.header("vary", "origin");
    if (!isAllowed) {
      // The authorization server would let each client decide which origins are allowed.
      delete request.headers.origin;
      return request.method === "OPTIONS" ? reply.code(204).send() : undefined;
    }
    reply.headers({
      "access-control-allow-origin": sharing.with === "anybody" ? "*" : origin,
      "access-control-expose-headers": exposedHeaders,
    });
    if (request.method === "OPTIONS") return answerPreflight(request, reply, sharing);
  });
}

function sharingOf(url: string): Sharing | undefined {
  const path = url.split("?", 1)[0]!;
  return shared.find((one) => one.path.test(path));
}

function answerPreflight(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { methods }: Sharing,
): FastifyReply {
  const asked = String(headers["access-control-request-headers"] ?? "").toLowerCase();
  // Since 2026 clients repeat arguments of tools in headers of this name.
  const params = asked.split(",").filter((name) => /^\s*mcp-param-[a-z0-9-]+\s*$/.test(name));
  return reply
    .code(204)
    .headers({
      "access-control-allow-methods": methods,
      "access-control-allow-headers": [requestHeaders, ...params.map((name) => name.trim())].join(", "),
      "access-control-max-age": maxAgeSeconds,
    })
    .send();
}
