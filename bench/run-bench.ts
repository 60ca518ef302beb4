import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCleanup, endOnSignals } from "#support/cleanup.js";

/** `runBench` does these tasks at the end, also when the bench fails, is interrupted or takes too long. */
export const cleanup = createCleanup();

/** @param bench is handed an empty directory, which is deleted at the end */
export async function runBench(
  limitMinutes: number,
  bench: (directory: string) => Promise<void>,
): Promise<void> {
  endOnSignals(cleanup, limitMinutes * 60_000);
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-bench-"));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  try {
    await bench(directory);
  } finally {
    await cleanup.run();
  }
}
