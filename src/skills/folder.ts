import { advise } from "#skills/folder-advice.js";
import { clashes, pathProblem, shorten } from "#skills/paths.js";
import { type Report, readSkillMd } from "#skills/skill-md.js";
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

/**
 * Reads a skill's folder by the Agent Skills rules: what their reference validator takes is taken, what it refuses
 * is an error. The folder is null when there is one.
 *
 * @param directoryName Name of the folder, which the skill's name must equal; null when it has none.
 */
export function readSkillFolder(
  directoryName: string | null,
  files: SkillFile[],
): { folder: SkillFolder | null; problems: SkillProblem[] } {
  const problems = filePathProblems(files);
  const main = mainNames.map((name) => files.find(({ path }) => path === name)).find((file) => file);
  if (!main) return { folder: null, problems: [...problems, noMain(files)] };
  const report: Report = (line, message, severity = "error") =>
    problems.push({ file: main.path, line, message, severity });
  const skillMd = readSkillMd(main.bytes, report);
  if (!skillMd) return { folder: null, problems };
  const { name, description } = checkFields(skillMd, directoryName, report);
  const metadata = readMetadata(skillMd, report);
  problems.push(...advise(skillMd, files, report));
  if (name === null || description === null || hasErrors(problems)) return { folder: null, problems };
  return {
    folder: {
      name,
      description,
      frontMatter: skillMd.fields,
      instructions: skillMd.body,
      ...metadata,
      files: [main, ...files.filter((file) => file !== main).sort(byPath)],
    },
    problems,
  };
}

export function hasErrors(problems: SkillProblem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}

function filePathProblems(files: SkillFile[]): SkillProblem[] {
  const unsafe = files.flatMap(({ path }) => {
    const message = pathProblem(path);
    return message === null ? [] : [{ path, message }];
  });
  const found = unsafe.length > 0 ? unsafe : clashes(files.map(({ path }) => ({ path, kind: "file" })));
  return found.map(({ path, message }) => ({ file: shorten(path), line: null, message, severity: "error" }));
}

function noMain(files: SkillFile[]): SkillProblem {
  const similar = files.find(({ path }) => path.toLowerCase() === "skill.md");
  const fix = similar ? `rename ${similar.path} to SKILL.md` : "add it, with name and description";
  return { file: "SKILL.md", line: null, message: `is missing: ${fix}`, severity: "error" };
}

/** By code unit, so that the order is the same on every machine. */
function byPath(a: SkillFile, b: SkillFile): number {
  return a.path < b.path ? -1 : 1;
}
