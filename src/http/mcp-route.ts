import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bodyLimits } from "#contract/body-limits.js";
import type { Caller } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import { refuseForeignHost } from "#http/foreign-host.js";
import { handOver, takeBytes, withBody } from "#http/hand-over.js";
import { mcpChallenge } from "#http/mcp-challenge.js";

export interface McpRouteDeps {
  /** Throws when the credential is none of ours. */
  authenticate: (authorization: string | undefined, address: string) => Promise<Caller>;
  handle: (
    request: IncomingMessage,
    response: ServerResponse,
    origin: { caller: Caller; address: string; requestId: string },
    body: Buffer | undefined,
  ) => Promise<void>;
  publicUrl: () => string;
}

/**
 * MCP at `/mcp`. Host and Origin are checked before anything else, against DNS rebinding: a page of another site
 * could otherwise talk to a server on its reader's own machine.
 */
export async function addMcpRoute(server: FastifyInstance, deps: McpRouteDeps): Promise<void> {
  await server.register(async (scope) => {
    takeBytes(scope);
    scope.route({
      method: ["GET", "POST", "DELETE"],
      url: "/mcp",
      bodyLimit: bodyLimits.call,
      schema: { hide: true },
      onRequest: async (request, reply) => {
        refuseForeignHost(request, deps.publicUrl());
        request.caller = await deps.authenticate(request.headers.authorization, request.ip).catch((error) => {
          challenge(error, request, reply, deps.publicUrl());
          throw error;
        });
      },
      handler: async (request, reply) => {
        handOver(reply);
        const caller = request.caller as Caller;
        const { raw, body, ip: address, id: requestId } = request;
        const bytes = Buffer.isBuffer(body) ? body : undefined;
        const message = bytes ? withBody(raw, bytes) : raw;
        await deps.handle(message, reply.raw, { caller, address, requestId }, bytes);
      },
    });
  });
}

/** Tells a client that has no credential, or no good one, where to get one. */
function challenge(
  error: unknown,
  { headers }: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): void {
  if (!(error instanceof SkillettError) || error.kind.status !== 401) return;
  reply.header("www-authenticate", mcpChallenge(publicUrl, headers.authorization !== undefined));
}

const withSlash = /^(\/mcp|\/\.well-known\/oauth-protected-resource\/mcp)\/(?=$|\?)/;

/** The path of a request without the slash that some clients put behind the address they were given. */
export function withoutMcpSlash(url: string): string {
  return url.replace(withSlash, "$1");
}
