import path from "node:path/posix";
import { ancestors } from "#skills/archive/collection.js";
import { folderDigest } from "#skills/format/digests.js";
import type { SkillProblem } from "#skills/format/problem.js";
import type { SkillFolder } from "#skills/format/skill-folder.js";
import { toSlug } from "#skills/format/slug.js";

/** A skill, and where it was found. */
export interface PlacedSkill {
  /** Its folder in the collection; "" at the top. */
  place: string;
  folder: SkillFolder;
}

const maxNumber = 99;
/** Folders whose names say nothing about the skills in them. */
const sayingNothing = /^(\..*|skills?|plugins?)$/i;

/**
 * Gives each skill of a collection a slug of its own. The one that lies higher keeps its slug, then the one in a folder
 * `skills`, then the one whose folder has the very name, then the one whose path comes first, so that it does not
 * depend on the order in an archive; the others get one with the name of a folder above them, or a number. One that is
 * the same as another is left out.
 */
export function distinctSlugs(skills: readonly PlacedSkill[], problems: SkillProblem[]): PlacedSkill[] {
  const bySlug = new Map<string, PlacedSkill>();
  const given = new Map<string, PlacedSkill>();
  for (const skill of [...skills].sort(byPlace)) {
    const slug = freeSlug(skill, bySlug, problems);
    if (slug === null) continue;
    const named = { ...skill, folder: { ...skill.folder, slug } };
    bySlug.set(slug, named);
    given.set(skill.place, named);
  }
  return skills.flatMap(({ place }) => given.get(place) ?? []);
}

/** Null when the skill is not to be taken: the reason is among the problems. */
function freeSlug(
  { place, folder }: PlacedSkill,
  taken: ReadonlyMap<string, PlacedSkill>,
  problems: SkillProblem[],
): string | null {
  const other = taken.get(folder.slug);
  if (!other) return folder.slug;
  const tell = (message: string, severity: SkillProblem["severity"]) =>
    problems.push({ file: path.join(place, folder.files[0]!.path), line: null, message, severity });
  if (folderDigest(folder.files) === folderDigest(other.folder.files)) {
    tell(`is the same as the skill in ${other.place}: it is taken once`, "warning");
    return null;
  }
  const common = new Set(ancestors(other.place));
  const byFolder = ancestors(place)
    .filter((above) => !common.has(above))
    .map((above) => path.basename(above))
    .filter((name) => name !== "" && !sayingNothing.test(name))
    .map((name) => toSlug(`${name}-${folder.slug}`));
  const slug = [...byFolder, ...numbered(folder.slug)].find((it) => it !== null && !taken.has(it));
  if (slug === undefined || slug === null) {
    tell(`goes by ${folder.slug}, as does the skill in ${other.place}: rename its folder`, "error");
    return null;
  }
  tell(
    `goes by ${folder.slug}, as does the skill in ${other.place}, so it comes in as ${slug}: rename its folder for a slug of its own`,
    "warning",
  );
  return slug;
}

/** Where no folder tells them apart: `a_b` and `a-b`, side by side. */
function numbered(slug: string): (string | null)[] {
  const start = [...slug].slice(0, 60).join("");
  return Array.from({ length: maxNumber - 1 }, (_, at) => toSlug(`${start}-${at + 2}`));
}

const depthOf = (place: string) => place.split("/").length;
const isInSkills = (place: string) => path.basename(path.dirname(place)) === "skills";

/** Whether its folder has the very name. */
const isNamedSo = ({ place, folder }: PlacedSkill) => path.basename(place) === folder.slug;

function byPlace(a: PlacedSkill, b: PlacedSkill): number {
  return (
    depthOf(a.place) - depthOf(b.place) ||
    Number(isInSkills(b.place)) - Number(isInSkills(a.place)) ||
    Number(isNamedSo(b)) - Number(isNamedSo(a)) ||
    (a.place < b.place ? -1 : 1)
  );
}
