import { buffer } from "node:stream/consumers";
import type { Refusal } from "#catalog/answer/refusals.js";
import type { Tool } from "#catalog/tool.js";
import { type InsideName, type InsideService, insideName } from "#core/inside-service.js";
import type { CallTool } from "#mcp-servers/call-tool.js";
import { type Opened, openBody } from "#upstream/body.js";
import { repeatingOf, toSkillettError } from "#upstream/failure.js";
import type { AnswerHead, OutgoingBody, Upstream, UpstreamRequest } from "#upstream/send.js";

/** Where requests go: out to a network, to a service that is part of this program, or to a tool of an MCP server. */
export interface Carriers {
  upstream: Upstream;
  inside: Readonly<Record<InsideName, InsideService>>;
  callTool: CallTool;
}

export interface Carried {
  response: AnswerHead;
  body: Opened;
  /** The way itself has refusals, beside those that an integration declares. */
  refusal?: Refusal | undefined;
}

interface Errand {
  /** A service inside answers from its data. */
  tenantId: string;
  request: UpstreamRequest;
  /** Of an endpoint that is a tool. */
  tool: Tool | null;
  /** Bodies up to here are read whole; of longer ones there is a beginning and a rest. */
  maxHeldBytes: number;
  /** Told as soon as the service has answered, since its body may break off after that. */
  onStatus: (status: number) => void;
}

/** Brings a request to its service and the answer back. */
export async function carry({ upstream, inside, callTool }: Carriers, errand: Errand): Promise<Carried> {
  const { request, tool, maxHeldBytes, onStatus } = errand;
  if (tool) return answerOfTool(callTool, errand, tool);
  const name = insideName(request.url);
  if (name !== undefined) return answerInside(inside[name], errand);
  const response = await upstream.send(request);
  onStatus(response.status);
  try {
    return { response, body: await openBody(response, maxHeldBytes) };
  } catch (error) {
    throw toSkillettError(error, { ...request, status: response.status });
  }
}

async function answerInside(
  service: InsideService,
  { tenantId, request: { method, url, body: sent, signal }, onStatus }: Errand,
): Promise<Carried> {
  const { pathname: path, searchParams: query } = new URL(url);
  const whole = await wholeOf(sent);
  const { status, headers, body } = await service({ tenantId, method, path, query, body: whole, signal });
  onStatus(status);
  return { response: { status, headers, url, repeated: false }, body: { head: body, rest: undefined } };
}

/** The plan is the message that calls the tool: the way there adds what the revision of the protocol wants. */
async function answerOfTool(call: CallTool, { request, onStatus }: Errand, tool: Tool): Promise<Carried> {
  const { use, service, url, headers, body: message, signal } = request;
  const { params } = JSON.parse(String(message)) as { params: { arguments?: Record<string, unknown> } };
  const answer = await call({
    server: { use, service, url, headers },
    tool,
    arguments: params.arguments ?? {},
    repeating: repeatingOf(request),
    signal,
  });
  onStatus(answer.response.status);
  return { ...answer, body: { head: answer.body, rest: undefined } };
}

/** A service inside takes its body whole. */
async function wholeOf(body: OutgoingBody): Promise<string | Buffer | null> {
  return body !== null && typeof body === "object" && "open" in body ? buffer(body.open()) : body;
}
