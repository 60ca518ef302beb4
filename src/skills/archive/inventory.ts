import path from "node:path/posix";
import { type ArchiveEntry, limits, mebibyte } from "#skills/archive/limits.js";
import { marketplaceFile } from "#skills/archive/marketplace.js";
import { createPlaces, type Places } from "#skills/archive/places.js";
import { clashes, leadsOut, type PathEntry, pathProblem, shorten } from "#skills/format/paths.js";
import type { SkillProblem } from "#skills/format/problem.js";
import { isMisspeltMain, isSkillMd } from "#skills/format/skill-folder.js";

/** A skill's part of an archive, before it is unpacked. */
export interface ListedSkill {
  /** Its folder in the archive; "" at the top. */
  place: string;
  /** Paths of its files, as the archive has them. */
  files: string[];
  /** Of them together. */
  bytes: number;
  /** Its files cannot be taken as they are; then none of them is unpacked. */
  problems: SkillProblem[];
}

/** The skills of an archive, by its entries alone. */
export interface Inventory {
  skills: ListedSkill[];
  /** Paths of the files that say which skills belong to plugins. */
  marketplaces: string[];
  /** Why nothing of the archive can be taken. */
  refusals: SkillProblem[];
}

/** Longest marketplace.json that is read. */
const maxMarketplaceBytes = mebibyte;

/**
 * Finds the skills in a list of entries: every folder with a SKILL.md that is not itself part of a skill. Entries
 * outside of all skills are of no concern, whatever they are, unless they lead out of the archive.
 */
export function takeInventory(entries: readonly ArchiveEntry[]): Inventory {
  const refusals = entries
    .filter((entry) => leadsOut(entry.path))
    .map((entry) => problem(entry.path, pathProblem(entry.path) ?? "leads out of its folder"));
  if (refusals.length > 0) return { skills: [], marketplaces: [], refusals };
  const relevant = entries.filter((entry) => !isJunk(entry.path));
  const places = createPlaces(mainFolders(relevant));
  const marketplaces = relevant.filter(isMarketplace).map((entry) => entry.path);
  const skills = [...bySkill(relevant, places)].map(([place, own]) => listSkill(place, own));
  return { skills, marketplaces, refusals };
}

/** Folders that have a SKILL.md, or mean to. */
function mainFolders(entries: readonly ArchiveEntry[]): string[] {
  const mains = entries.filter((entry) => {
    const name = path.basename(entry.path);
    return entry.kind !== "directory" && (isSkillMd(name) || isMisspeltMain(name));
  });
  return mains.map((entry) => folderOf(entry.path));
}

function bySkill(entries: readonly ArchiveEntry[], places: Places): Map<string, ArchiveEntry[]> {
  const skills = new Map<string, ArchiveEntry[]>();
  for (const entry of entries) {
    const place = places.around(entry.path);
    if (place === null) continue;
    const known = skills.get(place);
    if (known) known.push(entry);
    else skills.set(place, [entry]);
  }
  return skills;
}

function listSkill(place: string, entries: readonly ArchiveEntry[]): ListedSkill {
  const problems: SkillProblem[] = [];
  const sound: PathEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const why = obstacleOf(entry, place);
    if (why !== null) problems.push(problem(entry.path, why));
    else sound.push({ path: entry.path, kind: entry.kind === "file" ? "file" : "directory" });
    if (entry.kind === "file") bytes += entry.size;
  }
  const files = sound.filter(({ kind }) => kind === "file").map((entry) => entry.path);
  if (files.length > limits.skillFiles)
    problems.push(problem(place, `has over ${limits.skillFiles} files: a skill may have no more`));
  problems.push(...clashes(sound).map((clash) => problem(clash.path, clash.message)));
  return { place, files, bytes, problems };
}

function obstacleOf({ path: at, kind, size, obstacle }: ArchiveEntry, place: string): string | null {
  const inner = place === "" ? at : at.slice(place.length + 1);
  const unsound = inner === "" ? null : pathProblem(at);
  if (unsound !== null || kind === "directory") return unsound;
  if (kind !== "file") return `is a ${kind}: put the file itself in its place`;
  if (obstacle !== undefined) return obstacle;
  if (size > limits.skillMdBytes && isSkillMd(path.basename(at))) {
    return `has ${size} bytes: move text into references/, this file may have ${limits.skillMdBytes / mebibyte} MB`;
  }
  if (size <= limits.fileBytes) return null;
  return `has ${size} bytes: a file may have ${limits.fileBytes / mebibyte} MB`;
}

function isMarketplace({ path: at, kind, size, obstacle }: ArchiveEntry): boolean {
  if (kind !== "file" || obstacle !== undefined || size > maxMarketplaceBytes) return false;
  return at === marketplaceFile || at.endsWith(`/${marketplaceFile}`);
}

/** Left behind by file managers and version control: nobody means to import it. */
function isJunk(place: string): boolean {
  return /(^|\/)(__MACOSX|\.git|\.DS_Store|\._[^/]*)(\/|$)/.test(place);
}

function problem(file: string, message: string): SkillProblem {
  return { file: shorten(file), line: null, message, severity: "error" };
}

function folderOf(file: string): string {
  const folder = path.dirname(file);
  return folder === "." ? "" : folder;
}
