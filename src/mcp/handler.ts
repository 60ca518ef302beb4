import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpServer } from "@modelcontextprotocol/server";
import type { Caller } from "#core/caller.js";

/** Who sends a request: known before it is looked at. */
export interface McpOrigin {
  caller: Caller;
  /** Of the client. */
  address: string;
  requestId: string;
}

/** Answers one request of MCP's Streamable HTTP, of whatever version. Keeps nothing between two of them. */
export interface McpHandler {
  handle(request: IncomingMessage, response: ServerResponse, origin: McpOrigin): Promise<void>;
  /** Breaks off what is being answered. */
  close(): Promise<void>;
}

/** As large as the body of any other request of ours. */
const maxRequestBodySize = 10 * 1024 * 1024;

/** @param createServer makes the server of one request */
export function createMcpHttpHandler(
  createServer: (origin: McpOrigin) => McpServer,
  onError: (error: Error) => void,
): McpHandler {
  const handler = createMcpHandler(({ authInfo }) => createServer(originOf(authInfo?.extra)), {
    onerror: onError,
    maxRequestBodySize,
  });
  const answer = toNodeHandler(handler, { onerror: onError, maxRequestBodySize });
  return {
    async handle(request, response, origin) {
      const auth = {
        token: "",
        clientId: origin.caller.keyId,
        scopes: origin.caller.scopes,
        extra: { origin },
      };
      await answer(Object.assign(request, { auth }), response);
    },
    close: () => handler.close(),
  };
}

function originOf(extra: Record<string, unknown> | undefined): McpOrigin {
  return extra?.origin as McpOrigin;
}
