import { archiveLimits } from "#core/archive-limits.js";
import { badRequest, type SkillettError } from "#core/errors.js";

export const mebibyte = 1024 * 1024;
/** Limits of an archive. */
export const limits = {
  ...archiveLimits,
  /** It is read as a whole, again and again: by people who look at the skill, and by models. */
  skillMdBytes: mebibyte,
  /** Of all skills together. */
  files: 20_000,
  /** Entries, whether they belong to a skill or not. */
  entries: 100_000,
  /** Unpacked to packed, for archives that unpack to more than `ratioFromBytes`. */
  ratio: 100,
  ratioFromBytes: 10 * mebibyte,
};

/** The bytes and files of skills that may still be unpacked, where several archives share one limit. */
export interface Budget {
  bytes: number;
  files: number;
}

/** Of one archive by itself, or of all that one source offers. */
export const wholeBudget: Readonly<Budget> = { bytes: limits.unpackedBytes, files: limits.files };

/** How many bytes an archive of this size may unpack to. */
export function allowedBytes(packedBytes: number): number {
  return Math.min(limits.unpackedBytes, Math.max(limits.ratioFromBytes, packedBytes * limits.ratio));
}

/** An entry of an archive, as the archive describes it. */
export interface ArchiveEntry {
  path: string;
  /** `file`, `directory`, or what it is instead: `symbolic link`. */
  kind: string;
  size: number;
  /** Why it cannot be unpacked, such as its encryption. */
  obstacle?: string;
}

/** Of an archive that lists more than anybody reads. */
export function tooManyEntries(): SkillettError {
  return archiveProblem(`has over ${limits.entries} files and folders`);
}

/** Of an archive with more files in its skills than it may have. */
export function tooManyFiles(): SkillettError {
  return archiveProblem(
    `has over ${limits.files} files in its skills, with those before it where there are several`,
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
