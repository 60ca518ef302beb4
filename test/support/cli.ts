import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { runCli } from "#cli/cli.js";
import type { Host, Input } from "#cli/terminal/host.js";

/** Stand-ins for tests: a server that answers as told, and a process around the program. */

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** What to answer: a JSON value, or finished text with a status; or the test writes the answer itself. */
export type Answer = { status?: number; json?: unknown; text?: string; type?: string } | "handled";
export type Answers = (request: Received, response: ServerResponse) => Answer;

export async function startServer(answers: Answers, port = 0) {
  const received: Received[] = [];
  const server = createServer(async (incoming, response) => {
    const request = {
      method: incoming.method ?? "",
      url: incoming.url ?? "",
      headers: incoming.headers,
      body: await text(incoming),
    };
    received.push(request);
    const answer = answers(request, response);
    if (answer === "handled") return;
    response.writeHead(answer.status ?? 200, { "content-type": answer.type ?? "application/json" });
    response.end(answer.text ?? JSON.stringify(answer.json));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url, received, close };
}

export interface HostOptions {
  env?: Host["env"];
  /** The working directory; one that is not there when left out. */
  directory?: string;
  stdin?: string | Uint8Array;
  /** stdin and stderr are a terminal; `stdin` is what is typed. */
  terminal?: boolean;
  /** stdout is a terminal, too. */
  shown?: boolean;
  signal?: AbortSignal;
  /** Runs in every sleep, which takes no time otherwise; gets the milliseconds slept before it. */
  asleep?: (elapsed: number) => unknown;
  openBrowser?: Host["openBrowser"];
  program?: Host["program"];
}

export function createTestHost({
  env = {},
  directory = join(tmpdir(), "skillett-is-not-here"),
  stdin = "",
  terminal = false,
  shown = false,
  signal = new AbortController().signal,
  asleep = () => {},
  openBrowser = async () => {},
  program = ["/usr/bin/node", "/opt/skillett/dist/skillett.js"],
}: HostOptions = {}) {
  const input: Input = Object.assign(new PassThrough(), { isTTY: terminal });
  (input as PassThrough).end(stdin);
  const output = { stdout: "", stderr: "" };
  const up: unknown[] = [];
  const opened: string[] = [];
  let elapsed = 0;
  const host: Host = {
    env,
    directory,
    stdin: () => input,
    stdout: Object.assign(
      capture((chunk) => {
        output.stdout += chunk;
      }),
      { isTTY: shown },
    ),
    stderr: Object.assign(
      capture((chunk) => {
        output.stderr += chunk;
      }),
      { isTTY: terminal },
    ),
    interrupted: () => signal,
    ended: () => signal,
    program,
    openBrowser: (url) => {
      opened.push(url);
      return openBrowser(url);
    },
    sleep: async (ms, until) => {
      until.throwIfAborted();
      await asleep(elapsed);
      elapsed += ms;
      until.throwIfAborted();
    },
    now: () => elapsed,
    up: async (options) => void up.push(options),
  };
  return { host, output, up, opened };
}

function capture(take: (chunk: string) => void): PassThrough {
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => take(chunk.toString()));
  return stream;
}

/** Runs a command line against a server that answers as told, and tells all there is to see of it. */
export async function runAgainst(answers: Answers, args: string[], options: HostOptions = {}) {
  const server = await startServer(answers);
  const env = { SKILLETT_URL: server.url, SKILLETT_API_KEY: "sk_1", ...options.env };
  const { host, output, up, opened } = createTestHost({ ...options, env });
  try {
    const code = await runCli(args, host);
    const sent = server.received.filter(({ method }) => method !== "GET");
    return { code, ...output, up, opened, sent, received: server.received, url: server.url };
  } finally {
    await server.close();
  }
}
