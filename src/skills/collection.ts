import path from "node:path/posix";
import { isSkillMd, type SkillFile, type SkillProblem } from "#skills/folder.js";
import { chooseSkills, marketplaceFile } from "#skills/marketplace.js";

/** One skill's part of a collection, its paths as they are in its own folder. */
export interface SkillPart {
  /** Place in the collection; "" at the top. */
  place: string;
  files: SkillFile[];
}

/**
 * Finds the skills in a collection of files: every folder with a SKILL.md that is not itself part of a skill, or
 * those that a marketplace.json names.
 */
export function findSkills(files: SkillFile[], problems: SkillProblem[]): SkillPart[] {
  const folders = files
    .filter((file) => isSkillMd(path.basename(file.path)))
    .map((file) => folderOf(file.path));
  const marketplace = files
    .filter((file) => file.path === marketplaceFile || file.path.endsWith(`/${marketplaceFile}`))
    .sort((a, b) => a.path.length - b.path.length)[0];
  const outermost = withoutInner([...new Set(folders)]);
  const places = marketplace ? chosenBy(marketplace, outermost, problems) : outermost;
  if (places.length === 0 && !problems.some(({ severity }) => severity === "error"))
    problems.push(noSkills(files));
  return places.map((place) => ({ place, files: filesBelow(place, files) }));
}

/** A SKILL.md inside of a skill is one of its files: an example, or a template. */
function withoutInner(folders: string[]): string[] {
  const all = new Set(folders);
  return folders.filter((folder) => !ancestors(folder).some((ancestor) => all.has(ancestor)));
}

function ancestors(folder: string): string[] {
  return folder === "" ? [] : [folderOf(folder), ...ancestors(folderOf(folder))];
}

function folderOf(file: string): string {
  const folder = path.dirname(file);
  return folder === "." ? "" : folder;
}

function chosenBy(marketplace: SkillFile, folders: string[], problems: SkillProblem[]): string[] {
  const root = folderOf(folderOf(marketplace.path));
  return chooseSkills(marketplace.bytes.toString("utf8"), root, folders, (message, severity = "error") =>
    problems.push({ file: marketplace.path, line: null, message, severity }),
  );
}

function filesBelow(place: string, files: SkillFile[]): SkillFile[] {
  if (place === "") return files;
  return files
    .filter((file) => file.path.startsWith(`${place}/`))
    .map((file) => ({ ...file, path: file.path.slice(place.length + 1) }));
}

function noSkills(files: SkillFile[]): SkillProblem {
  const similar = files.find((file) => path.basename(file.path).toLowerCase() === "skill.md");
  const fix = similar ? `rename ${similar.path} to SKILL.md` : "a skill is a folder with a SKILL.md";
  return { file: "archive", line: null, message: `has no skill in it: ${fix}`, severity: "error" };
}
