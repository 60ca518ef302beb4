import { basename } from "node:path/posix";
import { badRequest, type SkillettError } from "#core/errors.js";
import { isSkillMd, type SkillProblem } from "#skills/folder.js";
import { clashes, type PathEntry, pathProblem, shorten } from "#skills/paths.js";

const mebibyte = 1024 * 1024;
/** What an archive may be and hold. */
export const limits = {
  packedBytes: 50 * mebibyte,
  unpackedBytes: 200 * mebibyte,
  fileBytes: 10 * mebibyte,
  /** It is read whole, again and again: by whoever looks at the skill, and by models. */
  skillMdBytes: mebibyte,
  entries: 5000,
  /** Unpacked to packed, for archives that unpack to more than `ratioFromBytes`. */
  ratio: 100,
  ratioFromBytes: 10 * mebibyte,
};

/** What may still be unpacked, where several archives share what one may hold. */
export interface Budget {
  bytes: number;
  entries: number;
}

/** Of one archive by itself, or of all that one source offers. */
export const wholeBudget: Readonly<Budget> = { bytes: limits.unpackedBytes, entries: limits.entries };

/** How many bytes an archive of this size may unpack to. */
export function allowedBytes(packedBytes: number): number {
  return Math.min(limits.unpackedBytes, Math.max(limits.ratioFromBytes, packedBytes * limits.ratio));
}

/** What an archive says of one of its entries. */
export interface ArchiveEntry {
  path: string;
  /** `file`, `directory`, or what it is instead: `symbolic link`. */
  kind: string;
  size: number;
  /** Why it cannot be unpacked, such as its encryption. */
  obstacle?: string;
}

/** Judges the entries of an archive before anything of them is unpacked. */
export interface Manifest {
  /** The path of a file to unpack; null for what is no file, is not wanted, or must not be. Throws over a limit. */
  admit(entry: ArchiveEntry): string | null;
  /** Everything that speaks against the archive. */
  problems(): SkillProblem[];
}

export function createManifest(packedBytes: number, budget = wholeBudget): Manifest {
  const allowed = Math.min(allowedBytes(packedBytes), budget.bytes);
  const problems: SkillProblem[] = [];
  const sound: PathEntry[] = [];
  let count = 0;
  let bytes = 0;
  const refuse = (path: string, message: string) => {
    problems.push({ file: shorten(path), line: null, message, severity: "error" });
    return null;
  };
  return {
    admit(entry) {
      count += 1;
      if (count > budget.entries) throw tooMany();
      const path = entry.path.replace(/^(\.\/+)+/, "");
      if (entry.kind === "directory" && /^\.?\/*$/.test(path)) return null;
      const place = entry.kind === "directory" ? path.replace(/\/$/, "") : path;
      const message = pathProblem(place);
      if (message) return refuse(place, message);
      if (isJunk(place)) return null;
      const obstacle = entry.obstacle ?? kindProblem(entry.kind) ?? sizeProblem(place, entry.size);
      if (obstacle) return refuse(place, obstacle);
      bytes += entry.size;
      if (bytes > allowed) throw tooLarge(packedBytes, budget);
      sound.push({ path: place, kind: entry.kind === "file" ? "file" : "directory" });
      return entry.kind === "file" ? place : null;
    },
    problems: () => [
      ...problems,
      ...clashes(sound).map(
        ({ path, message }): SkillProblem => ({
          file: shorten(path),
          line: null,
          message,
          severity: "error",
        }),
      ),
    ],
  };
}

/** Left behind by file managers and version control: nobody means to import it. */
function isJunk(path: string): boolean {
  return path
    .split("/")
    .some((part) => part === "__MACOSX" || part === ".git" || part === ".DS_Store" || part.startsWith("._"));
}

function kindProblem(kind: string): string | null {
  if (kind === "file" || kind === "directory") return null;
  return `is a ${kind}: put the file itself in its place`;
}

function sizeProblem(path: string, size: number): string | null {
  if (size > limits.skillMdBytes && isSkillMd(basename(path))) {
    return `has ${size} bytes: move text into references/, this file may have ${limits.skillMdBytes / mebibyte} MB`;
  }
  if (size <= limits.fileBytes) return null;
  return `has ${size} bytes: a file may have ${limits.fileBytes / mebibyte} MB`;
}

function tooMany(): SkillettError {
  return archiveProblem(
    `has over ${limits.entries} files and folders, with those before it where there are several`,
  );
}

/** Of an archive that unpacks to more than it may. */
export function tooLarge(packedBytes: number, budget = wholeBudget): SkillettError {
  const allowed = allowedBytes(packedBytes);
  if (budget.bytes < allowed) {
    return archiveProblem(`unpacks, with those before it, to over ${limits.unpackedBytes / mebibyte} MB`);
  }
  const why = allowed < limits.unpackedBytes ? ` (${limits.ratio} times its size, or 10 MB)` : "";
  return archiveProblem(`unpacks to over ${Math.floor(allowed / mebibyte)} MB${why}`);
}

export function archiveProblem(message: string, cause?: unknown): SkillettError {
  return badRequest([{ at: "archive", message }], { cause });
}
