import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { promptHidden } from "#cli/terminal/prompt.js";
import { readStdin } from "#cli/terminal/text-input.js";

/** A SECRET the person has to give, and how. */
export interface SecretRequest {
  /** The kind of secret: `token`. */
  what: string;
  /** The option it belongs to, `--token`. */
  flag: string;
  /**
   * The value of that option: `-` is stdin, `true` is the option alone. Anything else is a SECRET in the wrong place.
   */
  value: string | boolean | undefined;
  /** The question that is shown on a terminal. */
  question: string;
  /** A command that asks for the secret on a terminal. */
  asking: string;
  /** A command that reads the secret from stdin. */
  piping: string;
}

type Named = Pick<SecretRequest, "what" | "flag" | "value" | "asking" | "piping">;

/** @throws UsageError when the SECRET itself stands on the command line; it is not repeated */
export function refuseOnCommandLine({ what, value, asking, piping }: Named, host: Host): void {
  if (typeof value !== "string" || value === "-") return;
  throw new UsageError(
    `A ${what} on the command line can be read by every program on this machine and stays in the shell's history. ` +
      "Count it as leaked, make a new one, and give that on stdin or at the prompt.",
    [host.stdin().isTTY ? asking : piping],
  );
}

/**
 * Reads one SECRET: asked for on a terminal without showing it, else from stdin.
 *
 * @throws UsageError when there is no terminal and the option is not `-`, or what comes is no secret
 */
export async function readSecret(request: SecretRequest, host: Host): Promise<string> {
  refuseOnCommandLine(request, host);
  const { what, flag, value, question, piping } = request;
  const stdin = host.stdin();
  if (!stdin.isTTY && value !== "-") {
    throw new UsageError(`The ${what} is read from stdin (${flag} -), or asked for on a terminal.`, [piping]);
  }
  const text = stdin.isTTY ? await promptHidden(host, question) : await readStdin(host, `The ${what}`);
  return checkSecret(text, what, [piping]);
}

/** Trims it. */
export function checkSecret(text: string, what: string, next: string[]): string {
  const secret = text.trim();
  if (secret === "") throw new UsageError(`The ${what} is empty.`, next);
  if (/[\s\p{Cc}]/u.test(secret))
    throw new UsageError(`The ${what} has spaces or control characters in it.`, next);
  return secret;
}
