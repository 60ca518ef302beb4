import { windowsProblem } from "#core/windows-path.js";

/** Longest path, in bytes; the parts of one must fit common file systems. */
const maxPathBytes = 512;
const maxPartBytes = 255;

/** Something wrong with a path. */
export interface PathProblem {
  path: string;
  message: string;
}

/** The problem of a file's path in a skill or an archive: null when it is safe on every system. */
export function pathProblem(path: string): string | null {
  if (path === "") return "has no name";
  if (path.includes("\0")) return "has a NUL character in its path";
  if (/\p{Cc}/u.test(path)) return "has a control character in its path";
  if (path.includes("\ufffd") || /\p{Surrogate}/u.test(path)) return "has a path that is not valid UTF-8";
  if (path.includes("\\")) return "has a backslash in its path: separate folders with /";
  if (path.startsWith("/")) return "has an absolute path: it must be relative";
  if (/^[A-Za-z]:(\/|$)/.test(path)) return "begins with a drive letter: its path must be relative";
  const parts = path.split("/");
  if (parts.includes("..")) return "leads out of its folder with ..";
  if (parts.includes(".") || parts.includes("")) return "has an empty part or . in its path";
  if (Buffer.byteLength(path) > maxPathBytes) return `has a path of over ${maxPathBytes} bytes`;
  if (parts.some((part) => Buffer.byteLength(part) > maxPartBytes)) {
    return `has a part of over ${maxPartBytes} bytes in its path`;
  }
  return null;
}

/** Whether a path leads out of the folder it is unpacked to, or some unpackers would take it for another path. */
export function leadsOut(path: string): boolean {
  return /^\/|^[A-Za-z]:(\/|$)|\\/.test(path) || path.split("/").includes("..");
}

/** With the folder it lies in, Windows takes 259 characters. */
const maxPortableLength = 200;
/** Why some system cannot hold a file of this path, which is sound otherwise; null when all can. */
export function portabilityProblem(path: string): string | null {
  const problem = windowsProblem(path);
  if (problem !== null || path.length <= maxPortableLength) return problem;
  return `has a path of ${path.length} characters, which Windows may not hold: use ${maxPortableLength} at most`;
}

/** A file of which the path is known to be sound. */
export interface PathEntry {
  path: string;
  kind: "file" | "directory";
}

interface Known extends PathEntry {
  /** Named itself, not only as the folder of something. */
  isListed: boolean;
}

/**
 * Paths that cannot stand beside each other on every system: given twice, apart in case or Unicode normalization
 * only, or file and folder at once.
 */
export function clashes(entries: Iterable<PathEntry>): PathProblem[] {
  const known = new Map<string, Known>();
  const problems = new Map<string, string>();
  const note = (path: string, kind: PathEntry["kind"], isListed: boolean): void => {
    const key = path.normalize("NFC").toLowerCase().normalize("NFC");
    const other = known.get(key);
    if (!other) known.set(key, { path, kind, isListed });
    else if (other.path !== path) {
      problems.set(
        path,
        `differs from ${shorten(other.path)} in case or Unicode normalization only: rename one`,
      );
    } else if (other.kind !== kind) problems.set(path, "is a file and a folder at once");
    else if (isListed && other.isListed && kind === "file") problems.set(path, "stands there twice");
    else other.isListed ||= isListed;
  };
  for (const { path, kind } of entries) {
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
      note(path.slice(0, at), "directory", false);
    }
    note(path, kind, true);
  }
  return [...problems].map(([path, message]) => ({ path, message }));
}

/** A path as it stands in a message. */
export function shorten(path: string): string {
  return path.length > 120 ? `${path.slice(0, 120)}…` : path;
}
