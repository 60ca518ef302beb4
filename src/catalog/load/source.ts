import { type Document, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { Path } from "#core/schema-check.js";
import { StartupError } from "#core/startup-error.js";

/** Something wrong in the catalogue. */
export interface FileProblem {
  file: string;
  /** Counted from 1; null when it is about the file as a whole. */
  line: number | null;
  message: string;
}

/** Everything that is wrong with the integration folders, one problem per line of the message. */
export class CatalogError extends StartupError {
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    super(problems.map(sentence).join("\n"));
    this.problems = problems;
  }
}

function sentence({ file, line, message }: FileProblem): string {
  return `${file}${line === null ? "" : `:${line}`}: ${message}`;
}

/** YAML of which every part knows its line. */
export interface Source {
  file: string;
  value: unknown;
  /** Notes a problem at the deepest part of the path that the file has. */
  report(path: Path, message: string): void;
}

/** The content of a file, where it is known without reading the text. */
export interface Known {
  /** Its YAML. */
  value: unknown;
  /** The text after the front matter; empty for YAML alone. */
  body: string;
}

/** Reads the YAML of a whole file, or of its characters from `start` to `end`. Null when it is no YAML. */
export function readYaml(
  file: string,
  text: string,
  problems: FileProblem[],
  { known, start = 0, end = text.length }: { known?: Known | undefined; start?: number; end?: number } = {},
): Source | null {
  const parse = () => parseDocument(text.slice(start, end), { prettyErrors: false });
  const report = (offset: number, message: string) =>
    problems.push({ file, line: text.slice(0, start + offset).split("\n").length, message });
  const toSource = (value: unknown): Source => ({
    file,
    value,
    report(path, message) {
      const where = path.length > 0 ? `${path.join(".")}: ` : "";
      // Parsed once more, so that the trees of all the files need not be kept for the few with a problem.
      report(offsetOf(parse().contents, path), where + message);
    },
  });
  if (known) return toSource(known.value);
  const document = parse();
  for (const error of [...document.errors, ...document.warnings]) {
    report(error.pos[0], `YAML: ${error.message}`);
  }
  const value = document.errors.length > 0 ? undefined : toValue(document, (message) => report(0, message));
  return value === undefined ? null : toSource(value);
}

/** Undefined, with a problem, when aliases would unfold to far more than was written. */
function toValue(document: Document.Parsed, report: (message: string) => void): unknown {
  try {
    return document.toJS();
  } catch (error) {
    report(`YAML: ${(error as Error).message}`);
    return undefined;
  }
}

function offsetOf(contents: Node | null, path: Path): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!isScalar(pair?.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      offset = item?.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}

const frontMatter = /^---[ \t]*\r?\n([\s\S]*?)(?:\r?\n)?---[ \t]*(?:\r?\n|$)/;

/** Where the YAML of a Markdown file begins and ends; null when it has none. */
export function frontMatterOf(text: string): { start: number; end: number; whole: number } | null {
  const match = frontMatter.exec(text);
  if (!match) return null;
  const start = text.indexOf("\n") + 1;
  return { start, end: start + match[1]!.length, whole: match[0].length };
}

/** Splits a Markdown file with front matter. Null, with a problem, when it has none. */
export function readMarkdown(
  file: string,
  text: string,
  problems: FileProblem[],
  known?: Known,
): { source: Source; body: string } | null {
  const matter = frontMatterOf(text);
  if (!matter) {
    problems.push({ file, line: 1, message: "has no front matter: start with ---, YAML, and --- again" });
    return null;
  }
  const { start, end, whole } = matter;
  const source = readYaml(file, text, problems, { known, start, end });
  return source && { source, body: known?.body ?? text.slice(whole).trim() };
}
