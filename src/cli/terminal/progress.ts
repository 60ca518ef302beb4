import type { Host } from "#cli/terminal/host.js";

/** One line on the terminal that is written over and over; nothing when stderr is no terminal. */
export interface Progress {
  show(text: string): void;
  /** Makes the line free for other words. */
  clear(): void;
}

export function createProgress({ stderr }: Host): Progress {
  const write = (text: string) => {
    if (stderr.isTTY) stderr.write(`\r\x1b[K${text}`);
  };
  return {
    // A line that wraps cannot be written over.
    show: (text) => write(text.slice(0, (stderr.columns ?? 80) - 1)),
    clear: () => write(""),
  };
}
