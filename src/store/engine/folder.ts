import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { StartupError } from "#core/startup-error.js";

/** Makes the data folder where there is none. Throws `StartupError` when it cannot be used, and says why. */
export function prepareFolder(directory: string, files: readonly string[]): void {
  const fail = (why: string, cause?: unknown) =>
    new StartupError(`The data folder ${directory} cannot be used: ${why}`, { cause });
  const parent = nearest(directory);
  if (!statSync(parent).isDirectory()) {
    const what = parent === directory ? "it is a file" : `${parent} is a file`;
    throw fail(`${what}. Name a folder with --data or SKILLETT_DATA_DIR.`);
  }
  check(parent, fail);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fail(`it cannot be made (${(error as NodeJS.ErrnoException).code}).`, error);
  }
  for (const file of files) {
    const name = path.join(directory, file);
    if (nearest(name) === name) check(name, fail);
  }
}

function check(name: string, fail: (why: string, cause: unknown) => StartupError): void {
  const isFolder = statSync(name).isDirectory();
  try {
    accessSync(name, constants.R_OK | constants.W_OK | (isFolder ? constants.X_OK : 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EROFS")
      throw fail("it is read-only. Name another with --data, or make this one writable.", error);
    throw fail(`${name} belongs to ${owner(name)}, and ${self()} may not write it.`, error);
  }
}

/** The path itself, or what of it is there. */
function nearest(name: string): string {
  let found = name;
  while (!isThere(found) && path.dirname(found) !== found) found = path.dirname(found);
  return found;
}

function isThere(name: string): boolean {
  try {
    statSync(name);
    return true;
  } catch (error) {
    // Nothing can be below a file; any other error is reported for the part that is there.
    if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return false;
    throw error;
  }
}

const owner = (name: string) => `user ${statSync(name).uid}`;
const self = () => `this program (user ${process.getuid?.() ?? "unknown"})`;
