import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpServer, ProtocolErrorCode } from "@modelcontextprotocol/server";
import type { Caller } from "#core/caller.js";
import { readAccept, toJson } from "#mcp/accept.js";
import { meantMessage, mostInBatch, tooMany } from "#mcp/message.js";

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
    const read = await readRequest(given);
    if (!read) return refuseBatch();
    const { request, wantsJson } = readAccept(read);
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

/** What clients write where nothing is meant, or an object as text: then the body is read as it was meant. */
const perhapsLenient = /"(?:params|_meta|arguments|cursor)"\s*:\s*(?:null|")/;

/** The request as it was meant; undefined when it is a batch of too many. */
async function readRequest(request: Request): Promise<Request | undefined> {
  if (request.method !== "POST") return request;
  const text = await request.clone().text();
  const isPerhapsLenient = perhapsLenient.test(text);
  if (!isPerhapsLenient && !/^\s*\[/.test(text)) return request;
  const value = parse(text);
  if (Array.isArray(value) && value.length > mostInBatch) return undefined;
  // What is no JSON is told by who reads it next.
  if (!isPerhapsLenient || value === undefined) return request;
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  const { method, signal } = request;
  return new Request(request.url, { method, headers, signal, body: JSON.stringify(meantMessage(value)) });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseBatch(): Response {
  const error = { code: ProtocolErrorCode.InvalidRequest, message: tooMany };
  return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 400 });
}

/** A subscription ends when the client goes, or we do. @see MCP 2026-07-28, Subscriptions */
function staysOpen({ headers }: IncomingMessage): boolean {
  return headers["mcp-method"] === "subscriptions/listen";
}

function originOf(extra: Record<string, unknown> | undefined): McpOrigin {
  return extra?.origin as McpOrigin;
}
