import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createCleanup, endOnSignals } from "#support/cleanup.js";
import { say, tryProgram } from "./try-program.js";

/** Installs what would be published into an empty folder, and uses it there. Keeps nothing. */

const root = fileURLToPath(new URL("..", import.meta.url));
const limitMs = 3 * 60_000;

const cleanup = createCleanup();
endOnSignals(cleanup, limitMs);
try {
  await checkPackage();
} catch (error) {
  process.stderr.write(`The package does not work: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await cleanup.run();
}

async function checkPackage(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-package-"));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const project = path.join(directory, "project");
  const folder = path.join(directory, "folder");
  for (const made of [project, folder]) mkdirSync(made);
  npm(["pack", path.join(root, "package"), "--pack-destination", directory], directory);
  const [archive] = readdirSync(directory).filter((name) => name.endsWith(".tgz"));
  writeFileSync(path.join(project, "package.json"), "{}\n");
  npm(["install", "--prefer-offline", path.join(directory, archive!)], project);
  say(`installed ${archive} into an empty folder`);
  await tryProgram(
    {
      command: [path.join(project, "node_modules/.bin/skillett")],
      env: { HOME: folder, SKILLETT_CONFIG_FILE: path.join(folder, "config.json") },
      up: ["--data", path.join(folder, "data")],
      folder: { here: folder, there: folder },
    },
    cleanup,
  );
}

function npm(args: string[], cwd: string): void {
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--silent"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
