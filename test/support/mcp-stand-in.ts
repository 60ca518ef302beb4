import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { Server as OlderServer } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { createMcpHandler, Server } from "@modelcontextprotocol/server";
import { closeServer, listen } from "#support/loopback.js";

/** How a server speaks: without sessions, with sessions that begin with an introduction, or without such and without ids. */
export const eras = ["2026", "2025", "2025-no-session"] as const;
export type Era = (typeof eras)[number];

// biome-ignore lint/suspicious/noExplicitAny: what tools are told and answer may be anything
type Anything = any;

/** An MCP server of the official SDKs, whose tools a test changes as it likes. */
export interface McpStandIn {
  url: string;
  /** As `tools/list` gives them; of several pages when `pageSize` is set. */
  tools: Anything[];
  pageSize: number;
  /** What a tool answers. */
  answer: (name: string, given: Record<string, unknown>) => Anything;
  /** The method of each message, with the headers of its request, in order. */
  messages: { method: string; headers: IncomingMessage["headers"] }[];
  /** Calls that were carried out. */
  calls: { name: string; arguments: Record<string, unknown> }[];
  /** Whoever does not send this is answered with 401. */
  authorization: string | undefined;
  /** Answers in place of the server, when it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse, message: Anything) => boolean;
  /** Forgets all sessions. */
  endSessions(): void;
  close(): Promise<void>;
}

const info = { name: "stand-in", version: "1" };
const capabilities = { capabilities: { tools: {} } };

export async function startMcpStandIn(era: Era): Promise<McpStandIn> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const answerMessage = era === "2026" ? stateless() : withSessions(sessions, era === "2025");
  const server = createServer(async (request, response) => {
    const text = (await buffer(request)).toString();
    const message = text === "" ? undefined : JSON.parse(text);
    if (message) standIn.messages.push({ method: message.method, headers: request.headers });
    if (standIn.intercept(request, response, message)) return;
    if (request.url?.startsWith("/.well-known/")) return void response.writeHead(404).end();
    if (standIn.authorization !== undefined && request.headers.authorization !== standIn.authorization) {
      response.writeHead(401, { "www-authenticate": "Bearer" }).end('{"error":"invalid_token"}');
    } else await answerMessage(standIn, request, response, message);
  });
  const standIn: McpStandIn = {
    url: "",
    tools: [],
    pageSize: 1_000,
    answer: (name, given) => ({ content: [{ type: "text", text: JSON.stringify({ name, given }) }] }),
    messages: [],
    calls: [],
    authorization: undefined,
    intercept: () => false,
    endSessions: () => sessions.clear(),
    close: () => closeServer(server),
  };
  standIn.url = `${await listen(server)}/mcp`;
  return standIn;
}

type AnswerMessage = (
  standIn: McpStandIn,
  request: IncomingMessage,
  response: ServerResponse,
  message: unknown,
) => Promise<unknown>;

function list({ tools, pageSize }: McpStandIn, cursor: string | undefined) {
  const from = Number(cursor ?? 0);
  const next = from + pageSize;
  return { tools: tools.slice(from, next), ...(next < tools.length && { nextCursor: String(next) }) };
}

async function call(standIn: McpStandIn, { name, arguments: given = {} }: Anything): Promise<Anything> {
  standIn.calls.push({ name, arguments: given });
  return standIn.answer(name, given);
}

function stateless(): AnswerMessage {
  return async (standIn, request, response, message) => {
    const handler = createMcpHandler(() => {
      const server = new Server(info, capabilities);
      server.setRequestHandler("tools/list", async ({ params }) => list(standIn, params?.cursor) as Anything);
      server.setRequestHandler("tools/call", async ({ params }) => call(standIn, params));
      return server;
    });
    const body = Buffer.from(JSON.stringify(message));
    await toNodeHandler(handler)(request, response, message ?? body);
  };
}

function withSessions(
  sessions: Map<string, StreamableHTTPServerTransport>,
  givesIds: boolean,
): AnswerMessage {
  const open = async (standIn: McpStandIn) => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: givesIds ? randomUUID : undefined,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    const server = new OlderServer(info, capabilities);
    server.setRequestHandler(ListToolsRequestSchema, async ({ params }) => list(standIn, params?.cursor));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => call(standIn, params));
    await server.connect(transport as Anything);
    return transport;
  };
  return async (standIn, request, response, message) => {
    const id = String(request.headers["mcp-session-id"]);
    const isNew = !givesIds || (message as Anything)?.method === "initialize";
    const transport = isNew ? await open(standIn) : sessions.get(id);
    if (!transport) {
      const error = { code: -32001, message: "Session not found" };
      return response.writeHead(404).end(JSON.stringify({ jsonrpc: "2.0", error, id: null }));
    }
    return transport.handleRequest(request, response, message);
  };
}
