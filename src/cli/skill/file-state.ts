import { createHash } from "node:crypto";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The state of the place in which a file of a skill belongs. */
export type FileState =
  | { kind: "missing" }
  | { kind: "file"; digest: string; mode: number }
  /** A symbolic link in the file's own place. */
  | { kind: "link" }
  /** A directory in its place, or something that is no directory on the way to it. */
  | { kind: "blocked" };

/** @param path of the file within `folder`; every part of it is looked at, no link is followed */
export function fileState(folder: string, path: string): FileState {
  const parts = path.split("/");
  for (let count = 0; count < parts.length; count++) {
    const found = lstatSync(join(folder, ...parts.slice(0, count)), { throwIfNoEntry: false });
    if (!found) return { kind: "missing" };
    if (!found.isDirectory()) return { kind: "blocked" };
  }
  const file = join(folder, path);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found) return { kind: "missing" };
  if (found.isSymbolicLink()) return { kind: "link" };
  if (!found.isFile()) return { kind: "blocked" };
  return { kind: "file", digest: digestOf(readFileSync(file)), mode: found.mode & 0o777 };
}

/** `sha256:…` */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
