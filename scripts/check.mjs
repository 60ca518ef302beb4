import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/**
 * Types, lint and house rules at the same time; says what those that fail say. Each can be run by itself as it stands
 * here. Rules have one worker, since what one of them has parsed is there for the others.
 */

const parts = ["tsc", "tsc -p web", "biome check", "vitest run --maxWorkers=1 test/rules"];

const failed = await Promise.all(parts.map(run));
process.exitCode = failed.includes(true) ? 1 : 0;

/** @returns whether it failed */
async function run(part) {
  const start = performance.now();
  // npm puts the programs of the packages into PATH; a shell finds them on every system.
  const child = spawn(part, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await ended;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (code !== 0) process.stdout.write(`${stdout}${stderr}`);
  process.stdout.write(`${code === 0 ? "✓" : "✗"} ${part} (${seconds} s)\n`);
  return code !== 0;
}
