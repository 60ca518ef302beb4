import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createCleanup, endOnSignals } from "#support/cleanup.js";
import { say, tryCli, tryProgram } from "./try-program.js";

/** Installs what would be published into empty folders, and uses it there. Keeps nothing. */

const root = fileURLToPath(new URL("..", import.meta.url));
const limitMs = 3 * 60_000;

const cleanup = createCleanup();
endOnSignals(cleanup, limitMs);
try {
  await checkPackages();
} catch (error) {
  process.stderr.write(`A package does not work: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await cleanup.run();
}

async function checkPackages(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-package-"));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const home = path.join(directory, "home");
  mkdirSync(home);
  const env = { HOME: home, SKILLETT_CONFIG_FILE: path.join(home, "config.json") };
  const data = path.join(home, "data");
  const { command } = install("package", path.join(directory, "full"));
  await tryProgram({ command, env, up: ["--data", data], folder: { here: home, there: home } }, cleanup);

  // As npx does it: in a folder of that name the program knows that it will not stay.
  const cli = install("package-cli", path.join(directory, "_npx", "cli"));
  if (cli.packages !== 1) throw new Error(`the CLI alone installs ${cli.packages} packages`);
  await tryCli({ command: cli.command, env });
}

/** @returns what `skillett` is there, and how many packages there are */
function install(folder: string, project: string): { command: [string]; packages: number } {
  mkdirSync(project, { recursive: true });
  npm(["pack", path.join(root, folder)], project);
  const [archive] = readdirSync(project);
  writeFileSync(path.join(project, "package.json"), "{}\n");
  npm(["install", "--prefer-offline", `./${archive}`], project);
  const installed = JSON.parse(readFileSync(path.join(project, "node_modules/.package-lock.json"), "utf8"));
  const packages = Object.keys(installed.packages).length;
  say(`installed ${archive} into an empty folder, packages: ${packages}`);
  return { command: [path.join(project, "node_modules/.bin/skillett")], packages };
}

function npm(args: string[], cwd: string): void {
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--silent"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
