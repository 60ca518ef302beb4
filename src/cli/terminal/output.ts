import { stringify } from "lossless-json";
import type { Host, Output } from "#cli/terminal/host.js";
import { parseAnswer } from "#core/answer-json.js";

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const prettyBytes = 1024 * 1024;

/** Prints one JSON value and a newline. */
export function printJson(host: Host, value: unknown): Promise<void> {
  return write(host.stdout, `${stringify(value, null, host.stdout.isTTY ? 2 : undefined)}\n`);
}

/** Prints one JSON value on a line of its own, on a terminal too: one of several, as NDJSON wants it. */
export function printLine(host: Host, value: unknown): Promise<void> {
  return write(host.stdout, `${stringify(value)}\n`);
}

/** Prints text as it is, such as lines of JSON. */
export function printText(host: Host, text: string): Promise<void> {
  return write(host.stdout, text);
}

/**
 * Prints a JSON body and a newline. On a pipe the bytes pass as they come, whatever their number;
 * on a terminal a body of up to 1 MiB is laid out for reading.
 */
export async function printBody(host: Host, body: Bytes): Promise<void> {
  const { stdout } = host;
  if (stdout.isTTY) return printForReading(host, body);
  for await (const chunk of body) await write(stdout, chunk);
  await write(stdout, "\n");
}

async function printForReading({ stdout }: Host, body: Bytes): Promise<void> {
  let held: Uint8Array[] | undefined = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    held?.push(chunk);
    if (!held) await write(stdout, chunk);
    if (!held || size <= prettyBytes) continue;
    for (const part of held) await write(stdout, part);
    held = undefined;
  }
  await write(stdout, held ? `${indented(Buffer.concat(held).toString())}\n` : "\n");
}

function indented(text: string): string {
  try {
    return stringify(parseAnswer(text), null, 2) ?? text;
  } catch {
    return text;
  }
}

/** Resolves when the chunk is handed over, so a slow reader slows the writer. Rejects with EPIPE and the like. */
function write(output: Output, chunk: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

/** The reader of our output has left (`| head`): nobody is there to tell. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "code" in error && error.code === "EPIPE";
}
