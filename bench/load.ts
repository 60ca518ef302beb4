import { createInterface } from "node:readline";
import autocannon, { type Options, type Result } from "autocannon";

/** The figures of one round. */
export interface Load {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/**
 * The load generator: one job of autocannon a line on stdin, its result a line on stdout, until stdin ends.
 * A process of its own, so that it never waits for what it measures. Anything but a 2xx answer fails the job:
 * refusals are fast, and would pass for speed.
 */
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await load(JSON.parse(line)).catch((error: Error) => ({ error: error.message }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function load(options: Options): Promise<Load> {
  const latencies: number[] = [];
  const result = await new Promise<Result>((resolve, reject) => {
    const run = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    run.on("response", (_client, _status, _bytes, ms) => latencies.push(ms));
  });
  const { non2xx, errors, timeouts } = result;
  if (latencies.length === 0 || non2xx + errors + timeouts > 0) {
    throw new Error(
      `${latencies.length} answers, ${non2xx} of them not 2xx; ${errors} errors, ${timeouts} timeouts`,
    );
  }
  latencies.sort((a, b) => a - b);
  const percentile = (share: number) => latencies[Math.ceil(latencies.length * share) - 1]!;
  return {
    requestsPerSecond: latencies.length / result.duration,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
  };
}
