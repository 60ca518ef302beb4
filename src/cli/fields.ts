import { isLosslessNumber } from "lossless-json";
import { isObject } from "#cli/flag-values.js";

/** The fields asked for, as a tree: `a,b.c` is `{ a: {}, b: { c: {} } }`; a leaf means everything below. */
export interface FieldTree {
  [name: string]: FieldTree;
}

export function parseFields(text: string): FieldTree {
  const tree: FieldTree = Object.create(null);
  for (const path of text.split(",")) {
    let node = tree;
    for (const name of path.split(".").map((part) => part.trim())) {
      if (name !== "") node = node[name] ??= Object.create(null) as FieldTree;
    }
  }
  return tree;
}

/** Keeps the fields of the tree. Lists are mapped through; a field that is not there is left out. */
export function project(value: unknown, tree: FieldTree): unknown {
  const names = Object.keys(tree);
  if (names.length === 0 || isLosslessNumber(value)) return value;
  if (Array.isArray(value)) return value.map((item) => project(item, tree));
  if (!isObject(value)) return value;
  const kept = names.filter((name) => Object.hasOwn(value, name));
  return Object.fromEntries(kept.map((name) => [name, project(value[name], tree[name] ?? {})]));
}
