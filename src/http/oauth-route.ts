import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bodyLimits } from "#contract/body-limits.js";
import { handOver, takeBytes, withBody } from "#http/hand-over.js";

/** Answers requests of the authorization server; `url` is the path below it, with the query. */
export type HandleOAuth = (
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
  address: string,
) => Promise<void>;

const prefix = "/oauth";
/** RFC 8414 and OpenID Connect have their documents before the path of the issuer; both are the same here. */
const documents = [
  "/.well-known/oauth-authorization-server/oauth",
  "/.well-known/openid-configuration/oauth",
];
const document = "/.well-known/oauth-authorization-server";

/** The authorization server of MCP clients lives below `/oauth`, and reads and answers by itself. */
export async function addOAuthRoutes(server: FastifyInstance, handle: HandleOAuth): Promise<void> {
  await server.register(async (scope) => {
    takeBytes(scope);
    const pass = async (request: FastifyRequest, reply: FastifyReply, url: string) => {
      handOver(reply);
      const { raw, body } = request;
      await handle(Buffer.isBuffer(body) ? withBody(raw, body) : raw, reply.raw, url, request.ip);
    };
    scope.route({
      method: ["GET", "POST", "OPTIONS"],
      url: `${prefix}/*`,
      config: { acts: true },
      bodyLimit: bodyLimits.anonymous,
      schema: { hide: true },
      handler: (request, reply) => pass(request, reply, pathBelow(request.url)),
    });
    for (const url of documents) {
      scope.route({
        method: ["GET", "OPTIONS"],
        url,
        schema: { hide: true },
        handler: (request, reply) => pass(request, reply, document),
      });
    }
  });
}

/** A request may name a whole URL: only its path and query count. */
function pathBelow(url: string): string {
  const { pathname, search } = new URL(url, "http://skillett");
  return pathname.slice(prefix.length) + search;
}
