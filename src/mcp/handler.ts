import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpServer, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { bodyLimits } from "#contract/body-limits.js";
import type { Caller } from "#core/caller.js";
import { measureJson } from "#core/json-measure.js";
import { readAccept, toJson } from "#mcp/accept.js";
import { longName, maxInBatch, maxNameLength, meantMessage, tooMany } from "#mcp/message.js";

/** The origin of a request. The caller is authenticated before the request is read. */
export interface McpOrigin {
  caller: Caller;
  /** Of the client. */
  address: string;
  requestId: string;
}

/** Answers one request of MCP's Streamable HTTP, of any version. Keeps nothing between two of them. */
export interface McpHandler {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    origin: McpOrigin,
    body: Buffer | undefined,
  ): Promise<void>;
  /** Lets requests under way finish, and ends the streams that would go on for ever. */
  close(): Promise<void>;
}

/** A tool may carry the params of a call. */
const maxRequestBodySize = bodyLimits.call;

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
    const { request, wantsJson } = readAccept(await readRequest(given));
    const response = await handler.fetch(request, options);
    return wantsJson ? toJson(response) : response;
  };
  const answer = toNodeHandler({ fetch: lenient }, { onerror: onError, maxRequestBodySize });
  const underWay = new Set<Promise<void>>();
  return {
    async handle(request, response, origin, body) {
      const excess = body && excessOf(body);
      if (excess) return refuse(response, excess);
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

/** Some clients write null for nothing, or an object as text. Only then the body is parsed and read leniently. */
const perhapsLenient = /"(?:params|_meta|arguments|cursor)"\s*:\s*(?:null|")/;

/** The request as its client meant it. One that is not JSON stays as it is: the SDK refuses it. */
async function readRequest(request: Request): Promise<Request> {
  if (request.method !== "POST") return request;
  const text = await request.clone().text();
  if (!perhapsLenient.test(text)) return request;
  const value = parse(text);
  if (value === undefined) return request;
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  const { method, signal } = request;
  return new Request(request.url, { method, headers, signal, body: JSON.stringify(meantMessage(value)) });
}

/**
 * Why the body is too large, checked before it becomes values; undefined when it is not. The SDK refuses what is not
 * JSON.
 */
function excessOf(body: Buffer): string | undefined {
  const { excess, maxTextBytes } = measureJson(body);
  if (excess !== undefined) return `The message ${excess}.`;
  if (!isList(body) && maxTextBytes <= maxNameLength) return undefined;
  const value = parse(body.toString());
  return Array.isArray(value) && value.length > maxInBatch ? tooMany : longName(value);
}

/** By its first byte that is not white space. */
function isList(body: Buffer): boolean {
  return body.find((byte) => !" \t\r\n".includes(String.fromCharCode(byte))) === 0x5b;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, message: string): void {
  const error = { code: ProtocolErrorCode.InvalidRequest, message };
  const body = JSON.stringify({ jsonrpc: "2.0", error, id: null });
  response.writeHead(400, { "content-type": "application/json" }).end(body);
}

/** A subscription ends when the client goes, or we do. @see MCP 2026-07-28, Subscriptions */
function staysOpen({ headers }: IncomingMessage): boolean {
  return headers["mcp-method"] === "subscriptions/listen";
}

function originOf(extra: Record<string, unknown> | undefined): McpOrigin {
  return extra?.origin as McpOrigin;
}
