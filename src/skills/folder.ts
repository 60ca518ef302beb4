import { advise } from "#skills/folder-advice.js";
import { clashes, pathProblem, portabilityProblem, shorten } from "#skills/paths.js";
import { type Report, readSkillMd, type Weight } from "#skills/skill-md.js";
import { readMetadata } from "#skills/skill-metadata.js";
import { checkFields } from "#skills/skill-rules.js";

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
  /** What it goes by: that of its folder, as letters, digits and dashes. */
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

export interface ReadOptions {
  /** By the rules of the format's reference validator: what deviates from them is an error. */
  strict?: boolean;
}

/**
 * Reads a skill's folder. What deviates from the Agent Skills format and breaks nothing is a warning, an error with
 * `strict`. The folder is null when there is an error.
 *
 * @param directoryName Name of the folder, which gives the slug; null when it has none.
 */
export function readSkillFolder(
  directoryName: string | null,
  files: SkillFile[],
  { strict = false }: ReadOptions = {},
): { folder: SkillFolder | null; problems: SkillProblem[] } {
  const problems = filePathProblems(files);
  const main = mainNames.map((name) => files.find(({ path }) => path === name)).find((file) => file);
  if (!main) return { folder: null, problems: [...problems, noMain(files)] };
  const severityOf = (weight: Weight) => (weight !== "format" ? weight : strict ? "error" : "warning");
  const report: Report = (line, message, weight = "error") =>
    problems.push({ file: main.path, line, message, severity: severityOf(weight) });
  const skillMd = readSkillMd(main.bytes, report);
  if (!skillMd) return { folder: null, problems };
  const identity = checkFields(skillMd, directoryName, report);
  const metadata = readMetadata(skillMd, report);
  problems.push(...advise(skillMd, files, report));
  if (identity === null || hasErrors(problems)) return { folder: null, problems };
  return {
    folder: {
      ...identity,
      frontMatter: skillMd.fields,
      instructions: skillMd.body,
      ...metadata,
      files: [main, ...files.filter((file) => file !== main).sort(byPath)],
    },
    problems,
  };
}

export function hasErrors(problems: readonly SkillProblem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}

function filePathProblems(files: SkillFile[]): SkillProblem[] {
  const paths = files.map(({ path }) => path);
  const unsafe = paths.flatMap((path) => toProblem(path, pathProblem(path), "error"));
  if (unsafe.length > 0) return unsafe;
  return [
    ...clashes(paths.map((path) => ({ path, kind: "file" }))).flatMap(({ path, message }) =>
      toProblem(path, message, "error"),
    ),
    ...paths.flatMap((path) => toProblem(path, portabilityProblem(path), "warning")),
  ];
}

function toProblem(path: string, message: string | null, severity: SkillProblem["severity"]): SkillProblem[] {
  return message === null ? [] : [{ file: shorten(path), line: null, message, severity }];
}

function noMain(files: SkillFile[]): SkillProblem {
  const similar = files.find(({ path }) => isMisspeltMain(path));
  const fix = similar ? `rename ${similar.path} to SKILL.md` : "add it, with name and description";
  return { file: "SKILL.md", line: null, message: `is missing: ${fix}`, severity: "error" };
}

/** By code unit, so that the order is the same on every machine. */
function byPath(a: SkillFile, b: SkillFile): number {
  return a.path < b.path ? -1 : 1;
}
