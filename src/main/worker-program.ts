import path from "node:path";
import { fileURLToPath } from "node:url";
import type { PoolOptions } from "#workers/pool.js";

/** `worker.js` beside the built server; from its sources, `worker.ts` and what it takes to read it. */
export function workerProgram(): PoolOptions {
  const here = fileURLToPath(import.meta.url);
  const extension = path.extname(here);
  const file = path.join(path.dirname(here), `worker${extension}`);
  return extension === ".ts" ? { file, execArgv: ["--import", "tsx"] } : { file };
}
