import { readString, stringEnd, valueEnd } from "#core/json-text.js";

/** The fields asked for, as a tree: `a,b.c` has `a` and `b`, and `b` has `c`; a leaf means everything below. */
export interface FieldTree extends Map<string, FieldTree> {}

/** Lists nested deeper than this are kept as they are, since what is below could take any amount of stack. */
const maxDepth = 1_500;

export function parseFields(text: string): FieldTree {
  const tree: FieldTree = new Map();
  for (const path of text.split(",")) {
    let node = tree;
    for (const name of path.split(".").map((part) => part.trim())) {
      if (name !== "") node = below(node, name);
    }
  }
  return tree;
}

function below(tree: FieldTree, name: string): FieldTree {
  const there = tree.get(name) ?? new Map();
  tree.set(name, there);
  return there;
}

/** The requested fields, as far as they exist. */
export interface Picked {
  /** JSON: the fields; the whole when none of them exists. */
  json: string;
  /** A sentence that names the fields that do not exist; undefined when all do. */
  warning: string | undefined;
}

/**
 * Keeps the fields of the tree. Lists are mapped through; a field that no object has is named in the warning. When
 * none of the fields exists, they were misspelt, and the whole is worth more than nothing.
 *
 * @param json without white space between tokens; the parts that are kept do not change by a character
 */
export function pick(json: string, tree: FieldTree): Picked {
  const seen = new Map<FieldTree, Names>();
  const kept = project(json, tree, seen);
  const missing = missingOf(tree, seen, "");
  if (missing.length === 0) return { json: kept, warning: undefined };
  const isAll = missing.length === leavesOf(tree, "").length;
  const known = knownBeside(tree, seen, "").slice(0, maxNamed);
  const what =
    missing.length === 1
      ? `There is no field ${missing[0]}`
      : `There are no fields ${missing.slice(0, maxNamed).join(", ")}`;
  const warning = `${what} in the data${isAll ? ", so all of it is shown" : ""}. Known: ${known.join(", ")}.`;
  return { json: isAll ? json : kept, warning };
}

/** More names are not read. */
const maxNamed = 30;

interface Names {
  /** Names of all members that objects in this place have. */
  known: Set<string>;
  /** Names among them that were requested. */
  found: Set<string>;
}

function missingOf(tree: FieldTree, seen: Map<FieldTree, Names>, place: string): string[] {
  const names = seen.get(tree);
  if (!names) return [];
  return [...tree].flatMap(([name, below]) => {
    if (names.found.has(name)) return missingOf(below, seen, `${place}${name}.`);
    // An empty object does not show which fields it has at other times.
    return names.known.size === 0 ? [] : leavesOf(below, `${place}${name}`);
  });
}

function leavesOf(tree: FieldTree, place: string): string[] {
  if (tree.size === 0) return [place];
  return [...tree].flatMap(([name, below]) => leavesOf(below, place === "" ? name : `${place}.${name}`));
}

/** The names in those places where one was missing. */
function knownBeside(tree: FieldTree, seen: Map<FieldTree, Names>, place: string): string[] {
  const names = seen.get(tree);
  if (!names) return [];
  const isMissing = [...tree.keys()].some((name) => !names.found.has(name));
  const here = isMissing ? [...names.known].map((name) => place + name) : [];
  return [...here, ...[...tree].flatMap(([name, below]) => knownBeside(below, seen, `${place}${name}.`))];
}

function project(json: string, tree: FieldTree, seen: Map<FieldTree, Names>): string {
  const text: Reading = { json, at: 0, seen };
  return value(text, tree, 0);
}

/** A JSON text, how far it has been read, and the names that were found in it. */
interface Reading {
  readonly json: string;
  at: number;
  readonly seen: Map<FieldTree, Names>;
}

function value(text: Reading, asked: FieldTree, depth: number): string {
  const { json, at } = text;
  if (asked.size > 0 && depth < maxDepth) {
    if (json[at] === "[") return list(text, asked, depth + 1);
    if (json[at] === "{") return object(text, asked, depth + 1);
  }
  text.at = valueEnd(json, at);
  return json.slice(at, text.at);
}

function list(text: Reading, asked: FieldTree, depth: number): string {
  const items: string[] = [];
  text.at += 1;
  while (text.json[text.at] !== "]") {
    if (text.json[text.at] === ",") text.at += 1;
    items.push(value(text, asked, depth));
  }
  text.at += 1;
  return `[${items.join(",")}]`;
}

function object(text: Reading, asked: FieldTree, depth: number): string {
  const { json } = text;
  const kept = new Map<string, string>();
  const names = namesOf(text, asked);
  text.at += 1;
  while (json[text.at] !== "}") {
    if (json[text.at] === ",") text.at += 1;
    const nameEnd = stringEnd(json, text.at);
    const name = readString(json, { from: text.at, to: nameEnd });
    text.at = nameEnd + 1;
    const within = asked.get(name);
    if (names.known.size < maxNamed) names.known.add(name);
    if (within) {
      names.found.add(name);
      kept.set(name, `${JSON.stringify(name)}:${value(text, within, depth)}`);
    } else {
      text.at = valueEnd(json, text.at);
    }
  }
  text.at += 1;
  return `{${[...asked.keys()].flatMap((name) => kept.get(name) ?? []).join(",")}}`;
}

function namesOf({ seen }: Reading, asked: FieldTree): Names {
  const there = seen.get(asked) ?? { known: new Set(), found: new Set() };
  seen.set(asked, there);
  return there;
}
