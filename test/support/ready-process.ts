import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface ReadyProcess {
  /** Where it listens, as its ready line says. */
  url: string;
  child: ChildProcess;
  /** Everything it has written to stderr so far. */
  stderr(): string;
  /** SIGTERM, and SIGKILL when it takes too long; resolves when it has ended. */
  stop(): Promise<void>;
}

const graceMs = 10_000;

/**
 * Starts a program that says `{"status":"ready","url":…}` on its first line of stdout, as `skillett up` does,
 * and waits for that line. Rejects, with what it wrote to stderr, when it ends or stays silent instead.
 *
 * @param env the whole environment but for PATH: nothing of ours leaks in
 */
export async function startReady(
  command: string,
  args: string[],
  options: { env?: Record<string, string>; timeoutMs?: number } = {},
): Promise<ReadyProcess> {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const running = {
    child,
    stderr: () => stderr,
    stop: () => stop(child),
  };
  try {
    const url = await readyUrl(child, AbortSignal.timeout(options.timeoutMs ?? 30_000));
    return { ...running, url };
  } catch (error) {
    await running.stop();
    const name = [command, ...args].join(" ");
    throw new Error(`${name} did not become ready: ${(error as Error).message}\n${stderr}`);
  }
}

async function readyUrl(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const line = await Promise.race([
    once(lines, "line", { signal }).then(([text]) => String(text)),
    once(child, "close", { signal }).then(([code]) => Promise.reject(new Error(`it ended with ${code}`))),
  ]);
  const { status, url } = JSON.parse(line);
  if (status !== "ready") throw new Error(`it said ${line}`);
  return url;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await closed;
  clearTimeout(timer);
}
