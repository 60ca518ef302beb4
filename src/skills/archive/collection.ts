import path from "node:path/posix";
import { chooseSkills } from "#skills/archive/marketplace.js";
import type { SkillProblem } from "#skills/format/problem.js";
import type { SkillFile } from "#skills/format/skill-folder.js";

/**
 * Which of the skill folders of a collection are meant: all of them, except where a marketplace.json names some.
 * It governs the folder that it is for, and none of those that have another.
 *
 * @param marketplaces The marketplace.json files, with their paths in the collection.
 */
export function chooseFolders(
  folders: readonly string[],
  marketplaces: readonly SkillFile[],
  problems: SkillProblem[],
): ReadonlySet<string> {
  const roots = new Map(marketplaces.map((file) => [rootOf(file.path), file]));
  const governed = new Map<SkillFile | undefined, string[]>();
  for (const folder of folders) {
    const root = [folder, ...ancestors(folder)].find((it) => roots.has(it));
    const file = root === undefined ? undefined : roots.get(root);
    governed.set(file, [...(governed.get(file) ?? []), folder]);
  }
  const chosen = [...governed].flatMap(([file, below]) => {
    if (!file) return below;
    return chooseSkills(
      file.bytes.toString("utf8"),
      rootOf(file.path),
      below,
      (message, severity = "warning") => problems.push({ file: file.path, line: null, message, severity }),
    );
  });
  return new Set(chosen);
}

/** The folder that a marketplace.json is for: that with `.claude-plugin` in it. */
const rootOf = (file: string) => folderOf(folderOf(file));

/** From the nearest to the top, which is "". */
export function ancestors(folder: string): string[] {
  const all: string[] = [];
  for (let at = folder; at !== ""; ) {
    at = folderOf(at);
    all.push(at);
  }
  return all;
}

function folderOf(file: string): string {
  const folder = path.dirname(file);
  return folder === "." ? "" : folder;
}
