import type { Effect, HttpMethod } from "#catalog/schema.js";
import { isVersion } from "#importer/naming/path-name.js";
import { verbs, wordsOf } from "#importer/naming/words.js";

/** Verbs of requests that only look something up, although their method may write. */
const reading = new Set(
  "get list search query find lookup fetch retrieve count describe preview compare validate calculate estimate download".split(
    " ",
  ),
);
/** Verbs after which something is not there any more, or does not hold. */
const destroying = new Set(
  (
    "delete remove destroy purge erase wipe drop revoke terminate uninstall expunge discard clear empty cancel kick ban " +
    "reset"
  ).split(" "),
);
/** Verbs that a GET would not have if it only read. */
const writing = new Set(
  (
    "add create send post update set insert enable disable publish unpublish approve reject archive restore invite " +
    "subscribe unsubscribe start stop logout uninstall open join leave close mark run execute trigger move rename pin lock"
  ).split(" "),
);

export interface EffectOf {
  effect: Effect;
  /** Nothing brings back what was before. */
  irreversible: boolean;
}

/**
 * The effect of a call on the world, as far as its method, its name and its path tell; of several the graver. A POST
 * reads only where its name and the end of its path both say so, or one does and the other says nothing: to take a write
 * for a read would let it through where only reading is allowed.
 *
 * @param text title and description of the operation
 * @param comesBack whether the description has an operation that undoes it
 */
export function effectOf(
  operation: { method: HttpMethod; name: string; id: string; path: string; text: string },
  comesBack: boolean,
): EffectOf {
  const { method, id, path, text } = operation;
  const ofName = operation.name.split("_");
  const ofPath = wordsOf(lastSegment(path));
  const [name, action] = [actOf(ofName), actOf(ofPath)];
  const doesMore = [ofName, ofPath, wordsOf(id)].some(saysMore);
  const weighed = weigh(method, name, method === "GET" && ofPath.length > 1 ? "" : action);
  const effect = weighed === "read" && method !== "GET" && doesMore ? "write" : weighed;
  return {
    effect,
    irreversible: effect !== "read" && isIrreversible({ method, name, action, text }, comesBack),
  };
}

/** The verb that counts: of `batch_get` that is `get`. */
function actOf([first = "", second = ""]: readonly string[]): string {
  if (/^(batch|bulk)$/.test(first)) return second === "read" ? "get" : second;
  return /^(in|out|off)$/.test(second) ? "" : first;
}

/** `get_or_create` and `find_and_update` do more than their first word says. */
function saysMore(all: readonly string[]): boolean {
  return all.some((word, i) => /^(or|and)$/.test(word) && isVerb(all[i + 1] ?? ""));
}

function lastSegment(path: string): string {
  const plain = path.replace(/\?.*$/, "").replace(/\([^()]*\)/g, "");
  const segments = plain.split(/[/:.]/).filter((segment) => !isVersion(segment) && segment !== "json");
  const [before = "", last = ""] = segments.slice(-2).length === 2 ? segments.slice(-2) : ["", ...segments];
  if (/[{}]/.test(last)) return "";
  return /^(batch|bulk)$/i.test(before) ? `${before} ${last}` : last;
}

function weigh(method: HttpMethod, name: string, action: string): Effect {
  if (method === "GET") {
    if (destroying.has(name) || destroying.has(action)) return "destructive";
    return writing.has(name) ? "write" : "read";
  }
  // To unstar and to unlock is done by DELETE, and undone as easily.
  if (method === "DELETE") return /^un[a-z]/.test(name) && name !== "uninstall" ? "write" : "destructive";
  if (destroying.has(name) || destroying.has(action)) return "destructive";
  const isReading = reading.has(name) && (reading.has(action) || !isVerb(action));
  return method === "POST" && isReading ? "read" : "write";
}

const isVerb = (word: string) => verbs.has(word) || writing.has(word);

/** The verbs by which something is not there any more for good, unless anything is said of a bin. */
const ending = new Set("delete destroy purge erase wipe expunge terminate".split(" "));
/** Verbs whose effect reaches somebody, or moves money. */
const final = new Set("send reply forward pay charge refund merge purge erase wipe expunge".split(" "));
const saysForGood =
  /permanent|irreversibl|cannot be undone|can't be undone|can not be undone|not be reversed|no undo/i;
const saysNotForGood =
  /\b(un)?(trash|archiv|recycl|restor|soft[- ]?delet|undelet|recover|deactivat|retention|recycle bin)/i;

interface Act {
  method: HttpMethod;
  name: string;
  action: string;
  text: string;
}

function isIrreversible({ method, name, action, text }: Act, comesBack: boolean): boolean {
  const said = text.slice(0, 5_000);
  if (saysForGood.test(said)) return true;
  if (comesBack || saysNotForGood.test(said)) return false;
  if (final.has(name) || final.has(action)) return true;
  return method === "DELETE" ? ending.has(name) : ending.has(name) && ending.has(action);
}

const undoing = /[/:.](restore|undelete|untrash|unarchive|recover|undo[a-z]*)$/i;

/** Paths of things that the description has an operation for that brings them back: `/orders/{id}` for `/orders/{id}/restore`. */
export function pathsThatComeBack(paths: Iterable<string>): ReadonlySet<string> {
  return new Set([...paths].filter((path) => undoing.test(path)).map((path) => path.replace(undoing, "")));
}
