import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { installed } from "./installed.mjs";

/**
 * Makes the folder `package/` out of what has been built: what `npm publish ./package` publishes and an image holds.
 * It installs the few packages that are not in the built files, in the versions of our lock file, where the checkout's
 * own package.json would install all of them.
 */

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}package`;
const manifest = JSON.parse(await readFile(`${root}package.json`, "utf8"));

await rm(folder, { recursive: true, force: true });
await mkdir(folder);
for (const name of [...manifest.files, "README.md", "LICENSE"])
  await cp(`${root}${name}`, `${folder}/${name}`, { recursive: true });

const lock = "npm-shrinkwrap.json";
const { name, version, description, license, engines, bin } = manifest;
const files = [...manifest.files, lock];
const dependencies = Object.fromEntries(installed.map((it) => [it, manifest.dependencies[it]]));
await writeFile(
  `${folder}/package.json`,
  `${JSON.stringify({ name, version, description, license, engines, bin, files, dependencies }, null, 2)}\n`,
);

// npm takes from a lock file what package.json does not ask for, and leaves the versions of the rest. Under this other
// name a package takes it along.
await cp(`${root}package-lock.json`, `${folder}/${lock}`);
const options = [
  "--package-lock-only",
  "--omit-lockfile-registry-resolved",
  "--no-audit",
  "--no-fund",
  "--silent",
];
execFileSync("npm", ["install", ...options], { cwd: folder, stdio: "inherit" });
