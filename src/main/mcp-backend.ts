import type { FastifyBaseLogger } from "fastify";
import type { CallInput } from "#contract/call.js";
import { type Contract, contract } from "#contract/contract.js";
import type { Api, RawReply } from "#contract/route.js";
import { errorBody } from "#core/errors.js";
import { toSkillettError } from "#http/errors.js";
import { bytesOf, type CallRoute, createCallRoute } from "#http/in-process.js";
import type { Backend } from "#mcp/backend.js";
import { createMcpHttpHandler, type McpHandler, type McpOrigin } from "#mcp/handler.js";
import { createMcpServer } from "#mcp/server.js";

export interface McpParts {
  api: Api<Contract>;
  publicUrl: () => string;
  logger: FastifyBaseLogger;
}

/** The handler of MCP over HTTP: its tools call our routes in this process, as whoever sent the request. */
export function createHandler({ api, publicUrl, logger }: McpParts): McpHandler {
  const callRoute = createCallRoute(contract, api);
  return createMcpHttpHandler(
    (origin) => createMcpServer(createBackend(callRoute, origin, publicUrl, logger)),
    (error) => logger.info({ err: error }, "an MCP request was refused"),
  );
}

function createBackend(
  callRoute: CallRoute<Contract>,
  origin: McpOrigin,
  publicUrl: () => string,
  logger: FastifyBaseLogger,
): Backend {
  const read =
    <N extends keyof Contract>(name: N) =>
    (input: CallInput<Contract[N]>) =>
      callRoute(name, origin, input) as Promise<never>;
  const raw =
    <N extends keyof Contract>(name: N) =>
    async (input: CallInput<Contract[N]>) =>
      bytesOf((await callRoute(name, origin, input)) as RawReply);
  return {
    listIntegrations: read("listIntegrations"),
    getIntegration: read("getIntegration"),
    getEndpoint: read("getEndpoint"),
    querySkill: read("querySkill"),
    discoverSkills: read("discoverSkills"),
    discoverConnectors: read("discoverConnectors"),
    listSkillManifests: read("listSkillManifests"),
    getSkillManifest: read("getSkillManifest"),
    requestTask: read("requestTask"),
    executeEndpoint: raw("executeEndpoint"),
    getResult: raw("getResult"),
    getPublishedFile: raw("getPublishedFile"),
    toErrorBody(error) {
      const refusal = toSkillettError(error);
      const about = { request_id: origin.requestId, code: refusal.code, err: refusal.cause ?? refusal };
      if (refusal.code === "internal") logger.error(about, "an MCP request failed");
      return errorBody(refusal, origin.requestId, publicUrl());
    },
  };
}
