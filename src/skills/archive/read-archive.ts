import path from "node:path/posix";
import { SkillettError } from "#core/errors.js";
import { type Admission, createAdmission } from "#skills/archive/admission.js";
import { chooseFolders } from "#skills/archive/collection.js";
import { distinctSlugs, type PlacedSkill } from "#skills/archive/distinct-slugs.js";
import type { ListedSkill } from "#skills/archive/inventory.js";
import { archiveProblem, type Budget, limits } from "#skills/archive/limits.js";
import { gunzipTar, readTar } from "#skills/archive/tar.js";
import { readZip } from "#skills/archive/zip.js";
import { hasErrors, refuseInvalid, type SkillProblem } from "#skills/format/problem.js";
import { type ReadOptions, readSkillFolder } from "#skills/format/read-folder.js";
import type { SkillFile, SkillFolder } from "#skills/format/skill-folder.js";

export interface ArchivedSkill {
  /** Its folder in the archive; "" at the top. */
  place: string;
  /** Name of its folder; the slug where it has none. */
  directory: string;
  folder: SkillFolder;
}

/** A skill that is left out. */
export interface SkippedSkill {
  /** Its folder in the archive; "" at the top. */
  folder: string;
  /** The first thing that is wrong with it, with its file and line: all of them are among the problems. */
  reason: string;
}

/** The skills of an archive, and the problems of both. */
export interface ArchivedSkills {
  skills: ArchivedSkill[];
  /** Those with errors. */
  skipped: SkippedSkill[];
  problems: SkillProblem[];
}

/**
 * Reads the skills of a zip, tar or tar.gz that can be used; the others are named. Throws a `bad_request` with every
 * error when there is none, or when one speaks against the archive as a whole.
 */
export async function readArchive(bytes: Buffer, budget?: Budget): Promise<ArchivedSkills> {
  const archived = await inspectArchive(bytes, { budget });
  if (archived.skills.length === 0) refuseInvalid(archived.problems);
  return archived;
}

export interface InspectOptions extends ReadOptions {
  /** The bytes and files that may still be unpacked; the limit of one archive when left out. */
  budget?: Budget | undefined;
}

/** Like `readArchive`, but throws only for bytes that are no archive, and over a limit. */
export async function inspectArchive(
  bytes: Buffer,
  { budget, ...options }: InspectOptions = {},
): Promise<ArchivedSkills> {
  const admission = createAdmission(bytes.length, budget);
  const files = new Map((await unpack(bytes, admission, budget)).map((file) => [file.path, file]));
  const { skills: listed, marketplaces, refusals } = admission.inventory();
  if (refusals.length > 0) return { skills: [], skipped: [], problems: refusals };
  if (listed.length === 0) return { skills: [], skipped: [], problems: [noSkills()] };
  const problems: SkillProblem[] = [];
  const chosen = chooseFolders(
    listed.map(({ place }) => place),
    marketplaces.map((at) => files.get(at)!),
    problems,
  );
  if (hasErrors(problems)) return { skills: [], skipped: [], problems };
  const skipped: SkippedSkill[] = [];
  const read = listed
    .filter(({ place }) => chosen.has(place))
    .flatMap((skill) => {
      const { folder, problems: own } = readListed(skill, files, options);
      problems.push(...own);
      if (folder) return [{ place: skill.place, folder }];
      skipped.push(skippedSkill(skill.place, own));
      return [];
    });
  const own: SkillProblem[] = [];
  const skills = distinctSlugs(read, own);
  for (const error of own.filter(({ severity }) => severity === "error"))
    skipped.push(skippedSkill(path.dirname(error.file), [error]));
  return { skills: skills.map(toArchived), skipped, problems: [...problems, ...own] };
}

/** Signatures of packers that people try, by their first bytes. */
const otherFormats: [bytes: string, name: string][] = [
  ["425a68", "bzip2"],
  ["fd377a585a00", "xz"],
  ["377abcaf271c", "7z"],
  ["526172211a07", "rar"],
  ["28b52ffd", "zstd"],
];

async function unpack(bytes: Buffer, admission: Admission, budget?: Budget): Promise<SkillFile[]> {
  if (bytes.length > limits.packedBytes) {
    throw new SkillettError("payload_too_large", { facts: { limit: limits.packedBytes } });
  }
  const start = bytes.toString("hex", 0, 8);
  if (start.startsWith("504b")) return readZip(bytes, admission);
  if (start.startsWith("1f8b")) return readTar(await gunzipTar(bytes, budget), admission);
  if (bytes.toString("latin1", 257, 262) === "ustar") return readTar(bytes, admission);
  const other = otherFormats.find(([signature]) => start.startsWith(signature));
  throw archiveProblem(`is ${other ? `packed with ${other[1]}` : "neither zip nor tar"}: use zip or tar.gz`);
}

function readListed(
  { place, files: paths, problems }: ListedSkill,
  files: ReadonlyMap<string, SkillFile>,
  options: ReadOptions,
): { folder: SkillFolder | null; problems: SkillProblem[] } {
  if (problems.length > 0) return { folder: null, problems };
  const inner = (at: string) => (place === "" ? at : at.slice(place.length + 1));
  const own = paths.map((at) => ({ ...files.get(at)!, path: inner(at) }));
  const read = readSkillFolder(place === "" ? null : path.basename(place), own, options);
  return {
    folder: read.folder,
    problems: read.problems.map((problem) => ({ ...problem, file: path.join(place, problem.file) })),
  };
}

/** @param problems With an error among them. */
export function skippedSkill(folder: string, problems: readonly SkillProblem[]): SkippedSkill {
  const { file, line, message } = problems.find(({ severity }) => severity === "error")!;
  return { folder, reason: `${line === null ? file : `${file}:${line}`} ${message}` };
}

function toArchived({ place, folder }: PlacedSkill): ArchivedSkill {
  return { place, directory: place === "" ? folder.slug : path.basename(place), folder };
}

function noSkills(): SkillProblem {
  const message = "has no skill in it: a skill is a folder with a SKILL.md";
  return { file: "archive", line: null, message, severity: "error" };
}
