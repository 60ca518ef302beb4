import { isUtf8 } from "node:buffer";
import { type FrontMatter, isBrokenYaml, readFrontMatter } from "#skills/format/front-matter.js";
import type { Report } from "#skills/format/problem.js";

/** SKILL.md, taken apart. */
export interface SkillMd extends Pick<FrontMatter, "fields"> {
  body: string;
  /** Line of the file that the body begins at. */
  bodyLine: number;
  /** Line of the deepest part of the path that there is. */
  lineOf(...path: string[]): number;
  source: SkillMdSource;
}

/** The text of SKILL.md, lines ended by a line feed, without a byte order mark: to edit a part of it. */
export interface SkillMdSource {
  /** Between the fences. */
  frontMatter: string;
  /** The text after the closing fence. */
  rest: string;
  /** Line that each field begins at, counted from 0; null where fields have no lines of their own. */
  fieldLines: ReadonlyMap<string, number> | null;
}

const fence = "---";
/** The format's own fields take 2 KB at most: more is an attempt to keep the parser busy. */
const maxFrontMatterLength = 32_768;
const byteOrderMark = "\ufeff";

/** Splits and parses SKILL.md. Null when it cannot be read, with the reasons. */
export function readSkillMd(bytes: Buffer, report: Report): SkillMd | null {
  const text = decode(bytes, report);
  if (text === null) return null;
  const parts = split(text, report);
  if (parts === null) return null;
  const { frontMatter, rest } = parts;
  reportEarlyFence(text, frontMatter, report);
  const read = readFrontMatter(frontMatter, (line, message, weight) => report(line + 1, message, weight));
  if (read === null) return null;
  return {
    fields: read.fields,
    body: rest.trim(),
    bodyLine: lineAt(text, text.length - rest.trimStart().length),
    lineOf: (...path) => read.lineOf(path) + 1,
    source: { frontMatter, rest, fieldLines: read.fieldLines },
  };
}

/** The body of a SKILL.md that was valid when it was stored: front matter is skipped, not parsed. */
export function readInstructions(bytes: Buffer): string {
  const text = decode(bytes, () => {});
  return (text && split(text, () => {})?.rest.trim()) ?? "";
}

function decode(bytes: Buffer, report: Report): string | null {
  const fix = "save it as UTF-8 without a byte order mark";
  const refuse = (line: number, message: string) => {
    report(line, `${message}: ${fix}`);
    return null;
  };
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return refuse(1, "is UTF-16");
  }
  if (!isUtf8(bytes))
    return refuse(
      firstLine(bytes, (line) => !isUtf8(line)),
      "is not valid UTF-8",
    );
  if (bytes.includes(0))
    return refuse(
      firstLine(bytes, (line) => line.includes(0)),
      "has a NUL character in it",
    );
  const text = bytes.toString("utf8").replace(/\r\n?/g, "\n");
  if (!text.startsWith(byteOrderMark)) return text;
  report(1, `begins with a byte order mark: ${fix}`, "format");
  return text.slice(byteOrderMark.length);
}

function firstLine(bytes: Buffer, matches: (line: Buffer) => boolean): number {
  let number = 1;
  for (let start = 0; start < bytes.length; number++) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || matches(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return number;
}

/** Front matter begins in the line after the opening fence. */
function split(text: string, report: Report): { frontMatter: string; rest: string } | null {
  if (!/^---[ \t]*\n/.test(text)) {
    report(1, "must begin with front matter: a line ---, then name and description, then another line ---");
    return null;
  }
  const start = text.indexOf("\n") + 1;
  const cut = text.indexOf(fence, start);
  if (cut === -1) {
    report(1, "front matter is not closed: put a line --- after its last field");
    return null;
  }
  const closing = text.indexOf(`\n${fence}`, start - 1);
  const end = closing === -1 ? cut : closing + 1;
  if (end - start > maxFrontMatterLength) {
    report(1, `front matter is over ${maxFrontMatterLength} characters: move text into the body`);
    return null;
  }
  return { frontMatter: text.slice(start, end), rest: text.slice(end + fence.length) };
}

/** The reference validator ends the front matter at any `---`, also inside a value. */
function reportEarlyFence(text: string, frontMatter: string, report: Report): void {
  const cut = frontMatter.indexOf(fence);
  if (cut === -1) return;
  report(
    lineAt(text, text.indexOf("\n") + 1 + cut),
    "front matter has --- inside a value, where many readers end it: write a single dash",
    isBrokenYaml(frontMatter.slice(0, cut)) ? "format" : "warning",
  );
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
