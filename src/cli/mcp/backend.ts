import { UsageError } from "#cli/terminal/failure.js";
import type { Client } from "#client/client.js";
import { ApiError, mayHaveArrived, NetworkError } from "#client/errors.js";
import { bodyLimits } from "#contract/body-limits.js";
import { type ErrorBody, SkillettError } from "#core/errors.js";
import { type Backend, createBackend } from "#mcp/backend.js";

export interface BridgeParts {
  /**
   * The server, by the login as it is now.
   *
   * @throws UsageError when there is none
   */
  connect(): Client;
  /** Aborts all calls. */
  signal: AbortSignal;
  /** Command that finds the cause. */
  doctor: string;
  /** Called with errors that should not happen. */
  onError(error: unknown): void;
}

/** Our API on a server elsewhere. Nothing is kept between two calls, so that a login counts from the next one on. */
export function createBridge({ connect, signal, doctor, onError }: BridgeParts): Backend {
  const until = (own: AbortSignal | undefined) => (own ? AbortSignal.any([own, signal]) : signal);
  return createBackend({
    async read(name, input) {
      const call = connect()[name] as (input: unknown) => Promise<unknown>;
      return call({ ...input, signal: until(input.signal) });
    },
    async raw(name, input) {
      if ("body" in input) refuseTooLarge(input.body);
      try {
        const reply = await connect().stream(name, { ...input, signal: until(input.signal) } as never);
        const chunks: Uint8Array[] = [];
        for await (const chunk of reply.body) chunks.push(chunk);
        return { bytes: Buffer.concat(chunks), headers: reply.headers };
      } catch (error) {
        throw name === "executeEndpoint" ? inDoubt(error, input, doctor) : error;
      }
    },
    toErrorBody(error) {
      if (error instanceof ApiError) return error.body;
      const refusal = toRefusal(error, doctor);
      if (refusal.code === "internal" && !signal.aborted) onError(error);
      return bodyOf(refusal);
    },
  });
}

/**
 * The error of a call that got no answer, which may have been made: here it is not known whether it only reads. With
 * an idempotency key it can be repeated nevertheless.
 */
function inDoubt(error: unknown, input: object, doctor: string): unknown {
  if (!(error instanceof NetworkError) || !mayHaveArrived(error)) return error;
  const { headers = {}, query = {} } = input as { headers?: object; query?: object };
  if ("idempotency-key" in headers || "dry_run" in query) return error;
  return new SkillettError("server_unreachable", {
    message: `${error.message} The call may have been made: unless it only reads, look at the service before you repeat it.`,
    next: [doctor],
    retryable: false,
    outcome: "unknown",
  });
}

/**
 * Refused before it is sent: the server would close the connection while a longer body is sent, and its answer would
 * be lost.
 */
function refuseTooLarge(body: unknown): void {
  if (Buffer.byteLength(JSON.stringify(body)) > bodyLimits.call)
    throw new SkillettError("payload_too_large", { facts: { limit: bodyLimits.call } });
}

function toRefusal(error: unknown, doctor: string): SkillettError {
  if (error instanceof SkillettError) return error;
  if (error instanceof UsageError) {
    // Where there are several ways, the first: an agent is not to start servers.
    const next = error.next.length > 0 ? error.next.slice(0, 1) : [doctor];
    return new SkillettError("unauthorized", { message: error.message, next });
  }
  if (error instanceof NetworkError)
    return new SkillettError("server_unreachable", { message: error.message, next: [doctor] });
  return new SkillettError("internal", {
    message: "The server's answer was not understood. Are server and CLI of the same version?",
    next: [doctor],
    retryable: false,
  });
}

/** The same body as the server's, without the parts that only a server knows. */
function bodyOf({ code, message, next, issues, retryable, outcome }: SkillettError): ErrorBody {
  return {
    error: code,
    message,
    ...(next ? { next } : {}),
    ...(issues ? { issues } : {}),
    retryable,
    ...(outcome ? { outcome } : {}),
    // No request was made, or nobody answered it: no log has it.
    request_id: "none",
  };
}
