import { type Outcome, SkillettError } from "#core/errors.js";

/**
 * Effect of sending a request twice. `idempotent`: twice has the effect of once, but the second answer may hide that
 * the first attempt worked (RFC 9110 §9.2.2).
 */
export type Repeating = "harmless" | "idempotent" | "harmful";

const idempotentMethods = new Set(["GET", "PUT", "DELETE"]);

/** Where the effect of a request is not given, its method says it. */
export function repeatingOf({ method, repeating }: { method: string; repeating?: Repeating }): Repeating {
  return repeating ?? (idempotentMethods.has(method) ? "harmless" : "harmful");
}

/** An exchange that failed, as far as it is known. */
export interface FailedExchange {
  /** How a person knows the service. */
  service: string;
  method: string;
  repeating?: Repeating;
  /** An earlier attempt may have reached the service. */
  reached?: boolean;
  /** HTTP status of the answer, when it had begun. */
  status?: number | null;
}

const codeOf = (error: unknown) => (error as { code?: string } | undefined)?.code ?? "";

/** The connection never came about, so the service has seen nothing. */
export function notConnected(error: unknown): boolean {
  return (
    ["ECONNREFUSED", "EAI_AGAIN", "ENOTFOUND", "UND_ERR_CONNECT_TIMEOUT", "ERR_EGRESS_PROXY"].includes(
      codeOf(error),
    ) || (error as { syscall?: string } | undefined)?.syscall === "connect"
  );
}

export function wasReset(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(codeOf(error));
}

/** TLS names its errors about a certificate in many ways, all of them before anything is sent. */
function isUntrusted(error: unknown): boolean {
  return /CERT|UNABLE_TO|SIGNATURE|ERR_TLS|ERR_SSL/.test(codeOf(error));
}

export function isTimeout(error: unknown): boolean {
  return ["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"].includes(
    codeOf(error),
  );
}

/** An error as undici has them, for deadlines of our own. */
export function timeUp(): Error {
  return Object.assign(new Error("The time for the exchange is up"), { code: "UND_ERR_BODY_TIMEOUT" });
}

/**
 * The error for the caller of an exchange that failed, also in the middle of a body. Every error that is thrown while
 * a request is on its way or an answer is read belongs here, with a code that we know or without one.
 */
export function toSkillettError(error: unknown, failed: FailedExchange): SkillettError {
  if (error instanceof SkillettError && !failed.reached) return error;
  const { service, status, reached = false } = failed;
  const arrived = reached || !(notConnected(error) || isUntrusted(error) || error instanceof SkillettError);
  const outcome = arrived ? outcomeOfStatus(status) : "not_done";
  const harmless = repeatingOf(failed) === "harmless";
  return new SkillettError(isTimeout(error) ? "upstream_timeout" : "upstream_unreachable", {
    message: `${service} ${whatHappened(error)}.${harmless ? "" : advice(outcome, status)}`,
    retryable: harmless || outcome === "not_done",
    outcome: harmless ? undefined : outcome,
    cause: error,
  });
}

/** Whether the service did what a changing request asked for, by the status of its answer. */
export function outcomeOfStatus(status: number | null | undefined): Outcome {
  if (status === null || status === undefined || status >= 500 || status === 303) return "unknown";
  return status < 300 ? "done" : "not_done";
}

function advice(outcome: Outcome, status: number | null | undefined): string {
  if (outcome === "not_done") return "";
  if (outcome === "unknown") return " It may have done what was asked: look before you try again.";
  return ` It had answered ${status} before, so it may well have done what was asked: look there before you try again.`;
}

function whatHappened(error: unknown): string {
  if (codeOf(error) === "ERR_EGRESS_PROXY") return "could not be reached through the proxy of this server";
  if (isTimeout(error)) return "did not answer in time";
  if (notConnected(error)) return "could not be reached";
  if (isUntrusted(error)) return "could not prove its identity (TLS)";
  return wasReset(error) ? "broke off the connection" : "sent a broken answer";
}
