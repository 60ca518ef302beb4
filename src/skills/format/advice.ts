import path from "node:path/posix";
import type { Report, SkillProblem } from "#skills/format/problem.js";
import type { SkillFile } from "#skills/format/skill-folder.js";
import type { SkillMd } from "#skills/format/skill-md.js";

const maxBodyLines = 500;
/** Longer lines are data rather than prose. */
const maxLineLength = 5000;
/** Characters of the body that are looked at. A longer one is no prose either. */
const maxBodyLength = 256 * 1024;
const link = /\[[^[\]]{0,500}\]\(\s{0,9}<?([^()<>\s]{1,500})>?[^()]{0,500}\)/g;

/** Notes on a skill that works, but could be better. */
export function advise(skillMd: SkillMd, files: SkillFile[], report: Report): SkillProblem[] {
  const lines = countLines(skillMd.body);
  if (lines > maxBodyLines) {
    const message = `body has ${lines} lines: move what is not always needed into references/`;
    report(skillMd.bodyLine + maxBodyLines, message, "warning");
  }
  adviseOnLinks(skillMd, files, report);
  return [...innerSkills(files), ...deepReferences(files), ...scriptsWithoutShebang(files)];
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function adviseOnLinks({ body, bodyLine }: SkillMd, files: SkillFile[], report: Report): void {
  const known = new Set(files.flatMap((file) => [file.path, ...foldersOf(file.path)]));
  const seen = new Set<string>();
  for (const { target, index } of linksOf(body.slice(0, maxBodyLength))) {
    const place = path.normalize(target).replace(/\/$/, "");
    if (known.has(place) || place === "." || seen.has(place)) continue;
    seen.add(place);
    const message = place.startsWith("../")
      ? `links to ${target}, outside of the skill: it will not be there`
      : `links to ${target}, which is not in the folder: add it, or remove the link`;
    report(bodyLine + index, message, "warning");
  }
}

function foldersOf(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join("/"));
}

/** Links to files, outside of code. */
function linksOf(body: string): { target: string; index: number }[] {
  let inCode = false;
  return body.split("\n").flatMap((line, index) => {
    if (/^\s*(```|~~~)/.test(line)) inCode = !inCode;
    if (inCode || line.length > maxLineLength) return [];
    return [...line.replace(/`[^`]*`/g, "").matchAll(link)]
      .map((match) => fileTarget(match[1]!))
      .filter((target) => target !== null)
      .map((target) => ({ target, index }));
  });
}

/** Null for addresses, anchors and placeholders. */
function fileTarget(target: string): string | null {
  const [file = ""] = target.split(/[?#]/);
  if (file === "" || /^([a-z][a-z0-9+.-]*:|\/)/i.test(file) || /[{}$*|]/.test(file)) return null;
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
}

function innerSkills(files: SkillFile[]): SkillProblem[] {
  return files
    .filter((file) => /\/(SKILL|skill)\.md$/.test(file.path))
    .map((file) => ({
      file: file.path,
      line: null,
      message: "is a file of this skill: if it should be a skill of its own, move its folder out",
      severity: "warning",
    }));
}

function deepReferences(files: SkillFile[]): SkillProblem[] {
  const deep = files.filter((file) => /^references\/[^/]+\//.test(file.path));
  return [...new Set(deep.map((file) => path.dirname(file.path)))].map((folder) => ({
    file: folder,
    line: null,
    message: "references should lie in references/ itself: agents rarely look deeper",
    severity: "warning",
  }));
}

function scriptsWithoutShebang(files: SkillFile[]): SkillProblem[] {
  return files.filter(needsShebang).map((file) => ({
    file: file.path,
    line: 1,
    message: "does not say what runs it: begin it with a line such as #!/usr/bin/env bash",
    severity: "warning",
  }));
}

function needsShebang({ path: name, bytes, executable }: SkillFile): boolean {
  if (!name.startsWith("scripts/") || !(executable || /\.(sh|bash|zsh)$/.test(name))) return false;
  const isBinary = bytes.subarray(0, 8000).includes(0);
  return !isBinary && bytes.toString("latin1", 0, 2) !== "#!";
}
