import { readString, stringEnd, valueEnd } from "#core/json-text.js";

/** The fields asked for, as a tree: `a,b.c` has `a` and `b`, and `b` has `c`; a leaf means everything below. */
export interface FieldTree extends Map<string, FieldTree> {}

/** Lists within lists beyond this are kept as they are: what is below could ask for any amount of stack. */
const deepest = 1_500;

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

/** What is there of the fields that were asked for. */
export interface Picked {
  /** JSON: the fields; the whole when none of them is there. */
  json: string;
  /** What to tell about those that are not there; undefined when there is nothing to tell. */
  warning: string | undefined;
}

/**
 * Keeps the fields of the tree. Lists are mapped through; a field that no object has is told of. Where none of
 * the fields is there, they were misspelt, and the whole is worth more than nothing.
 *
 * @param json without white space between tokens; what is kept of it is kept to the letter
 */
export function pick(json: string, tree: FieldTree): Picked {
  const seen = new Map<FieldTree, Names>();
  const kept = project(json, tree, seen);
  const missing = missingOf(tree, seen, "");
  if (missing.length === 0) return { json: kept, warning: undefined };
  const isAll = missing.length === leavesOf(tree, "").length;
  const known = knownBeside(tree, seen, "").slice(0, mostNamed);
  const what =
    missing.length === 1
      ? `There is no field ${missing[0]}`
      : `There are no fields ${missing.slice(0, mostNamed).join(", ")}`;
  const warning = `${what} in the data${isAll ? ", so all of it is shown" : ""}. Known: ${known.join(", ")}.`;
  return { json: isAll ? json : kept, warning };
}

/** More names are not read. */
const mostNamed = 30;

interface Names {
  /** Of the objects in this place. */
  known: Set<string>;
  /** Of those that were asked for. */
  found: Set<string>;
}

function missingOf(tree: FieldTree, seen: Map<FieldTree, Names>, place: string): string[] {
  const names = seen.get(tree);
  if (!names) return [];
  return [...tree].flatMap(([name, below]) => {
    if (names.found.has(name)) return missingOf(below, seen, `${place}${name}.`);
    // An empty object says nothing of what it has at other times.
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
  let at = 0;
  return value(tree, 0);

  function value(asked: FieldTree, depth: number): string {
    if (asked.size > 0 && depth < deepest) {
      if (json[at] === "[") return list(asked, depth + 1);
      if (json[at] === "{") return object(asked, depth + 1);
    }
    const from = at;
    at = valueEnd(json, from);
    return json.slice(from, at);
  }

  function list(asked: FieldTree, depth: number): string {
    const items: string[] = [];
    at += 1;
    while (json[at] !== "]") {
      if (json[at] === ",") at += 1;
      items.push(value(asked, depth));
    }
    at += 1;
    return `[${items.join(",")}]`;
  }

  function object(asked: FieldTree, depth: number): string {
    const kept = new Map<string, string>();
    const names = namesOf(asked);
    at += 1;
    while (json[at] !== "}") {
      if (json[at] === ",") at += 1;
      const nameEnd = stringEnd(json, at);
      const name = readString(json, { from: at, to: nameEnd });
      at = nameEnd + 1;
      const within = asked.get(name);
      if (names.known.size < mostNamed) names.known.add(name);
      if (within) {
        names.found.add(name);
        kept.set(name, `${JSON.stringify(name)}:${value(within, depth)}`);
      } else {
        at = valueEnd(json, at);
      }
    }
    at += 1;
    return `{${[...asked.keys()].flatMap((name) => kept.get(name) ?? []).join(",")}}`;
  }

  function namesOf(asked: FieldTree): Names {
    const there = seen.get(asked) ?? { known: new Set(), found: new Set() };
    seen.set(asked, there);
    return there;
  }
}
