/** A file of a skill. */
export interface SkillFile {
  /** Relative to the skill's folder, `/` between its parts. */
  path: string;
  bytes: Buffer;
  executable: boolean;
}

/** An Agent Skills folder, read. @see https://agentskills.io/specification */
export interface SkillFolder {
  /** The name of its folder, reduced to letters, digits and dashes; by it the skill is addressed. */
  slug: string;
  /** As SKILL.md has it: in the format the same as the slug, elsewhere any text. */
  name: string;
  description: string;
  /** As it stands there: every scalar is text. */
  frontMatter: Record<string, unknown>;
  /** Body of SKILL.md. */
  instructions: string;
  /** `metadata.skillett-endpoints`: endpoints it needs, `github.create_issue`. */
  toolIds: string[];
  category: string | null;
  tags: string[];
  /** `metadata.version` as a semantic version. */
  version: string | null;
  author: string | null;
  /** SKILL.md first, then by path. */
  files: SkillFile[];
}

/** Names the reference validator takes; the first one there counts. */
const mainNames = ["SKILL.md", "skill.md"];

/** Whether a path in the folder is the file that makes it a skill. */
export function isSkillMd(path: string): boolean {
  return mainNames.includes(path);
}

/** Whether a path would be that file if the case of its letters did not count, as on some systems. */
export function isMisspeltMain(path: string): boolean {
  return path.toLowerCase() === "skill.md" && !isSkillMd(path);
}

/** SKILL.md of a folder. */
export function findMain(files: readonly SkillFile[]): SkillFile | undefined {
  return mainNames.map((name) => files.find(({ path }) => path === name)).find((file) => file);
}
