import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpServer, ProtocolErrorCode } from "@modelcontextprotocol/server";
import type { Caller } from "#core/caller.js";
import { readAccept, toJson } from "#mcp/accept.js";

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
  /** Lets what is being answered finish, and ends the streams that never would. */
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
  const lenient: typeof handler.fetch = async (given, options) => {
    if (await isLongBatch(given)) return tooMany();
    const { request, wantsJson } = readAccept(given);
    const response = await handler.fetch(request, options);
    return wantsJson ? toJson(response) : response;
  };
  const answer = toNodeHandler({ fetch: lenient }, { onerror: onError, maxRequestBodySize });
  const underWay = new Set<Promise<void>>();
  return {
    async handle(request, response, origin) {
      const auth = {
        token: "",
        clientId: origin.caller.keyId,
        scopes: origin.caller.scopes,
        extra: { origin },
      };
      const answered = answer(Object.assign(request, { auth }), response);
      if (!staysOpen(request)) {
        const forget = () => underWay.delete(answered);
        underWay.add(answered);
        answered.then(forget, forget);
      }
      await answered;
    },
    async close() {
      await Promise.allSettled(underWay);
      await handler.close();
    },
  };
}

/** Clients of 2025-03-26 may ask many things in one request, each with a whole answer. */
const mostInBatch = 50;

async function isLongBatch(request: Request): Promise<boolean> {
  if (request.method !== "POST") return false;
  const text = await request.clone().text();
  if (!/^\s*\[/.test(text)) return false;
  try {
    return JSON.parse(text).length > mostInBatch;
  } catch {
    // Said by who reads it next.
    return false;
  }
}

function tooMany(): Response {
  const message = `A batch may have ${mostInBatch} messages at most. Send the others in requests of their own.`;
  const error = { code: ProtocolErrorCode.InvalidRequest, message };
  return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 400 });
}

/** A subscription ends when the client goes, or we do. @see MCP 2026-07-28, Subscriptions */
function staysOpen({ headers }: IncomingMessage): boolean {
  return headers["mcp-method"] === "subscriptions/listen";
}

function originOf(extra: Record<string, unknown> | undefined): McpOrigin {
  return extra?.origin as McpOrigin;
}
