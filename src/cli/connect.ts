import { text as readAll } from "node:stream/consumers";
import { UsageError } from "#cli/failure.js";
import type { Host } from "#cli/host.js";
import { printJson } from "#cli/output.js";
import { promptHidden } from "#cli/prompt.js";
import { openSession } from "#cli/session.js";

export interface ConnectOptions {
  /** `-` is stdin, `true` is the flag alone. Anything else is a SECRET in the wrong place. */
  token?: string | boolean;
  profile?: string;
}

/** `skillett connect <integration> [--token -]` */
export async function connect(integration: string, options: ConnectOptions, host: Host): Promise<void> {
  const pipe = `skillett connect ${integration} --token - < token.txt`;
  if (typeof options.token === "string" && options.token !== "-") {
    throw new UsageError(
      "A token on the command line can be read by every program on this machine and stays in the shell's history. " +
        "Count it as leaked, make a new one, and give that on stdin or at the prompt.",
      [host.stdin().isTTY ? `skillett connect ${integration}` : pipe],
    );
  }
  const session = openSession(host, options.profile);
  const token = await readToken(integration, options, host, pipe);
  const { connection_id, status, account } = await session.client.connect({
    body: { integration, credentials: { token } },
    signal: session.signal,
  });
  await printJson(host, { status, integration, connection_id, account });
}

async function readToken(
  integration: string,
  options: ConnectOptions,
  host: Host,
  pipe: string,
): Promise<string> {
  const stdin = host.stdin();
  if (!stdin.isTTY && options.token !== "-") {
    throw new UsageError("The token is read from stdin (--token -), or asked for on a terminal.", [pipe]);
  }
  const text = stdin.isTTY ? await promptHidden(host, `Token for ${integration}: `) : await readAll(stdin);
  const token = text.trim();
  if (token === "") throw new UsageError("The token is empty.", [pipe]);
  if (/[\s\p{Cc}]/u.test(token))
    throw new UsageError("The token has spaces or control characters in it.", [pipe]);
  return token;
}
