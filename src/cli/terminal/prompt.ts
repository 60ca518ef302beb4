import { StringDecoder } from "node:string_decoder";
import type { Host } from "#cli/terminal/host.js";

/** Ctrl-C at a prompt. */
export class Interrupted extends Error {}

/**
 * Asks for a SECRET on the terminal without showing it.
 *
 * @throws Interrupted at Ctrl-C and at the end of input
 */
export function promptHidden(host: Host, question: string): Promise<string> {
  return readLine(host, question, () => {});
}

/**
 * Asks for what is no secret.
 *
 * @throws Interrupted at Ctrl-C and at the end of input
 */
export function promptShown(host: Host, question: string): Promise<string> {
  return readLine(host, question, (text) => host.stderr.write(text));
}

/**
 * Asks yes or no on the terminal; anything but yes is no.
 *
 * @throws Interrupted at Ctrl-C and at the end of input
 */
export async function confirm(host: Host, question: string): Promise<boolean> {
  const answer = await promptShown(host, `${question} [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

/** Takes the keys one by one; `echo` gets what a terminal would show of them. */
function readLine(host: Host, question: string, echo: (text: string) => void): Promise<string> {
  const stdin = host.stdin();
  const decoder = new StringDecoder("utf8");
  const line = createLine(echo);
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      stdin.off("data", read);
      stdin.off("end", stop);
      stdin.setRawMode?.(false);
      stdin.pause();
      host.stderr.write("\n");
      settle();
    };
    const stop = () => finish(() => reject(new Interrupted()));
    const done = (rest: string) => {
      finish(() => resolve(line.text()));
      // Several lines pasted at once answer the questions that follow.
      if (rest !== "") stdin.unshift(rest);
    };
    const read = (chunk: Buffer) => {
      const keys = [...decoder.write(chunk)];
      for (const [at, key] of keys.entries()) {
        if (key === "\r" || key === "\n") {
          const rest = keys.slice(at + 1).join("");
          return done(rest.replace(/^\n/, ""));
        }
        if (key === "\x03" || key === "\x04") return stop();
        line.press(key);
      }
    };
    // Raw mode first, so that nothing that is typed after the question appears.
    stdin.setRawMode?.(true);
    host.stderr.write(question);
    stdin.on("data", read);
    stdin.on("end", stop);
    stdin.resume();
  });
}

/** A line being typed: Backspace takes back the last key, Ctrl-U all of them. */
function createLine(echo: (text: string) => void) {
  let typed: string[] = [];
  const erase = (count: number) => {
    const kept = Math.max(typed.length - count, 0);
    echo("\b \b".repeat(typed.length - kept));
    typed = typed.slice(0, kept);
  };
  return {
    text: () => typed.join(""),
    press(key: string): void {
      if (key === "\x7f" || key === "\b") erase(1);
      else if (key === "\x15") erase(typed.length);
      else {
        typed.push(key);
        echo(key);
      }
    },
  };
}
