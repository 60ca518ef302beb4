import path from "node:path/posix";
import { SkillettError } from "#core/errors.js";
import { findSkills, type SkillPart } from "#skills/collection.js";
import { readSkillFolder, type SkillFile, type SkillFolder, type SkillProblem } from "#skills/folder.js";
import { refuseInvalid } from "#skills/refusals.js";
import { gunzipTar, readTar } from "#skills/tar.js";
import { archiveProblem, type Budget, createManifest, limits, type Manifest } from "#skills/unpacking.js";
import { readZip } from "#skills/zip.js";

export interface ArchivedSkill {
  /** Name of its folder, which is the skill's name. */
  directory: string;
  folder: SkillFolder;
}

/** Skills of an archive; `problems` are what is wrong with it. */
export interface ArchivedSkills {
  skills: ArchivedSkill[];
  problems: SkillProblem[];
}

/**
 * Reads the skills of a zip, tar or tar.gz. Throws a `bad_request` that lists every error when there is one, so that
 * nothing is half imported; the problems it returns are warnings.
 */
export async function readArchive(bytes: Buffer, budget?: Budget): Promise<ArchivedSkills> {
  const archived = await inspectArchive(bytes, budget);
  refuseInvalid(archived.problems);
  return archived;
}

/** Like `readArchive`, but returns the errors, too. Throws for what is no archive, or over a limit. */
export async function inspectArchive(bytes: Buffer, budget?: Budget): Promise<ArchivedSkills> {
  const manifest = createManifest(bytes.length, budget);
  const files = await unpack(bytes, manifest, budget);
  const problems = manifest.problems();
  if (problems.length > 0) return { skills: [], problems };
  const skills = findSkills(files, problems).flatMap((part) => readPart(part, problems));
  problems.push(...sameNames(skills));
  return { skills: skills.map(({ directory, folder }) => ({ directory, folder })), problems };
}

/** Signatures of packers that people try, by their first bytes. */
const otherFormats: [bytes: string, name: string][] = [
  ["425a68", "bzip2"],
  ["fd377a585a00", "xz"],
  ["377abcaf271c", "7z"],
  ["526172211a07", "rar"],
  ["28b52ffd", "zstd"],
];

async function unpack(bytes: Buffer, manifest: Manifest, budget?: Budget): Promise<SkillFile[]> {
  if (bytes.length > limits.packedBytes) {
    throw new SkillettError("payload_too_large", { facts: { limit: limits.packedBytes } });
  }
  const start = bytes.toString("hex", 0, 8);
  if (start.startsWith("504b")) return readZip(bytes, manifest);
  if (start.startsWith("1f8b")) return readTar(await gunzipTar(bytes, budget), manifest);
  if (bytes.toString("latin1", 257, 262) === "ustar") return readTar(bytes, manifest);
  const other = otherFormats.find(([signature]) => start.startsWith(signature));
  throw archiveProblem(`is ${other ? `packed with ${other[1]}` : "neither zip nor tar"}: use zip or tar.gz`);
}

interface PlacedSkill extends ArchivedSkill {
  place: string;
}

function readPart({ place, files }: SkillPart, problems: SkillProblem[]): PlacedSkill[] {
  const read = readSkillFolder(place === "" ? null : path.basename(place), files);
  problems.push(...read.problems.map((problem) => ({ ...problem, file: path.join(place, problem.file) })));
  if (!read.folder) return [];
  return [{ directory: place === "" ? read.folder.name : path.basename(place), folder: read.folder, place }];
}

function sameNames(skills: PlacedSkill[]): SkillProblem[] {
  const first = new Map<string, string>();
  return skills.flatMap(({ folder, place }) => {
    const other = first.get(folder.name);
    if (other === undefined) {
      first.set(folder.name, place);
      return [];
    }
    const message = `is named ${folder.name}, as is the skill in ${other}: rename one`;
    return [{ file: `${place}/SKILL.md`, line: null, message, severity: "error" as const }];
  });
}
