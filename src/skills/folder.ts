/** A file of a skill. */
export interface SkillFile {
  /** Relative to the skill's folder, `/` between its parts. */
  path: string;
  bytes: Buffer;
  executable: boolean;
}

/** Something wrong with a skill's folder; only errors make it unusable. */
export interface SkillProblem {
  file: string;
  /** Counted from 1; null when it is about the file as a whole. */
  line: number | null;
  /** What is wrong, and how to put it right. */
  message: string;
  severity: "error" | "warning";
}

/** An Agent Skills folder, read. @see https://agentskills.io/specification */
export interface SkillFolder {
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
