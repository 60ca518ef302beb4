import { splitPath } from "#catalog/request/path-template.js";

/** Characters of a path: more are refused, and so need not be compared. */
export const maxPath = 4096;

/** A path of an endpoint, to hold paths of requests against. */
export interface PathPattern {
  /** The text around the params, in lower case: always one more than there are params. */
  texts: readonly string[];
  /** How many segments each has. */
  params: readonly (number | "many")[];
}

/** @param segmentsOf how many segments a param has */
export function pathPattern(template: string, segmentsOf: (param: string) => number | "many"): PathPattern {
  const { texts, names } = splitPath(template);
  return { texts: texts.map((text) => text.toLowerCase()), params: names.map(segmentsOf) };
}

/**
 * Might a path fit a template, if its params could have any number of segments? It costs next to nothing, and few
 * endpoints are left of thousands.
 */
export function mightFit(template: string, path: string): boolean {
  const first = template.indexOf("{");
  if (first < 0) return path === template.toLowerCase();
  if (!path.startsWith(template.slice(0, first).toLowerCase())) return false;
  const { texts } = splitPath(template.slice(first).toLowerCase());
  const [, ...others] = texts;
  const last = others.pop() ?? "";
  let at = first;
  for (const text of others) {
    const found = path.indexOf(text, at + 1);
    if (found < 0) return false;
    at = found + text.length;
  }
  return path.length - last.length > at && path.endsWith(last);
}

/**
 * Does a path fit a pattern? Takes time in proportion to both lengths, whatever the pattern: a tenant may have written it.
 *
 * @param path in lower case, since some services have no regard for case
 */
export function fitsPath({ texts, params }: PathPattern, path: string): boolean {
  const pieces = params.flatMap((segments, at) => [...piecesOf(segments), texts[at + 1]!]);
  if (!path.startsWith(texts[0]!)) return false;
  /** Places in the path up to which the pieces so far may have come. */
  let reached = new Set([texts[0]!.length]);
  for (const piece of pieces) {
    reached = typeof piece === "string" ? after(piece, path, reached) : along(piece, path, reached);
    if (reached.size === 0) return false;
  }
  return reached.has(path.length);
}

interface Param {
  acrossSegments: boolean;
}

function piecesOf(segments: number | "many"): (string | Param)[] {
  if (segments === "many") return [{ acrossSegments: true }];
  const each = Array.from({ length: segments }, () => [{ acrossSegments: false }, "/"]);
  return each.flat().slice(0, -1);
}

function after(text: string, path: string, from: ReadonlySet<number>): Set<number> {
  return new Set([...from].filter((at) => path.startsWith(text, at)).map((at) => at + text.length));
}

/** A param takes at least one character, and by itself no slash. */
function along({ acrossSegments }: Param, path: string, from: ReadonlySet<number>): Set<number> {
  const to = new Set<number>();
  const [first, last] = [Math.min(...from), Math.max(...from)];
  let isWithin = false;
  for (let at = first; at < path.length && (isWithin || at <= last); at++) {
    isWithin ||= from.has(at);
    if (path[at] === "/" && !acrossSegments) isWithin = false;
    if (isWithin) to.add(at + 1);
  }
  return to;
}

/** Stands for an encoded slash, which is a part of its segment to most services. */
const encodedSlash = "\uffff";

/**
 * A path below a base as services may read it, in lower case and decoded: with encoded slashes as a part of their segment,
 * and as slashes. None for one that cannot be decoded or is too long, which is refused later.
 */
export function readPaths(base: string, path: string): string[] {
  if (path.length > maxPath) return [];
  const read = (text: string) =>
    base.toLowerCase() +
    decodeURIComponent(text)
      .toLowerCase()
      .replace(/(?<=.)\/$/, "");
  const plain = path.replace(/;[^/]*/g, "");
  try {
    return [...new Set([read(plain.replace(/%2f/gi, encodeURIComponent(encodedSlash))), read(plain)])];
  } catch {
    return [];
  }
}
