import { createHash, type Hash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

const chunkBytes = 256 * 1024;

/**
 * A digest of all that is read of an integration's folder: of the paths of its files, and of their bytes.
 *
 * @param context is digested before
 */
export function folderDigest(root: string, context: string): string {
  const hash = createHash("sha256").update(context);
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const note = (path: string) => hash.update(`\0${path}\0`);
  for (const path of ["integration.yaml", "SKILL.md", "search.yaml"]) {
    if (!existsSync(join(root, path))) continue;
    note(path);
    addFile(hash, join(root, path), chunk);
  }
  for (const resource of namesIn(root, "endpoints")) {
    note(resource);
    for (const path of namesIn(root, resource)) {
      note(path);
      // Of anything else the path alone is looked at, as of a folder.
      if (path.endsWith(".md") && !isDirectory(join(root, path))) addFile(hash, join(root, path), chunk);
    }
  }
  return hash.digest("hex");
}

function addFile(hash: Hash, file: string, chunk: Buffer): void {
  const handle = openSync(file, "r");
  try {
    let size = 0;
    for (let read = chunk.length; read === chunk.length; size += read) {
      read = readSync(handle, chunk);
      hash.update(chunk.subarray(0, read));
    }
    hash.update(`\0${size}`);
  } finally {
    closeSync(handle);
  }
}

/** Paths of the entries of a folder in it, without those that are hidden. */
function namesIn(root: string, path: string): string[] {
  if (!isDirectory(join(root, path))) return [];
  const names = readdirSync(join(root, path)).filter((name) => !name.startsWith("."));
  return names.sort().map((name) => `${path}/${name}`);
}

const isDirectory = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
