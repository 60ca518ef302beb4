import { ProtocolError, ProtocolErrorCode, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { stringify } from "lossless-json";
import type { Refusal } from "#catalog/answer/refusals.js";
import type { Tool } from "#catalog/tool.js";
import { SkillettError } from "#core/errors.js";
import { toAnswer } from "#mcp-servers/answer.js";
import {
  type About,
  anyResult,
  BrokenOff,
  type ConverseDeps,
  converse,
  noTimeout,
} from "#mcp-servers/converse.js";
import { paramHeaders } from "#mcp-servers/param-headers.js";
import type { Wire } from "#mcp-servers/wire.js";
import { toSkillettError } from "#upstream/failure.js";
import type { AnswerHead } from "#upstream/send.js";

/** The answer of a tool, in the terms of HTTP. */
export interface CalledTool {
  response: AnswerHead;
  body: Buffer;
  /** The server refuses by the protocol, whatever the status. */
  refusal: Refusal | undefined;
}

export interface ToolCall extends About {
  tool: Tool;
  arguments: Record<string, unknown>;
}

export type CallTool = (call: ToolCall) => Promise<CalledTool>;

/**
 * Calls a tool of an MCP server. An answer of HTTP that is a refusal is handed on as it is, one of JSON-RPC with the status
 * that says the same.
 *
 * @throws SkillettError `upstream_unreachable` or `upstream_timeout`
 */
export function createCallTool(deps: ConverseDeps): CallTool {
  return async (call) => {
    const { tool, server, repeating } = call;
    const params = { name: tool.name, arguments: call.arguments };
    try {
      return await converse(deps, call, async (client, wire) => {
        const isModern = client.getProtocolEra() === "modern";
        const headers = isModern ? paramHeaders(tool, call.arguments) : {};
        const request = { method: "tools/call", params };
        return answered(wire, await client.request(request, anyResult, { ...noTimeout, headers }));
      });
    } catch (thrown) {
      if (!(thrown instanceof BrokenOff)) throw thrown;
      const { wire, cause: error } = thrown;
      const refused = refusedAs(error, wire);
      if (refused) return refused;
      if (!wire.hasCalled()) throw notCalled(error, wire, call);
      throw toSkillettError(error, { service: server.service, method: "POST", repeating });
    }
  };
}

function answered(wire: Wire, result: unknown): CalledTool {
  const { type, body, refusal } = toAnswer(result);
  return { response: headOf(wire, 200, type), body, refusal };
}

/** The head of the latest answer, with what is true of the body that is made of it. */
function headOf(wire: Wire, status: number, type: string): AnswerHead {
  const head = wire.head()!;
  const { link, location, "content-length": length, "content-encoding": encoding, ...headers } = head.headers;
  return { ...head, status, headers: { ...headers, "content-type": type } };
}

function refusedAs(error: unknown, wire: Wire): CalledTool | undefined {
  if (error instanceof SkillettError) return undefined;
  const refusal = wire.refusal();
  if (!wire.hasCalled()) {
    // Without a session nothing was asked for yet; a server that fails at that is as good as one that is not there.
    const tells = refusal && refusal.head.status < 500;
    return tells ? { response: refusal.head, body: refusal.bytes, refusal: undefined } : undefined;
  }
  if (error instanceof ProtocolError) {
    const { code, message, data } = error;
    return refused(wire, statusOf(code), { code, message, data }, message);
  }
  if (refusal) return { response: refusal.head, body: refusal.bytes, refusal: undefined };
  // Contents of a kind that this library does not know are worth more than a complaint about them.
  if (isOdd(error) && wire.result() !== undefined) return answered(wire, wire.result());
  return isUnfinished(error) ? refused(wire, 200, null, asksForInput) : undefined;
}

function refused(wire: Wire, status: number, data: unknown, message: string): CalledTool {
  const body = Buffer.from(stringify(data)!);
  return { response: headOf(wire, status, "application/json"), body, refusal: { message, unknown: false } };
}

const asksForInput = "The tool asks for more input in the middle of its work, which cannot be given here.";

const isUnfinished = (error: unknown) =>
  error instanceof SdkError && error.code === SdkErrorCode.UnsupportedResultType;

const isOdd = (error: unknown) => error instanceof SdkError && error.code === SdkErrorCode.InvalidResult;

/** The server was not even told about the call. Its own words are left out, since they might repeat the credential. */
function notCalled(error: unknown, wire: Wire, { server: { service }, repeating }: ToolCall): SkillettError {
  const known = error instanceof SkillettError;
  const status = wire.refusal()?.head.status;
  const how = status === undefined ? "what it answers is not of that protocol" : `it answers ${status}`;
  return new SkillettError(known ? error.code : "upstream_unreachable", {
    message: known ? error.message : `${service} cannot be spoken to by MCP: ${how}.`,
    outcome: repeating === "harmless" ? undefined : "not_done",
    retryable: known ? error.retryable : true,
    cause: error,
  });
}

/** @see JSON-RPC 2.0 §5.1, MCP 2026-07-28, Error Handling of Tools */
export function statusOf(code: number): number {
  const { InvalidParams, InvalidRequest, MethodNotFound, ParseError } = ProtocolErrorCode;
  if (code === MethodNotFound) return 404;
  return [InvalidParams, InvalidRequest, ParseError].includes(code) ? 400 : 500;
}
