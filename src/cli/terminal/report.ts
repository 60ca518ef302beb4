import { exitCodes, type UsageError } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { isBrokenPipe, printBody } from "#cli/terminal/output.js";
import { Interrupted } from "#cli/terminal/prompt.js";
import { ApiError, NetworkError } from "#client/errors.js";
import type { SkillettError } from "#core/errors.js";
import type { StartupError } from "#core/startup-error.js";

/** Tells what went wrong, data on stdout and words on stderr, and gives the exit code. */
export async function report(error: unknown, host: Host): Promise<number> {
  if (error instanceof ApiError) await printBody(host, [Buffer.from(error.text)]);
  return tellFailure(error, host);
}

/** The words alone, and the exit code. */
export function tellFailure(error: unknown, host: Host): number {
  if (error instanceof ApiError) {
    tellRefusal(error, host);
    return error.status >= 500 ? exitCodes.unavailable : exitCodes.refused;
  }
  if (is<UsageError>(error, "UsageError")) {
    tell(host, error.message, error.next);
    return exitCodes.usage;
  }
  if (error instanceof NetworkError) {
    tell(host, error.message, error.code === "ECONNREFUSED" ? ["skillett up"] : []);
    return exitCodes.unavailable;
  }
  if (is<SkillettError>(error, "SkillettError")) {
    tell(host, error.message, error.next ?? []);
    return error.kind.exit;
  }
  if (error instanceof Interrupted) return exitCodes.interrupted;
  if (isAbort(error)) {
    // The terminal has shown ^C: the prompt belongs on the next line.
    if (host.stderr.isTTY) host.stderr.write("\n");
    return exitCodes.interrupted;
  }
  if (isBrokenPipe(error)) return exitCodes.ok;
  if (is<StartupError>(error, "StartupError")) {
    tell(host, error.message, []);
    return exitCodes.refused;
  }
  tell(host, unforeseen(error), []);
  return exitCodes.unavailable;
}

function tellRefusal({ body }: ApiError, host: Host): void {
  const issues = (body.issues ?? []).map(({ at, message }) => `  ${at}: ${message}`);
  const fix = body.action_url ? [`Fix: ${body.action_url}`] : [];
  tell(host, [body.message, ...(issues.length > 1 ? issues : []), ...fix].join("\n"), body.next ?? []);
}

/** By name: the server is a file of its own when built, and its classes are not ours. */
function is<T extends Error>(error: unknown, name: T["name"]): error is T {
  return error instanceof Error && error.name === name;
}

/** The system's errors speak for themselves (no space left on device); other errors are mistakes of ours. */
function unforeseen(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "syscall" in error ? `${error.message}.` : (error.stack ?? error.message);
}

/** How an aborted signal shows: Ctrl-C is the only thing that aborts one here. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** A sentence for people, and the commands to run next. */
export function tell(host: Host, message: string, next: string[]): void {
  const lines = next.map((command) => `  ${paint(host, "cyan", command)}\n`);
  const steps = lines.length > 0 ? `Next:\n${lines.join("")}` : "";
  host.stderr.write(`${paint(host, "red", "✗")} ${message}\n${steps}`);
}

/** Something that did not stop the command, but that a person should know. */
export function warn(host: Host, message: string): void {
  host.stderr.write(`${paint(host, "yellow", "!")} ${message}\n`);
}
