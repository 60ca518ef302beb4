import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { PulledFile } from "#cli/skill/sync-folder.js";
import { UsageError } from "#cli/terminal/failure.js";
import { archiveLimits } from "#core/archive-limits.js";
import { leftOut } from "#core/left-out.js";

const mainFile = /^skill\.md$/i;
/** It says which skills of a collection are meant. */
const marketplace = /(^|\/)\.claude-plugin\/marketplace\.json$/;

export interface Packed {
  /** A tar.gz with one folder, named as the one packed. */
  archive: Uint8Array<ArrayBuffer>;
  /** Paths left out, within the folder. */
  leftOut: string[];
}

/** The paths in a folder, without those that are never sent. */
interface Found {
  files: string[];
  /** Symbolic links, devices: nothing that can be sent. */
  odd: string[];
  leftOut: string[];
}

/**
 * Packs the folder of a skill, or of all that belongs to skills in a collection of them.
 *
 * @param folder absolute
 * @throws UsageError naming what cannot be sent: no skill, symbolic links, too much
 */
export async function packSkill(folder: string, limits = archiveLimits): Promise<Packed> {
  const found = namesBelow(folder);
  const isSkill = found.files.some((path) => path === "SKILL.md" || path === "skill.md");
  if (isSkill && found.odd.length > 0)
    throw new UsageError(
      `A skill has files only, no symbolic links or devices: put copies in their place.\n${found.odd.map((path) => `  ${path}`).join("\n")}`,
    );
  const { files, odd, leftOut: kept } = isSkill ? found : partsOfSkills(found);
  if (files.length === 0)
    throw new UsageError(`${folder} has no SKILL.md: it is not the folder of a skill, nor one of skills.`);
  const pack = await createPack(basename(folder), readFiles(folder, files, isSkill, limits), odd);
  if (pack.length > limits.packedBytes)
    throw new UsageError(
      `${folder} is over ${megabytes(limits.packedBytes)} when packed: leave something out.`,
    );
  return { archive: pack, leftOut: kept };
}

async function createPack(
  name: string,
  files: PulledFile[],
  odd: string[],
): Promise<Uint8Array<ArrayBuffer>> {
  // The library is loaded only for packing.
  const { packTar } = await import("modern-tar");
  const mtime = new Date(0);
  const tar = await packTar([
    ...files.map(({ path, bytes, executable }) => ({
      header: {
        name: `${name}/${path}`,
        size: bytes.length,
        type: "file" as const,
        mode: executable ? 0o755 : 0o644,
        mtime,
      },
      body: new Uint8Array(bytes),
    })),
    // The server names the skill they are in; where they lead is not its business.
    ...odd.map((path) => ({
      header: { name: `${name}/${path}`, size: 0, type: "symlink" as const, linkname: "?", mtime },
    })),
  ]);
  return promisify(gzip)(tar);
}

/**
 * The files in a folder that has a SKILL.md, and the marketplace files, which say which of these folders are meant.
 */
function partsOfSkills({ files, odd, ...found }: Found): Found {
  const folders = new Set([...files, ...odd].filter((path) => mainFile.test(basename(path))).map(parentOf));
  const isPart = (path: string): boolean => {
    for (let at = path; at !== ""; at = parentOf(at)) if (folders.has(parentOf(at))) return true;
    return false;
  };
  return {
    files: files.filter((path) => marketplace.test(path) || isPart(path)),
    odd: odd.filter(isPart),
    leftOut: found.leftOut.filter(isPart),
  };
}

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

function namesBelow(folder: string): Found {
  const found: Found = { files: [], odd: [], leftOut: [] };
  const visit = (inner: string) => {
    for (const name of namesIn(join(folder, inner))) {
      const path = inner === "" ? name : `${inner}/${name}`;
      const entry = lstatSync(join(folder, path));
      if (leftOut.test(name)) found.leftOut.push(path);
      else if (entry.isDirectory()) visit(path);
      else (entry.isFile() ? found.files : found.odd).push(path);
    }
  };
  visit("");
  return found;
}

/** @param isSkill Whether all of them are of one skill; in a collection the server names those that are too large. */
function readFiles(
  folder: string,
  paths: string[],
  isSkill: boolean,
  limits: typeof archiveLimits,
): PulledFile[] {
  if (isSkill && paths.length > limits.skillFiles) throw tooLarge(folder, limits);
  let size = 0;
  return paths.map((path) => {
    const { size: bytes, mode } = lstatSync(join(folder, path));
    if (isSkill && bytes > limits.fileBytes)
      throw new UsageError(
        `${path} is over ${megabytes(limits.fileBytes)}, too large for a file of a skill.`,
      );
    size += bytes;
    if (size > limits.unpackedBytes) throw tooLarge(folder, limits);
    return { path, bytes: readFileSync(join(folder, path)), executable: (mode & 0o100) !== 0 };
  });
}

function tooLarge(folder: string, limits: typeof archiveLimits): UsageError {
  return new UsageError(
    `${folder} is too large: a skill has up to ${limits.skillFiles} files, and all of them together ${megabytes(limits.unpackedBytes)}.`,
  );
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
