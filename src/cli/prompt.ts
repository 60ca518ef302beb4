import { StringDecoder } from "node:string_decoder";
import type { Host } from "#cli/host.js";

/** Ctrl-C at a prompt. */
export class Interrupted extends Error {}

/**
 * Asks for a SECRET on the terminal without showing it.
 *
 * @throws Interrupted at Ctrl-C and at the end of input
 */
export function promptHidden(host: Host, question: string): Promise<string> {
  const stdin = host.stdin();
  const decoder = new StringDecoder("utf8");
  let typed = "";
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
    const read = (chunk: Buffer) => {
      for (const key of decoder.write(chunk)) {
        if (key === "\r" || key === "\n") return finish(() => resolve(typed));
        if (key === "\x03" || key === "\x04") return stop();
        if (key === "\x7f" || key === "\b") typed = [...typed].slice(0, -1).join("");
        else if (key === "\x15") typed = "";
        else typed += key;
      }
    };
    // Raw mode first: what is typed after the question must not appear.
    stdin.setRawMode?.(true);
    host.stderr.write(question);
    stdin.on("data", read);
    stdin.on("end", stop);
    stdin.resume();
  });
}
