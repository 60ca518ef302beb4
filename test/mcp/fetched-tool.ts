import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Packages of npm in a folder of their own: too large, and too seldom needed, to be dependencies. */
export interface FetchedTool {
  /** A file of one of the packages. */
  file(...parts: string[]): string;
  remove(): Promise<void>;
}

/** @param packages `name@version` each. Resolves with npm's own words when it cannot fetch them. */
export async function fetchTool(packages: string[]): Promise<FetchedTool | { problem: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), "skillett-tool-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error"];
  try {
    await run("npm", ["install", "--prefix", directory, ...quiet, ...packages], { cwd: directory });
  } catch (error) {
    await remove();
    return { problem: String((error as { stderr?: string }).stderr ?? error).trim() };
  }
  return { file: (...parts) => path.join(directory, "node_modules", ...parts), remove };
}
