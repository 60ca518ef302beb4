import { readSkillFolder } from "#skills/format/read-folder.js";
import type { SkillFolder } from "#skills/format/skill-folder.js";
import type { SkillRow, VersionFacts } from "#store/schema/skill-tables.js";

/** The facts of a version that are repeated in the row of its skill. */
export type ShownFacts = Pick<SkillRow, "name" | "description" | "category" | "tool_ids">;

export function factsOf(folder: SkillFolder): VersionFacts {
  const { name, description, category, toolIds, author, version, frontMatter } = folder;
  return {
    name,
    description,
    category,
    tool_ids: JSON.stringify(toolIds),
    author,
    metadata_version: version,
    front_matter: JSON.stringify(frontMatter),
  };
}

export function shownFacts({ name, description, category, tool_ids }: VersionFacts): ShownFacts {
  return { name, description, category, tool_ids };
}

/** The facts of a version, by its SKILL.md alone; null when it cannot be read. */
export function readFacts(slug: string, skillMd: Buffer): VersionFacts | null {
  const { folder } = readSkillFolder(slug, [{ path: "SKILL.md", bytes: skillMd, executable: false }]);
  return folder && factsOf(folder);
}
