import { isUtf8 } from "node:buffer";
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import type { SkillProblem } from "#skills/folder.js";

/** Notes a problem at a line of the file, counted from 1. */
export type Report = (line: number | null, message: string, severity?: SkillProblem["severity"]) => void;

/** SKILL.md, taken apart. */
export interface SkillMd {
  /** Front matter; every scalar is text, as the reference validator reads it. */
  fields: Record<string, unknown>;
  body: string;
  /** Line of the file that the body begins at. */
  bodyLine: number;
  /** Line of the deepest part of the path that there is. */
  lineOf(...path: string[]): number;
}

const fence = "---";
/** The format's own fields take 2 KB at most: more is an attempt to keep the parser busy. */
const maxFrontMatterLength = 32_768;
const unprintable = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ud800-\udfff\ue000-\ufffd]/;

/** Splits and parses SKILL.md as strictly as the reference validator does. Null when that fails, with the reasons. */
export function readSkillMd(bytes: Buffer, report: Report): SkillMd | null {
  const text = decode(bytes, report);
  if (text === null) return null;
  const parts = split(text, report);
  if (parts === null) return null;
  const lines = new LineCounter();
  const document = parseYaml(parts.frontMatter, lines, report);
  if (document === null) return null;
  return {
    fields: document.toJS() as Record<string, unknown>,
    body: parts.body.trim(),
    bodyLine: lineAt(text, text.length - parts.body.trimStart().length),
    lineOf: (...path) => lines.linePos(offsetOf(document.contents, path)).line + 1,
  };
}

function decode(bytes: Buffer, report: Report): string | null {
  const fix = "save it as UTF-8 without a byte order mark";
  const refuse = (line: number, message: string) => {
    report(line, `${message}: ${fix}`);
    return null;
  };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return refuse(1, "begins with a byte order mark");
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
  return bytes.toString("utf8").replace(/\r\n?/g, "\n");
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
function split(text: string, report: Report): { frontMatter: string; body: string } | null {
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
  const frontMatter = text.slice(start, end);
  if (cut < end) reportEarlyFence(text, start, cut, report);
  return { frontMatter, body: text.slice(end + fence.length) };
}

/** The reference validator ends the front matter at any `---`, also inside a value. */
function reportEarlyFence(text: string, start: number, cut: number, report: Report): void {
  const broken = parseStrict(text.slice(start, cut), new LineCounter()).errors.length > 0;
  report(
    lineAt(text, cut),
    "front matter has --- inside a value, where many readers end it: write a single dash",
    broken ? "error" : "warning",
  );
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** Scalars are text and nothing else: `version: 1.0` is "1.0". */
function parseStrict(text: string, lineCounter: LineCounter): Document.Parsed {
  return parseDocument(text, { schema: "failsafe", prettyErrors: false, lineCounter });
}

function parseYaml(text: string, lines: LineCounter, report: Report): Document.Parsed | null {
  const refuse = (offset: number, message: string) => {
    report(lines.linePos(offset).line + 1, message);
    return null;
  };
  const odd = unprintable.exec(text);
  const document = parseStrict(text, lines);
  if (odd) return refuse(odd.index, "front matter has a control character in it: remove it");
  const faults = [...document.errors.map(errorFault), ...strictFaults(document)];
  const seen = new Set<number>();
  for (const { offset, message } of faults.sort((a, b) => a.offset - b.offset)) {
    const { line } = lines.linePos(offset);
    // What follows a mistake in its line is mostly its consequence.
    if (!seen.has(line)) refuse(offset, `front matter is not valid YAML: ${message}`);
    seen.add(line);
  }
  if (faults.length > 0) return null;
  if (!isMap(document.contents)) return refuse(0, "front matter must be fields: name: …, description: …");
  return document;
}

interface Fault {
  offset: number;
  message: string;
}

const fixes: Partial<Record<YAMLError["code"], string>> = {
  BLOCK_AS_IMPLICIT_KEY: "a value with a colon and a space in it must stand in quotes",
  DUPLICATE_KEY: "a field stands twice; keep one of them",
  TAB_AS_INDENT: "a line is indented with a tab; use spaces",
  BAD_SCALAR_START: "a value that begins with @ or ` must stand in quotes",
};

function errorFault({ code, message, pos }: YAMLError): Fault {
  return {
    offset: pos[0],
    message: fixes[code] ?? `${message}; put values with special characters in quotes`,
  };
}

/** YAML that is valid, but not in the subset the reference validator reads. */
function strictFaults(document: Document.Parsed): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Node(_key, node) {
      const message = strictFault(node);
      if (message) faults.push({ offset: node.range?.[0] ?? 0, message });
    },
  });
  return faults;
}

function strictFault(node: Node): string | null {
  if (isAlias(node)) return "aliases (*name) are not allowed; write the value out";
  if ((isScalar(node) || isCollection(node)) && node.anchor) {
    return "anchors (&name) are not allowed; put a value that begins with & in quotes";
  }
  if (isCollection(node) && node.flow) {
    return "{…} and […] are not allowed; write one entry a line, or put the text in quotes";
  }
  return node.tag ? "tags (!name) are not allowed; put a value that begins with ! in quotes" : null;
}

function offsetOf(contents: unknown, path: string[]): number {
  let node = contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    if (!pair || !isScalar(pair.key)) break;
    offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}
