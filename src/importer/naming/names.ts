import pluralize from "pluralize";
import type { HttpMethod } from "#catalog/schema.js";
import { verbs, wordsOf } from "#importer/naming/words.js";

const { singular } = pluralize;

/** Names of a verb that say no more than another. */
const sameVerb: Record<string, string> = {
  fetch: "get",
  retrieve: "get",
  read: "get",
  insert: "create",
  patch: "update",
  edit: "update",
  destroy: "delete",
};
const maxWords = 6;

/** An operation, as far as its name depends on it. */
export interface Unnamed {
  id: string;
  method: HttpMethod;
  /** With `{params}`. */
  path: string;
}

/**
 * Names for endpoints, `verb_object`, each of its own: from the ids of operations where these say a verb, else from
 * method and path.
 *
 * @param product words of the API's own name, which its ids often repeat
 */
export function nameOperations(operations: readonly Unnamed[], product: ReadonlySet<string>): string[] {
  const taken = new Set<string>();
  return operations.map((operation) => {
    const candidates = [fromId(operation, product), fromPath(operation), longName(operation)];
    const free =
      candidates.find((name) => name !== null && !taken.has(name)) ?? numbered(candidates[2]!, taken);
    taken.add(free);
    return free;
  });
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}

function fromId(operation: Unnamed, product: ReadonlySet<string>): string | null {
  const all = wordsOf(operation.id);
  if (repeatsRequest(all, operation)) return null;
  const own = all.filter((word, i) => !product.has(word) || all.length - i <= 1);
  const at = own.findIndex((word) => verbs.has(word));
  if (at < 0) return null;
  const after = withoutRepeats(own.slice(at + 1));
  const verb = isListed(own[at]!, operation) ? "list" : (sameVerb[own[at]!] ?? own[at]!);
  if (after.length > 0) return join([verb, ...after]);
  const object = withoutRepeats(own.slice(0, at).slice(-3));
  return write(verb, object.length > 0 ? object : pathWords(operation.path).slice(-1));
}

/** Some ids are method and path in one word, and say no more than these. */
function repeatsRequest([first, ...others]: string[], { method, path }: Unnamed): boolean {
  if (first !== method.toLowerCase()) return false;
  return first !== "get" && first !== "delete"
    ? true
    : others.join() === wordsOf(path).filter(isNoVersion).join();
}

/** A GET of what a path names in the plural, without naming one of them. */
function isListed(verb: string, { method, path }: Unnamed): boolean {
  return verb === "get" && method === "GET" && /[^s/{}]s(\.json)?$/.test(path);
}

function fromPath(operation: Unnamed): string | null {
  const { method, path } = operation;
  const object = pathWords(path);
  if (object.length === 0) return null;
  const endsInParam = /\{[^{}]*\}[^/]*$/.test(path);
  // A POST to a thing that exists changes it.
  const usual = method === "POST" && endsInParam ? "update" : verbOf[method];
  return write(isListed(usual, operation) ? "list" : usual, object.slice(-3));
}

const ofSeveral = ["list", "search", "count", "export", "import", "bulk", "batch"];

/** One thing is made, read or changed, and several are listed. */
function write(verb: string, object: string[]): string {
  const last = object.length - 1;
  return join([
    verb,
    ...object.map((word, i) => (i === last && ofSeveral.includes(verb) ? word : singular(word))),
  ]);
}

const verbOf: Record<HttpMethod, string> = {
  GET: "get",
  POST: "create",
  PUT: "replace",
  PATCH: "update",
  DELETE: "delete",
};

function longName({ method, path, id }: Unnamed): string {
  const object = pathWords(path);
  return join(
    [verbOf[method], ...(object.length > 0 ? object : wordsOf(id)), "operation"].slice(0, maxWords + 1),
  );
}

/** The fixed segments of a path, without versions. */
function pathWords(path: string): string[] {
  return path
    .replace(/[?#].*$|\{[^{}]*\}/g, "")
    .split("/")
    .filter(isNoVersion)
    .flatMap((segment) => wordsOf(segment));
}

const isNoVersion = (segment: string) => !/^(v\d+(\.\d+)?(beta\d?)?|api|rest|\d+)?$/i.test(segment);

const withoutRepeats = (all: string[]) => all.filter((word, i) => word !== all[i - 1]);

/** A name begins with a letter, has not too many words, and is none that the server needs. */
function join(parts: string[]): string {
  const name = parts.slice(0, maxWords).join("_").slice(0, 60).replace(/_+$/, "");
  const begins = /^[a-z]/.test(name) ? name : `call_${name}`;
  return reserved.has(begins) ? `${begins}_it` : begins;
}

const reserved = new Set(["download", "request", "batch", "files"]);
