import { advise } from "#skills/format/advice.js";
import { checkFields } from "#skills/format/fields.js";
import { readMetadata } from "#skills/format/metadata.js";
import { clashes, pathProblem, portabilityProblem, shorten } from "#skills/format/paths.js";
import { hasErrors, type Report, type SkillProblem, type Weight } from "#skills/format/problem.js";
import { findMain, isMisspeltMain, type SkillFile, type SkillFolder } from "#skills/format/skill-folder.js";
import { readSkillMd } from "#skills/format/skill-md.js";

export interface ReadOptions {
  /** By the rules of the format's reference validator: any deviation from them is an error. */
  strict?: boolean;
}

/**
 * Reads a skill's folder. A deviation from the Agent Skills format that breaks nothing is a warning, an error with
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
  const main = findMain(files);
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
