import { spawnSync } from "node:child_process";
import {
  connectGithub,
  installation,
  ownerKey,
  skillettProgram,
  startProgram,
  startSkillett,
} from "./contestants.js";
import { median } from "./measure.js";
import { cleanup, runBench } from "./run-bench.js";

/** Measures the time of `skillett run` from the first instruction to the last, beyond that of Node doing nothing. */

const runs = 30;

await runBench(5, bench);

async function bench(directory: string): Promise<void> {
  const upstream = await cleanup.track(startProgram("upstream.ts"));
  const installed = installation("Skillett", directory, { upstreamUrl: upstream.url });
  const server = await cleanup.track(startSkillett(installed));
  await connectGithub(server.url, await ownerKey(installed));

  const nothing = () => timed(["-e", "0"], installed.env);
  const command = () =>
    timed([skillettProgram, "run", "github", "get_repo", "--repo", "acme/webapp"], installed.env);
  nothing();
  command();
  const bare: number[] = [];
  const full: number[] = [];
  for (let run = 0; run < runs; run++) {
    bare.push(nothing());
    full.push(command());
  }
  const differences = full.map((ms, run) => ms - bare[run]!);
  report("node -e 0", median(bare), Math.min(...bare));
  report("skillett run", median(full), Math.min(...full));
  // The difference of the minima, and not the minimum of the differences, which would pair a lucky run with an
  // unlucky one.
  report("difference", median(differences), Math.min(...full) - Math.min(...bare));
}

/** @returns ms */
function timed(args: string[], env: Record<string, string>): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env: { PATH: process.env.PATH, ...env } });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return ms;
}

function report(name: string, middle: number, min: number): void {
  const [a, b] = [middle, min].map((ms) => `${ms.toFixed(1)} ms`.padStart(10));
  process.stdout.write(`${name.padEnd(14)} median ${a}   least ${b}\n`);
}
