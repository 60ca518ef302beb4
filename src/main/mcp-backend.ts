import type { FastifyBaseLogger } from "fastify";
import { type Contract, contract } from "#contract/contract.js";
import type { Api, RawReply } from "#contract/route.js";
import { errorBody } from "#core/errors.js";
import { toSkillettError } from "#http/errors.js";
import { bytesOf, type CallRoute, createCallRoute } from "#http/in-process.js";
import { type Backend, createBackend } from "#mcp/backend.js";
import { createMcpHttpHandler, type McpHandler, type McpOrigin } from "#mcp/handler.js";
import { createMcpServer } from "#mcp/server.js";

export interface McpParts {
  api: Api<Contract>;
  publicUrl: () => string;
  logger: FastifyBaseLogger;
}

/** The handler of MCP over HTTP: its tools call our routes in this process, as the sender of the request. */
export function createHandler({ api, publicUrl, logger }: McpParts): McpHandler {
  const callRoute = createCallRoute(contract, api);
  return createMcpHttpHandler(
    (origin) => createMcpServer(backendFor(callRoute, origin, publicUrl, logger)),
    (error) => logger.info({ err: error }, "an MCP request was refused"),
  );
}

function backendFor(
  callRoute: CallRoute<Contract>,
  request: McpOrigin,
  publicUrl: () => string,
  logger: FastifyBaseLogger,
): Backend {
  const origin = { ...request, face: "mcp" } as const;
  return createBackend({
    read: (name, input) => callRoute(name, origin, input),
    async raw(name, input) {
      const reply = (await callRoute(name, origin, input)) as RawReply;
      return { bytes: await bytesOf(reply), headers: reply.headers ?? {} };
    },
    toErrorBody(error) {
      const refusal = toSkillettError(error);
      const about = { request_id: origin.requestId, code: refusal.code, err: refusal.cause ?? refusal };
      if (refusal.code === "internal") logger.error(about, "an MCP request failed");
      return errorBody(refusal, origin.requestId, publicUrl());
    },
  });
}
