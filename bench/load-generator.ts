import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Options } from "autocannon";
import type { Load } from "./load.js";

export type Job = Omit<Options, "url"> & { url: string };

export interface LoadGenerator {
  /** One job at a time. Rejects unless every answer was 2xx. */
  run(job: Job): Promise<Load>;
  stop(): Promise<void>;
}

const slackMs = 60_000;

/** The process of `load.ts`, kept for all rounds: a cold one would be what is measured. */
export function startLoadGenerator(): LoadGenerator {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", fileURLToPath(import.meta.resolve("./load.ts"))],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "close");
  return {
    async run(job) {
      const signal = AbortSignal.timeout(job.duration * 1000 + slackMs);
      child.stdin.write(`${JSON.stringify(job)}\n`);
      const line = await Promise.race([
        once(lines, "line", { signal }).then(([text]) => String(text)),
        ended.then(([code]) => Promise.reject(new Error(`the load generator ended with ${code}`))),
      ]);
      const result = JSON.parse(line);
      if (result.error) throw new Error(`${job.method} ${job.url}: ${result.error}`);
      return result;
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}
