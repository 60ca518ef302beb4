import { isUtf8 } from "node:buffer";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createTextIndex } from "#search/text-index.js";
import { wordsOf } from "#search/words.js";
import { isSkillMd } from "#skills/format/skill-folder.js";
import { headingsOf } from "#skills/registry/search-texts.js";

/** A file that an agent can request, with the name by which it does. */
export interface Named {
  filename: string;
  path: string;
}

/** A reference with its beginning. */
export interface Reference extends Named {
  /** Bytes of all of it. */
  size: number;
  head: string;
}

/** The question of an agent. */
export interface Question {
  query?: string | undefined;
  /** Counts less. */
  context?: string | undefined;
}

const referenceFolder = "references/";
const scriptFolder = "scripts/";

/**
 * Names of references: files below `references/` by their path in there, and Markdown elsewhere by its whole path.
 * Where both would have one name, the file below `references/` goes by its whole path.
 */
export function nameReferences(paths: readonly string[]): Named[] {
  const others = paths.filter(
    (path) =>
      /\.md$/i.test(path) &&
      !isSkillMd(path) &&
      !path.startsWith(referenceFolder) &&
      !path.startsWith(scriptFolder),
  );
  const taken = new Set(others);
  const own = below(referenceFolder, paths).map(({ filename, path }) => ({
    filename: taken.has(filename) ? path : filename,
    path,
  }));
  return [...own, ...others.map((path) => ({ filename: path, path }))].sort((a, b) =>
    a.filename < b.filename ? -1 : 1,
  );
}

export function nameScripts(paths: readonly string[]): string[] {
  return below(scriptFolder, paths)
    .map(({ filename }) => filename)
    .sort();
}

function below(folder: string, paths: readonly string[]): Named[] {
  return paths
    .filter((path) => path.startsWith(folder))
    .map((path) => ({ filename: path.slice(folder.length), path }));
}

/** The file somebody means by the name a reference goes by, or by its path in the skill. */
export function findFile(
  name: string,
  references: readonly Named[],
  paths: readonly string[],
): Named | undefined {
  const listed = references.find(({ filename, path }) => filename === name || path === name);
  if (listed) return listed;
  const path = [name, referenceFolder + name].find((it) => paths.includes(it));
  return path === undefined ? undefined : { filename: path, path };
}

/** Null for bytes that are not text. If they are a part of a file, the last character may be cut in two. */
export function readText(bytes: Buffer, isComplete: boolean): string | null {
  if (bytes.includes(0)) return null;
  const whole = isComplete ? bytes : bytes.subarray(0, endOfLastCharacter(bytes));
  return isUtf8(whole) ? whole.toString() : null;
}

/** @see RFC 3629 §3: bytes after the first of a character are 10xxxxxx */
function endOfLastCharacter(bytes: Buffer): number {
  let start = bytes.length;
  while (start > 0 && bytes.length - start < 4) {
    start--;
    if ((bytes[start]! & 0xc0) !== 0x80) break;
  }
  return isUtf8(bytes.subarray(start)) ? bytes.length : start;
}

const fields = {
  name: { boost: 4, length: 2 },
  headings: { boost: 2, length: 20 },
  body: { boost: 1, length: 500 },
};
/** The index looks at no more words at once. */
const groupSize = 16;
/** Of one text: its shortest words are left out. */
const maxGroups = 4;
const weights = { query: 3, context: 1 };
/** Characters indexed without letting anything else run: some milliseconds. */
const batch = 128 * 1024;

/**
 * References that have some of the words, best first. Their ranks by each group of words are summed by their
 * reciprocals.
 */
export async function rankReferences<R extends Reference>(
  references: readonly R[],
  { query = "", context = "" }: Question,
): Promise<R[]> {
  const groups = [...groupsOf(query, weights.query), ...groupsOf(context, weights.context)];
  if (groups.length === 0) return [];
  const index = createTextIndex<R>(fields);
  let characters = 0;
  for (const reference of references) {
    const { path, filename, head } = reference;
    const name = filename.replace(/\.md$/i, "");
    index.put(path, reference, { name, headings: headingsOf(head), body: head });
    characters += head.length;
    if (characters < batch) continue;
    characters = 0;
    await nextTurn();
  }
  const scores = new Map<R, number>();
  for (const { terms, weight } of groups) {
    // Those that have only some of the words come after those that have all.
    const best = index.search(terms);
    const found = new Set(best);
    const all = [...best, ...index.search(terms, (it) => !found.has(it))];
    for (const [rank, it] of all.entries()) scores.set(it, (scores.get(it) ?? 0) + weight / (1 + rank));
  }
  return [...scores].sort(([, a], [, b]) => b - a).map(([reference]) => reference);
}

/** Long words say what a text is about, in most languages: they come first, and each further group counts half. */
function groupsOf(text: string, weight: number): { terms: string; weight: number }[] {
  const terms = [...new Set(wordsOf(text))]
    .sort((a, b) => b.length - a.length)
    .slice(0, groupSize * maxGroups);
  return Array.from({ length: Math.ceil(terms.length / groupSize) }, (_, at) => ({
    terms: terms.slice(at * groupSize, (at + 1) * groupSize).join(" "),
    weight: weight / 2 ** at,
  }));
}

/**
 * Reads files, best first, while they fit. One that does not fit is skipped, since a smaller one may.
 *
 * @param budget UTF-16 units of all of them together.
 * @param read Null for a file that is not text.
 */
export async function takeWhatFits<R extends Reference>(
  ranked: readonly R[],
  budget: number,
  read: (reference: R) => Promise<string | null>,
): Promise<{ filename: string; content: string }[]> {
  const taken: { filename: string; content: string }[] = [];
  let left = budget;
  for (const reference of ranked) {
    // A unit takes three bytes at the most: a character of four bytes has two.
    if (reference.size > left * 3) continue;
    const content = await read(reference);
    if (content === null || content.length > left) continue;
    taken.push({ filename: reference.filename, content });
    left -= content.length;
  }
  return taken;
}
