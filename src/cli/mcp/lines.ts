import { Transform, type TransformCallback } from "node:stream";
import { readMessages } from "#mcp/message.js";

/**
 * Stands before the reader of MCP on stdin, a message a line, and passes on the lines that can be read. Requests in
 * the other lines are answered here, through `reply`: a client waits for every id it has sent.
 *
 * @param maxLineBytes longer lines are handed on as they are
 */
export function createLineReader(maxLineBytes: number, reply: (line: string) => void): Transform {
  let held: Buffer[] = [];
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      let from = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        const line = Buffer.concat([...held, chunk.subarray(from, end + 1)]);
        this.push(line.length > maxLineBytes ? line : readLine(line.toString(), reply));
        [held, size, from] = [[], 0, end + 1];
      }
      held.push(chunk.subarray(from));
      size += chunk.length - from;
      // The reader after this one ends an endless line, so its bytes go on at once instead of being held here.
      if (size > maxLineBytes) {
        for (const part of held) this.push(part);
        [held, size] = [[], 0];
      }
      done();
    },
    flush(done) {
      for (const part of held) this.push(part);
      done();
    },
  });
}

const newline = 0x0a;

function readLine(line: string, reply: (line: string) => void): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // No id can be read in it.
    return line;
  }
  const { messages, replies } = readMessages(value);
  for (const one of replies) reply(`${JSON.stringify(one)}\n`);
  if (messages.length === 0 && replies.length === 0) return line;
  return messages.map((message) => `${JSON.stringify(message)}\n`).join("");
}
