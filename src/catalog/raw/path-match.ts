import { splitPath } from "#catalog/request/path-template.js";

/** A piece of a template: a text, or a param that takes one segment or several. */
type Piece = string | { acrossSegments: boolean };

/** A path of an endpoint, to hold paths of requests against. */
export interface PathPattern {
  pieces: readonly Piece[];
  /** Params that take any number of segments. */
  many: number;
  params: number;
  /** Characters that are written out. */
  written: number;
}

/** @param segmentsOf how many segments a param has */
export function pathPattern(template: string, segmentsOf: (param: string) => number | "many"): PathPattern {
  const { texts, names } = splitPath(template);
  const params = names.map(segmentsOf);
  const pieces = texts.flatMap((text, at): Piece[] => {
    const param = at < params.length ? piecesOf(params[at]!) : [];
    return text === "" ? param : [text.toLowerCase(), ...param];
  });
  return {
    pieces,
    many: params.filter((segments) => segments === "many").length,
    params: params.length,
    written: texts.join("").length,
  };
}

function piecesOf(segments: number | "many"): Piece[] {
  if (segments === "many") return [{ acrossSegments: true }];
  const each = Array.from({ length: segments }, () => [{ acrossSegments: false }, "/"]);
  return each.flat().slice(0, -1);
}

/**
 * Does a path fit a pattern? Texts are compared without regard to case, since some services do so, too. Takes time in
 * proportion to both lengths, whatever the pattern: a tenant may have written it.
 */
export function fitsPath({ pieces }: PathPattern, path: string): boolean {
  /** Places in the path up to which the pieces so far have come. */
  let reached = new Set([0]);
  for (const piece of pieces) {
    reached = typeof piece === "string" ? after(piece, path, reached) : along(piece, path, reached);
    if (reached.size === 0) return false;
  }
  return reached.has(path.length);
}

function after(text: string, path: string, from: ReadonlySet<number>): Set<number> {
  return new Set([...from].filter((at) => path.startsWith(text, at)).map((at) => at + text.length));
}

/** A param takes at least one character, and by itself no slash. */
function along(
  { acrossSegments }: { acrossSegments: boolean },
  path: string,
  from: ReadonlySet<number>,
): Set<number> {
  const to = new Set<number>();
  let isWithin = false;
  for (let at = Math.min(...from); at < path.length; at++) {
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
 * and as slashes. None for one that cannot be decoded, which is refused later.
 */
export function readPaths(base: string, path: string): string[] {
  const read = (text: string) => base.toLowerCase() + decodeURIComponent(text).toLowerCase();
  const plain = path.replace(/(?<=.)\/$/, "").replace(/;[^/]*/g, "");
  try {
    return [...new Set([read(plain.replace(/%2f/gi, encodeURIComponent(encodedSlash))), read(plain)])];
  } catch {
    return [];
  }
}
