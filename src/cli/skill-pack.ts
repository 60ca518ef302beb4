import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { UsageError } from "#cli/failure.js";
import type { PulledFile } from "#cli/sync-folder.js";

/** As the server has them: told before anything is sent. */
export const packLimits = {
  files: 5000,
  fileBytes: 10 * 1024 * 1024,
  unpackedBytes: 200 * 1024 * 1024,
  packedBytes: 50 * 1024 * 1024,
};

/** Left out: of tools and systems, not of a skill; `.env` files hold secrets. */
const junk =
  /^(\.git|\.svn|\.hg|\.DS_Store|__MACOSX|Thumbs\.db|node_modules|__pycache__|.*\.pyc|\.env(\..*)?)$/i;

export interface Packed {
  /** A tar.gz with one folder, named as the one packed. */
  archive: Uint8Array;
  /** Paths left out, within the folder. */
  leftOut: string[];
}

/**
 * Packs the folder of a skill.
 *
 * @param folder absolute
 * @throws UsageError naming what cannot be sent: no skill, symbolic links, too much
 */
export async function packSkill(folder: string, limits = packLimits): Promise<Packed> {
  const { files, leftOut } = readFiles(folder, limits);
  if (!files.some(({ path }) => path === "SKILL.md" || path === "skill.md"))
    throw new UsageError(`${folder} has no SKILL.md: it is not the folder of a skill.`);
  // Only who packs pays for the library.
  const { packTar } = await import("modern-tar");
  const tar = await packTar(
    files.map(({ path, bytes, executable }) => ({
      header: {
        name: `${basename(folder)}/${path}`,
        size: bytes.length,
        type: "file",
        mode: executable ? 0o755 : 0o644,
        mtime: new Date(0),
      },
      body: new Uint8Array(bytes),
    })),
  );
  const archive = await promisify(gzip)(tar);
  if (archive.length > limits.packedBytes)
    throw new UsageError(
      `${folder} is over ${megabytes(limits.packedBytes)} when packed: leave something out.`,
    );
  return { archive, leftOut };
}

function readFiles(folder: string, limits: typeof packLimits) {
  const files: PulledFile[] = [];
  const leftOut: string[] = [];
  const odd: string[] = [];
  let size = 0;
  const visit = (inner: string) => {
    for (const name of namesIn(join(folder, inner))) {
      const path = inner === "" ? name : `${inner}/${name}`;
      const found = lstatSync(join(folder, path));
      if (junk.test(name)) leftOut.push(path);
      else if (found.isDirectory()) visit(path);
      else if (!found.isFile()) odd.push(path);
      else {
        if (found.size > limits.fileBytes)
          throw new UsageError(
            `${path} is over ${megabytes(limits.fileBytes)}, too large for a file of a skill.`,
          );
        size += found.size;
        if (size > limits.unpackedBytes || files.length === limits.files)
          throw new UsageError(
            `${folder} is too large: a skill has up to ${limits.files} files and ${megabytes(limits.unpackedBytes)}.`,
          );
        files.push({ path, bytes: readFileSync(join(folder, path)), executable: (found.mode & 0o100) !== 0 });
      }
    }
  };
  visit("");
  if (odd.length > 0)
    throw new UsageError(
      `A skill has files only, no symbolic links or devices: put copies in their place.\n${odd.map((path) => `  ${path}`).join("\n")}`,
    );
  return { files, leftOut };
}

/** @throws UsageError when it cannot be listed */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UsageError(`There is no folder ${directory}.`);
    if (code === "ENOTDIR") throw new UsageError(`${directory} is a file: name the folder of the skill.`);
    throw new UsageError(`${directory} cannot be read: ${code ?? message}.`);
  }
}

function megabytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MB`;
}
