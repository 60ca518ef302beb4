import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Host, Input } from "#cli/host.js";

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

export async function startServer(answers: Answers) {
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
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
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
  stdin?: string;
  signal?: AbortSignal;
}

export function createTestHost({
  env = {},
  stdin = "",
  signal = new AbortController().signal,
}: HostOptions = {}) {
  const input: Input = new PassThrough();
  (input as PassThrough).end(stdin);
  const output = { stdout: "", stderr: "" };
  const up: unknown[] = [];
  const host: Host = {
    env,
    stdin: () => input,
    stdout: capture((chunk) => {
      output.stdout += chunk;
    }),
    stderr: capture((chunk) => {
      output.stderr += chunk;
    }),
    interrupted: () => signal,
    up: async (options) => void up.push(options),
  };
  return { host, output, up };
}

function capture(take: (chunk: string) => void): PassThrough {
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => take(chunk.toString()));
  return stream;
}
