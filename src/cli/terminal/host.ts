import type { ReadStream } from "node:tty";
import { styleText } from "node:util";

/**
 * The surroundings of the program: streams, environment, signals. `main` makes it from the process; tests make their
 * own.
 */
export interface Host {
  env: Record<string, string | undefined>;
  /** The working directory, absolute; the process's own when left out. */
  directory?: string;
  /** Opened at first use: it costs start-up time. */
  stdin(): Input;
  stdout: Output;
  stderr: Output;
  /** Aborts at Ctrl-C. The first use takes Ctrl-C over. */
  interrupted(): AbortSignal;
  /** Aborts at Ctrl-C and at SIGTERM, which the first use takes over: for commands that run until they are ended. */
  ended(): AbortSignal;
  /** The command line that starts this program from any directory. */
  program: readonly [command: string, ...args: string[]];
  /** Shows a page to the person at this machine. Rejects when that fails. */
  openBrowser(url: string): Promise<void>;
  /** Rejects when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds, on a clock that only goes forward. */
  now(): number;
  /** Runs the server. */
  up(options: UpOptions): Promise<void>;
}

export interface UpOptions {
  port?: number;
  host?: string;
  data?: string;
}

export type Input = NodeJS.ReadableStream & Partial<Pick<ReadStream, "isTTY" | "setRawMode">>;
export type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** Bold, red, … for people; nothing when the words go to a file or a pipe. */
export function paint(
  host: Host,
  format: "bold" | "red" | "green" | "yellow" | "cyan",
  text: string,
): string {
  if (!host.stderr.isTTY || host.env.NO_COLOR) return text;
  // Left to itself it would ask the process, and its stdout rather than stderr.
  return styleText(format, text, { validateStream: false });
}
