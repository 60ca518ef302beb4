import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isInnerPath } from "#cli/skill/path.js";
import { refuseLeadingOut } from "#cli/skill/platform.js";
import { UsageError } from "#cli/terminal/failure.js";
import { isObject } from "#core/json-object.js";
import { replaceFile } from "#core/write-file.js";

/** A folder that we wrote, as we wrote it, so that later changes by somebody else are noticed. */
export interface LockedFolder {
  /** URL of the server that it came from; null for a folder that ships with the program. */
  server: string | null;
  slug: string;
  version: string | null;
  /** `skill`: `pull --all` removes it when it is not assigned any more. */
  kind: FolderKind;
  /** `sha256:…` by path. */
  files: Record<string, string>;
}

export type FolderKind = "skill" | "integration" | "pointer";

/** Folders by where they stand in the project. */
export type Lock = Record<string, LockedFolder>;

export const lockFile = ".skillett/lock.json";

/**
 * Reads the lock file of a project; without one there are no folders of ours.
 *
 * @throws UsageError when it is not what we write, or leads out of the project: that may be somebody else's
 */
export function readLock(root: string): Lock {
  refuseLeadingOut(root, lockFile);
  let text: string;
  try {
    text = readFileSync(join(root, lockFile), "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return {};
    throw broken(`it cannot be read: ${code ?? message}`);
  }
  const folders = foldersOf(text);
  for (const [directory, folder] of Object.entries(folders)) {
    if (!isInnerPath(directory) || !isFolder(folder)) throw broken(`"${directory}" is not a folder of ours`);
  }
  return folders as Lock;
}

export function writeLock(root: string, lock: Lock): void {
  const folders = Object.keys(lock).sort();
  const sorted = Object.fromEntries(folders.map((directory) => [directory, lock[directory]]));
  replaceFile(join(root, lockFile), `${JSON.stringify({ version: 1, folders: sorted }, null, 2)}\n`, 0o666);
}

function foldersOf(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken("it is not JSON");
  }
  if (!isObject(value) || value.version !== 1 || !isObject(value.folders))
    throw broken('it needs "version": 1 and "folders"');
  return value.folders;
}

function isFolder(folder: unknown): boolean {
  if (!isObject(folder) || !isObject(folder.files)) return false;
  const { server, slug, version, kind, files } = folder;
  return (
    (server === null || typeof server === "string") &&
    typeof slug === "string" &&
    (version === null || typeof version === "string") &&
    ["skill", "integration", "pointer"].includes(kind as string) &&
    Object.entries(files).every(([path, digest]) => isInnerPath(path) && typeof digest === "string")
  );
}

function broken(why: string): UsageError {
  return new UsageError(`The lock file ${lockFile} is broken: ${why}. Put it right, or move it away.`);
}
