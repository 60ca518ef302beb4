import { reservedEndpoints } from "#catalog/load/endpoint-rules.js";
import { isVersion, type PathName, pathNameOf, type Unnamed } from "#importer/naming/path-name.js";
import { singular, verbs, wordsOf } from "#importer/naming/words.js";

/** Names of a verb that say no more than another. */
const sameVerb: Readonly<Record<string, string>> = {
  fetch: "get",
  retrieve: "get",
  read: "get",
  insert: "create",
  patch: "update",
  edit: "update",
  destroy: "delete",
};
const articles = new Set(["a", "an", "the"]);
/** Words that a name cannot end with. */
const joining = /(_(by|for|of|in|on|from|to|with|and|or))+$/;
const maxWords = 6;
/** Of names that would be taken if they were shorter. */
const maxMoreWords = 24;
const maxLength = 60;
const maxMoreLength = 100;

/**
 * Names for endpoints, `verb_object`, each of its own: from the ids of operations where these say a verb, else from
 * method and path. Of several that would have one name, the one with the shortest path has it, and the others say more
 * of their paths. So names do not depend on the order of a description.
 *
 * @param product words of the API's own name, which its ids often repeat
 */
export function nameOperations(operations: readonly Unnamed[], product: ReadonlySet<string>): string[] {
  const taken = new Set<string>();
  const named = new Map<Unnamed, string>();
  const sorted = operations.map((operation) => ({ operation, key: sortKey(operation) })).sort(byKey);
  for (const { operation } of sorted) {
    const candidates = candidatesOf(operation, product);
    const name = candidates.find((it) => !taken.has(it)) ?? numbered(candidates.at(-1)!, taken);
    taken.add(name);
    named.set(operation, name);
  }
  return operations.map((operation) => named.get(operation)!);
}

/** Short paths first, and those that find a thing by something else than its usual param last. */
function sortKey({ path, method, id }: Unnamed): string {
  const depth = path.split(/[/(]/).length;
  return `${String(depth).padStart(4, "0")} ${path.includes("(") ? 1 : 0} ${path} ${method} ${id}`;
}

const byKey = (one: { key: string }, other: { key: string }) =>
  one.key < other.key ? -1 : Number(one.key > other.key);

function numbered(name: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}

/** Names from the best to the longest. */
function candidatesOf(operation: Unnamed, product: ReadonlySet<string>): string[] {
  const ofPath = pathNameOf(operation, product);
  const { verb, things, by } = ofPath;
  const fromId = nameFromId(operation, ofPath, product);
  const counts = [
    2,
    ...Array.from({ length: things.length }, (_, i) => i + 1).filter((count) => count > 2),
    1,
  ];
  const fromPath = counts
    .filter((count) => count <= things.length)
    .map((count) => join([verb, ...things.slice(-count).flat()], count > 2 ? maxMoreWords : maxWords));
  const all = things.flat();
  const object = all.length > 0 ? all : wordsOf(operation.id).slice(0, 4);
  const found = by.length > 0 ? ["by", ...by] : [];
  return [
    ...(fromId === null ? [] : [fromId]),
    ...fromPath,
    toName([verb, ...object], maxMoreWords),
    join([verb, ...(things.at(-1) ?? object), ...found], maxMoreWords),
    toName([verb, ...object, ...found], maxMoreWords),
    toName([operation.method.toLowerCase(), ...object, ...found], maxMoreWords),
  ];
}

function nameFromId(operation: Unnamed, ofPath: PathName, product: ReadonlySet<string>): string | null {
  const all = wordsOf(operation.id.replace(/-(?=[0-9a-f]*\d)[0-9a-f]{4,}$/, ""));
  if (repeatsRequest(all, operation)) return null;
  const own = all.filter((word, i) => !articles.has(word) && (!product.has(word) || all.length - i <= 1));
  const at = verbAt(own, wordsOf(operation.id.split(/[./]/).at(-1) ?? "").length);
  if (at < 0) return null;
  const isCount = own[at] === "get" && own[at + 1] === "count" && own.length > at + 2;
  const given = own[isCount ? at + 1 : at]!;
  const verb = ofPath.verb === "list" && given === "get" ? "list" : (sameVerb[given] ?? given);
  const after = withoutRepeats(own.slice(isCount ? at + 2 : at + 1));
  if (after.length > 0) {
    return join([verb, ...(isAboutOne(verb, operation) ? oneOfLast(after) : after)], maxWords);
  }
  // The path has the verb in its place, after what it is done to.
  if (ofPath.isAction && ofPath.verb === given) return null;
  const before = withoutRepeats(own.slice(0, at).slice(-3));
  return join(
    [verb, ...(before.length > 0 ? oneOfEach(before, verb) : (ofPath.things.at(-1) ?? []))],
    maxWords,
  );
}

/** Words that are verbs as often as things. */
const alsoThings = new Set(
  "post star link watch schedule request report import export draft batch copy pin mark reply lock run".split(
    " ",
  ),
);
const plainVerbs = new Set("get list create update delete search find add remove set".split(" "));

/**
 * The place of the verb: of `schedule.list` it is the last word.
 *
 * @param own how many words the part behind the last dot or slash has
 */
function verbAt(all: readonly string[], own: number): number {
  const last = all.length - 1;
  const inOwn = all.findIndex((word, i) => verbs.has(word) && i > last - own);
  const first = inOwn >= 0 ? inOwn : all.findIndex((word) => verbs.has(word));
  return first >= 0 && alsoThings.has(all[first]!) && plainVerbs.has(all[last]!) ? last : first;
}

/** Some ids are method and path in one word, and say no more than these. */
function repeatsRequest([first, ...others]: readonly string[], { method, path, id }: Unnamed): boolean {
  if (first !== method.toLowerCase()) return false;
  if (id.includes("/")) return true;
  if (first !== "get" && first !== "delete") return true;
  const segments = path.split("/").filter((segment) => !isVersion(segment));
  return others.join() === wordsOf(segments.join("/")).join();
}

/** Whether one thing is made, read or changed, although the id may name it in the plural. */
function isAboutOne(verb: string, { method, path }: Unnamed): boolean {
  return verb !== "list" && (/\}\/?$/.test(path) || (verb === "create" && method === "POST"));
}

const oneOfLast = (all: readonly string[]) => [...all.slice(0, -1), singular(all.at(-1)!)];

function oneOfEach(all: readonly string[], verb: string): string[] {
  const isOfSeveral = ["list", "search", "count", "export", "import", "bulk", "batch"].includes(verb);
  return all.map((word, i) => (isOfSeveral && i === all.length - 1 ? word : singular(word)));
}

const withoutRepeats = (all: readonly string[]) => all.filter((word, i) => word !== all[i - 1]);

const join = (parts: readonly string[], limit: number) => toName(withoutRepeats(parts), limit);

/** A name begins with a letter, has not too many words, and is none that the server needs. */
function toName(parts: readonly string[], limit: number): string {
  const length = limit > maxWords ? maxMoreLength : maxLength;
  const name = parts.slice(0, limit).join("_").slice(0, length).replace(/_+$/, "").replace(joining, "");
  const begins = /^[a-z]/.test(name) ? name : `call_${name}`;
  return reservedEndpoints.includes(begins) || begins === "call_" ? `${begins.replace(/_$/, "")}_it` : begins;
}
