import { reservedEndpoints } from "#catalog/load/endpoint-rules.js";
import { singular, verbs, wordsOf } from "#importer/naming/words.js";

/** A field of Query or Mutation, as far as its name depends on it. */
export interface UnnamedField {
  kind: "query" | "mutation";
  /** Its own: `issueCreate`, `createIssue`, `issues`. */
  name: string;
  /** Whether it gives several things. */
  isList: boolean;
}

const maxLength = 80;
/** Verbs of both kinds of names: `issueImportCreate` is a verb and two things. */
const plain = new Set(
  "create update delete archive unarchive add remove set get list search find".split(" "),
);
/** Verbs of queries: all others are names of things there. */
const asking = new Set("get list search find count check validate lookup".split(" "));

/** Names for endpoints, `verb_object`, each of its own. */
export function nameFields(fields: readonly UnnamedField[]): string[] {
  const taken = new Set<string>();
  return fields.map((field) => {
    const name = nameOf(field);
    const free = taken.has(name) ? numbered(name, taken) : name;
    taken.add(free);
    return free;
  });
}

function nameOf({ kind, name, isList }: UnnamedField): string {
  const all = wordsOf(name);
  const at = verbAt(all);
  const usual = kind === "mutation" ? "run" : isList ? "list" : "get";
  const isVerb = at >= 0 && (kind === "mutation" || asking.has(all[at]!));
  const verb = isVerb ? all[at]! : usual;
  const things =
    verb === usual ? all.filter((it, i) => i > 0 || it !== verb) : all.filter((_, i) => i !== at);
  const object =
    kind === "query" && !isList && verb === "get"
      ? [...things.slice(0, -1), singular(things.at(-1) ?? "")]
      : things;
  const joined = [verb, ...object].join("_").slice(0, maxLength).replace(/_+$/, "");
  const begins = /^[a-z]/.test(joined) ? joined : `run_${joined}`;
  return reservedEndpoints.includes(begins) ? `${begins}_it` : begins;
}

function verbAt(all: readonly string[]): number {
  if (verbs.has(all[0] ?? "") && (all.length === 1 || !verbs.has(all.at(-1)!))) return 0;
  const last = all.findLastIndex((word) => plain.has(word));
  return last >= 0 ? last : all.findLastIndex((word) => verbs.has(word));
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}
