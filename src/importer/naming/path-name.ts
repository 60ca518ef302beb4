import type { HttpMethod } from "#catalog/schema.js";
import { isPlural, singular, verbs, wordsOf } from "#importer/naming/words.js";

/** An operation, as far as its name depends on it. */
export interface Unnamed {
  id: string;
  method: HttpMethod;
  /** With `{params}`. */
  path: string;
}

/** A request in words: its verb, and the things of its path from the outermost to the one it is about. */
export interface PathName {
  verb: string;
  /** Each of one or more words; one thing of it, but of the last as many as the request is about. */
  things: readonly (readonly string[])[];
  /** Whether the verb stands in the path, and does not only follow from the method. */
  isAction: boolean;
  /** The words of the last param of the path, by which the thing is found. */
  by: readonly string[];
}

const verbOf: Readonly<Record<HttpMethod, string>> = {
  GET: "get",
  POST: "create",
  PUT: "replace",
  PATCH: "update",
  DELETE: "delete",
};
/** Verbs at the end of a path that is read. */
const readingVerbs = new Set(
  "count search query find lookup download export preview check validate compare".split(" "),
);
/** Verbs with several things as their object. */
const ofSeveral = new Set("list search query find count export import bulk batch".split(" "));

/** @param product words of the API's own name, which are its namespace */
export function pathNameOf(
  { method, path }: Pick<Unnamed, "method" | "path">,
  product: ReadonlySet<string>,
): PathName {
  const plain = path.replace(/\?.*$/, "").replace(/(\.(json|xml))?\/*$/, "");
  const segments = plain
    .replace(/\([^()]*\)/g, "")
    .replace(/\{[^{}]*\}/g, "")
    .split(/[/:#]/)
    .filter((segment) => !isVersion(segment))
    .map((segment) => wordsOf(withoutNamespace(segment, product)))
    .filter((all) => all.length > 0);
  const by = wordsOf([...plain.matchAll(/\{\+?([^{}]*)\}/g)].at(-1)?.[1] ?? "").slice(0, 4);
  const endsInParam = /[})]$/.test(plain);
  const action = plain.endsWith("}") ? null : actionOf(segments.at(-1) ?? [], method, segments.length);
  if (action !== null)
    return { ...toAction(action, segments.slice(0, -1), /[})][/:][^/:]*$/.test(plain)), isAction: true, by };
  const last = segments.at(-1) ?? [];
  const isList = method === "GET" && !endsInParam && isPlural(last.at(-1) ?? "");
  // A POST to a thing that exists changes it.
  const verb = isList ? "list" : method === "POST" && endsInParam ? "update" : verbOf[method];
  const things = segments.map((all, i) => (isList && i === segments.length - 1 ? all : oneOf(all)));
  return { verb, things, isAction: false, by };
}

/**
 * `/orders/batch/read` is one act on several orders.
 *
 * @param isOfOne whether the act is done to one thing, whose id stands before it
 */
function toAction(
  { verb, rest }: Action,
  before: readonly (readonly string[])[],
  isOfOne: boolean,
): Pick<PathName, "verb" | "things"> {
  if (rest.length > 0) return { verb, things: [...before.map(oneOf), rest] };
  const outer = before.slice(0, -1).map(oneOf);
  const last = before.at(-1) ?? [];
  const isBatch = before.length > 1 && /^(batch|bulk)$/.test(last.join());
  if (isBatch) return { verb: "batch", things: [...outer.slice(0, -1), [verb, ...before.at(-2)!]] };
  return { verb, things: [...outer, ofSeveral.has(verb) && !isOfOne ? last : oneOf(last)] };
}

interface Action {
  verb: string;
  rest: readonly string[];
}

/** The last segment as a verb and its object, when it is one: `createReply`, `reopen`. */
function actionOf(segment: readonly string[], method: HttpMethod, depth: number): Action | null {
  const [verb = "", ...rest] = segment;
  if (!verbs.has(verb)) return null;
  // An act alone has to be one that needs no object.
  if (rest.length === 0 && depth === 1 && !readingVerbs.has(verb)) return null;
  const isAction =
    method === "POST" ||
    (method === "GET" && (readingVerbs.has(verb) || (verb === "get" && rest.length > 0)));
  return isAction ? { verb, rest } : null;
}

/** Of a name such as `acme.orders.reopen`, the part that is not the API's name. */
function withoutNamespace(segment: string, product: ReadonlySet<string>): string {
  const parts = segment.split(".");
  const first = parts.findIndex((part) => !product.has(part.toLowerCase()));
  return parts.slice(Math.max(first, 0)).join(".");
}

const oneOf = (all: readonly string[]): readonly string[] => [...all.slice(0, -1), singular(all.at(-1)!)];

/** Segments that say nothing about the thing: `v2`, `2.0`, `2026-09-01`, `api`. */
export const isVersion = (segment: string) =>
  /^(v?\d+(\.\d+)*((alpha|beta)\d*)?|\d{4}-\d\d(-\d\d)?|api|rest)?$/i.test(segment);
