import { type CallToolResult, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import type { ErrorBody } from "#core/errors.js";
import type { Backend } from "#mcp/backend.js";
import { nextStep } from "#mcp/next-step.js";

/** A refusal as a model reads it: `code`, `message`, and what puts it right in words of the tools, as JSON. */
export function refusal(body: ErrorBody): CallToolResult {
  return { isError: true, content: [{ type: "text", text: JSON.stringify(inWordsOfTools(body)) }] };
}

function inWordsOfTools({ error: code, next, ...body }: ErrorBody) {
  const steps = next?.map((step) => nextStep(step, { error: code, ...body }));
  return { code, ...body, ...(steps ? { next: steps } : {}) };
}

/** For resources, prompts and the Skills extension, whose results cannot hold an error. */
export async function orProtocolError<T>(backend: Backend, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    const { code, message, ...rest } = inWordsOfTools(backend.toErrorBody(error));
    throw new ProtocolError(rpcCode(code), message, { code, ...rest });
  }
}

/** Is it the request's fault? */
function rpcCode(code: ErrorBody["error"]): number {
  const wrong = code === "not_found" || code === "bad_request";
  return wrong ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
}
