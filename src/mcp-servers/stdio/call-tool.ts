import { ProtocolError } from "@modelcontextprotocol/client";
import { stringify } from "lossless-json";
import { SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import { type ToolAnswer, toAnswer } from "#mcp-servers/answer.js";
import { type CalledTool, statusOf, type ToolCall } from "#mcp-servers/call-tool.js";
import { NotWritten } from "#mcp-servers/stdio/child.js";
import type { Connection } from "#mcp-servers/stdio/connection.js";
import type { StdioServer } from "#mcp-servers/stdio/server.js";
import { tooLong } from "#mcp-servers/wire.js";
import { timeUp, toSkillettError } from "#upstream/failure.js";
import type { Redactor } from "#upstream/redact.js";

interface Deps {
  server: StdioServer;
  /** Masks secrets of the process in its answers. */
  redactor: Redactor;
  /** Longest time for a call, with the start of a process. */
  totalMs: number;
  /** Longest time in which a process sends no message at all. */
  silenceMs: number;
}

/**
 * Calls a tool of a server that is a process. It is called as it was when the operator took it, or not at all.
 *
 * @throws SkillettError `upstream_unreachable` or `upstream_timeout`; `conflict` for a tool that is another one now
 */
export async function callStdioTool(deps: Deps, call: ToolCall): Promise<CalledTool> {
  const limit = limited(call.signal, deps.totalMs);
  try {
    return await deps.server.use((connection) => {
      limit.signal.throwIfAborted();
      return exchange(deps, connection, call, limit.signal);
    });
  } catch (error) {
    throw notSent(error, call);
  } finally {
    limit.end();
  }
}

/** Everything that fails before this begins has not been sent. */
async function exchange(
  { server, redactor, silenceMs }: Deps,
  connection: Connection,
  { tool, arguments: given, repeating, server: { service, url } }: ToolCall,
  limit: AbortSignal,
): Promise<CalledTool> {
  refuseOther(connection, tool, service);
  const { transport } = connection;
  const silence = watch(transport.heardAt, silenceMs);
  const answer = (status: number, { type, body, refusal }: ToolAnswer): CalledTool => ({
    response: { status, headers: { "content-type": type }, url, repeated: false },
    body: redactor.buffer(body),
    refusal:
      refusal?.message === undefined ? refusal : { ...refusal, message: redactor.text(refusal.message) },
  });
  try {
    const signal = AbortSignal.any([limit, silence.signal]);
    return answer(200, toAnswer(await connection.callTool({ name: tool.name, arguments: given }, signal)));
  } catch (error) {
    if (error instanceof ProtocolError) return answer(statusOf(error.code), refusedBy(error));
    if (error instanceof NotWritten) throw error;
    // A process that says nothing any more may never do so again.
    if (silence.signal.aborted) server.retire(connection);
    const cause = silence.signal.aborted ? timeUp() : brokenOff(transport.end());
    const failure = toSkillettError(limit.aborted ? limit.reason : cause, {
      service,
      method: "POST",
      repeating,
    });
    throw new Sent(transport.wasTooLong() ? tooLong(failure, service) : failure);
  } finally {
    silence.end();
  }
}

function refusedBy({ code, message, data }: ProtocolError): ToolAnswer {
  const body = Buffer.from(stringify({ code, message, data })!);
  return { type: "application/json", body, refusal: { message, unknown: false } };
}

/** A call that was sent, and had no answer. */
class Sent extends Error {
  readonly error: SkillettError;

  constructor(error: SkillettError) {
    super(error.message, { cause: error });
    this.error = error;
  }
}

const brokenOff = (how: string | undefined) =>
  how === undefined
    ? new Error("The answer cannot be read")
    : Object.assign(new Error(`The process ${how}`), { code: "ECONNRESET" });

function refuseOther({ pins }: Connection, tool: ToolCall["tool"], service: string): void {
  const pin = pins().get(tool.name);
  if (pin === tool.pin) return;
  const how = pin === undefined ? "is gone from the server" : "has changed since it was taken";
  throw new SkillettError("conflict", {
    message: `The tool ${JSON.stringify(tool.name.slice(0, 80))} of ${service} ${how}, so it is not called. Whoever runs this server can take it as it is now.`,
    next: ["skillett integrations reload"],
  });
}

function notSent(error: unknown, { server: { service }, repeating }: ToolCall): SkillettError {
  if (error instanceof Sent) return error.error;
  const known = error instanceof SkillettError ? error : undefined;
  const failed = known ?? toSkillettError(error, { service, method: "POST", repeating: "harmless" });
  return new SkillettError(failed.code, {
    message: failed.message,
    ...(failed.next && { next: failed.next }),
    ...(failed.retryAfterSeconds !== undefined && { retryAfterSeconds: failed.retryAfterSeconds }),
    retryable: failed.retryable,
    outcome: repeating === "harmless" ? undefined : "not_done",
    cause: error,
  });
}

/** Ends with its client, or when the time is up. */
function limited(client: RequestSignal, totalMs: number): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeUp()), totalMs).unref();
  const onGone = () => controller.abort(client.reason ?? new Error("The client has gone"));
  if (client.aborted) onGone();
  else client.once("abort", onGone);
  const end = () => {
    clearTimeout(timer);
    client.off("abort", onGone);
  };
  return { signal: controller.signal, end };
}

/** Aborts when nothing was heard for so long, from now on. */
function watch(heardAt: () => number, silenceMs: number): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const from = performance.now();
  let timer: NodeJS.Timeout;
  const wait = (ms: number) => {
    timer = setTimeout(() => {
      const left = Math.max(from, heardAt()) + silenceMs - performance.now();
      if (left > 0) wait(left);
      else controller.abort(timeUp());
    }, ms).unref();
  };
  wait(silenceMs);
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}
