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

/**
 * Keeps the fields of the tree. Lists are mapped through; a field that is not there is left out.
 *
 * @param json without white space between tokens; what is kept of it is kept to the letter
 */
export function project(json: string, tree: FieldTree): string {
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
    at += 1;
    while (json[at] !== "}") {
      if (json[at] === ",") at += 1;
      const nameEnd = stringEnd(json, at);
      const name = readString(json, { from: at, to: nameEnd });
      at = nameEnd + 1;
      const within = asked.get(name);
      if (within) kept.set(name, `${JSON.stringify(name)}:${value(within, depth)}`);
      else at = valueEnd(json, at);
    }
    at += 1;
    return `{${[...asked.keys()].flatMap((name) => kept.get(name) ?? []).join(",")}}`;
  }
}
