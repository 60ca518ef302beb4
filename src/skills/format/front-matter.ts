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
import { quoteBroken } from "#skills/format/broken-yaml.js";

/** Notes a problem at a line of the front matter, counted from 1. */
type Report = (line: number, message: string, weight: "error" | "format") => void;

/** The YAML that SKILL.md begins with. */
export interface FrontMatter {
  /** Every scalar is text, as the reference validator reads it: `version: 1.0` is "1.0". */
  fields: Record<string, unknown>;
  /** Line of the deepest part of the path that there is, counted from 1. */
  lineOf(path: readonly string[]): number;
  /** Line that each field begins at, counted from 0; null where fields have no lines of their own. */
  fieldLines: ReadonlyMap<string, number> | null;
}

const unprintable = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ud800-\udfff\ue000-\ufffd]/;
/** Deeper than anybody writes by hand. */
const maxDepth = 64;
const tooDeep = `is nested over ${maxDepth} levels deep: make it flat`;
const maxAliases = 20;
/**
 * Characters of the front matter as JSON, as it is stored and sent: there, every alias repeats the value it stands
 * for.
 */
const maxUnfolded = 65_536;

/**
 * Reads front matter as YAML 1.2. YAML beyond the subset that the reference validator reads is a deviation from the
 * format; so is a value that is no YAML, which is then read as plain text. Null when it cannot be read.
 */
export function readFrontMatter(text: string, report: Report): FrontMatter | null {
  const obstacle = obstacleIn(text);
  if (obstacle) {
    report(text.slice(0, obstacle.offset).split("\n").length, `front matter ${obstacle.message}`, "error");
    return null;
  }
  const lines = new LineCounter();
  const document = parse(text, lines);
  const lineOf = (offset: number) => lines.linePos(offset).line;
  const problems = [...document.errors.map(toProblem), ...formatProblems(document)];
  const direct = toFields(document, lines);
  const read = direct && !hasTextInBrackets(direct.fields) ? direct : (readBroken(text) ?? direct);
  reportOnce(problems, lineOf, (line, message) => report(line, message, read ? "format" : "error"));
  if (read) return read;
  if (problems.length === 0) report(1, "front matter must be fields: name: …, description: …", "error");
  return null;
}

/** A mistake that keeps it from being parsed. It is found without a parser, which deep nesting would keep busy. */
function obstacleIn(text: string): YamlProblem | null {
  const odd = unprintable.exec(text);
  if (odd) return { offset: odd.index, message: "has a control character in it: remove it" };
  const dashes = text.search(/(?:[-?:][ \t]+){64}/);
  if (dashes !== -1) return { offset: dashes, message: tooDeep };
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (bracket === "[" || bracket === "{" ? 1 : -1));
    // Text may have brackets, too, which open nothing.
    if (depth > maxDepth * 4) return { offset: index, message: tooDeep };
  }
  return null;
}

/** Whether it is no YAML. */
export function isBrokenYaml(text: string): boolean {
  return parse(text, new LineCounter()).errors.length > 0;
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  return parseDocument(text, { schema: "failsafe", prettyErrors: false, logLevel: "error", lineCounter });
}

function readBroken(text: string): FrontMatter | null {
  const lines = new LineCounter();
  // Lines stay where they are.
  return toFields(parse(quoteBroken(text, isReadable), lines), lines);
}

/** Whether a field can be read as it is. */
function isReadable(field: string): boolean {
  const lines = new LineCounter();
  const read = toFields(parse(field, lines), lines);
  return read !== null && !hasTextInBrackets(read.fields);
}

/** `description: [a] thing` is meant as text, as both of these always are. */
function hasTextInBrackets({ name, description }: Record<string, unknown>): boolean {
  return typeof (name ?? "") !== "string" || typeof (description ?? "") !== "string";
}

function toFields(document: Document.Parsed, lines: LineCounter): FrontMatter | null {
  const { contents } = document;
  if (document.errors.length > 0 || !isMap(contents) || !isPlain(document)) return null;
  const fields = unfold(document);
  if (fields === null) return null;
  return {
    fields,
    lineOf: (path) => lines.linePos(offsetOf(contents, path)).line,
    fieldLines: contents.flow
      ? null
      : new Map(contents.items.map(({ key }) => [keyOf(key), lines.linePos(startOf(key)).line - 1])),
  };
}

/** No deeper than anybody writes, and every key is text. */
function isPlain(document: Document.Parsed): boolean {
  let plain = true;
  visit(document, {
    Node(_key, _node, path) {
      if (path.length > maxDepth * 2) plain = false;
      return plain ? undefined : visit.BREAK;
    },
    Pair(_key, { key }) {
      if (!isScalar(key)) plain = false;
      return plain ? undefined : visit.BREAK;
    },
  });
  return plain;
}

function unfold(document: Document.Parsed): Record<string, unknown> | null {
  try {
    const fields = document.toJS({ maxAliasCount: maxAliases, reviver: withoutNul });
    return JSON.stringify(fields).length > maxUnfolded ? null : fields;
  } catch {
    // An alias of nothing, or too many of them.
    return null;
  }
}

/** An escape in quotes may stand for NUL, which PostgreSQL takes in no text. */
const withoutNul = (_key: unknown, value: unknown) =>
  typeof value === "string" ? value.replaceAll("\0", "") : value;

interface YamlProblem {
  offset: number;
  message: string;
}

/** Reports one problem for a line: further ones are mostly a consequence of the first. */
function reportOnce(
  problems: YamlProblem[],
  lineOf: (offset: number) => number,
  report: (line: number, message: string) => void,
): void {
  const seen = new Set<number>();
  for (const { offset, message } of problems.sort((a, b) => a.offset - b.offset)) {
    const line = lineOf(offset);
    if (!seen.has(line)) report(line, `front matter ${message}`);
    seen.add(line);
  }
}

const fixes: Partial<Record<YAMLError["code"], string>> = {
  BLOCK_AS_IMPLICIT_KEY: "a value with a colon and a space in it must stand in quotes",
  DUPLICATE_KEY: "a field stands twice; keep one of them",
  TAB_AS_INDENT: "a line is indented with a tab; use spaces",
  BAD_SCALAR_START: "a value that begins with @ or ` must stand in quotes",
};

function toProblem({ code, message, pos }: YAMLError): YamlProblem {
  return {
    offset: pos[0],
    message: `is not valid YAML: ${fixes[code] ?? `${message}; put values with special characters in quotes`}`,
  };
}

/** YAML that is valid, but not in the subset the reference validator reads. */
function formatProblems(document: Document.Parsed): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, {
    Node(_key, node) {
      const message = formatProblem(node);
      if (message) problems.push({ offset: node.range?.[0] ?? 0, message });
    },
  });
  return problems;
}

function formatProblem(node: Node): string | null {
  if (isAlias(node)) return "has an alias (*name), which many readers refuse: write the value out";
  if ((isScalar(node) || isCollection(node)) && node.anchor)
    return "has an anchor (&name), which many readers refuse: put a value that begins with & in quotes";
  if (isCollection(node) && node.flow)
    return "has {…} or […], which some readers refuse: write one entry a line, or put text in quotes";
  return node.tag
    ? "has a tag (!name), which many readers refuse: put a value that begins with ! in quotes"
    : null;
}

const keyOf = (key: unknown) => (isScalar(key) ? String(key.value) : "");
const startOf = (node: unknown) => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

function offsetOf(contents: unknown, path: readonly string[]): number {
  let node = contents;
  let offset = startOf(node);
  for (const step of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    if (!pair) break;
    offset = startOf(pair.key);
    node = pair.value;
  }
  return offset;
}
