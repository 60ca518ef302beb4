import { isUtf8 } from "node:buffer";
import { createTwoFilesPatch } from "diff";
import type { SkillFile } from "#skills/format/skill-folder.js";

export interface FileChange {
  path: string;
  change: "added" | "removed" | "changed";
  /** Unified; left out for files that are not text, have too little in common, or come after too much else. */
  diff?: string;
}

/** For the diffs of all files together: after that time, further files are listed without one. */
const budgetMs = 2_000;
/** Of a file. */
const maxBytes = 1024 * 1024;
/** Of all diffs together: nobody reads more, and the answer is one piece of JSON. */
const maxCharacters = 1024 * 1024;

/** The differences between two folders, by path. A file that only became executable, or ceased to be, counts. */
export function compareFiles(
  before: readonly SkillFile[],
  after: readonly SkillFile[],
  names: { from: string; to: string },
): FileChange[] {
  const end = performance.now() + budgetMs;
  let left = maxCharacters;
  const [old, now] = [byPath(before), byPath(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path) => {
    const [a, b] = [old.get(path), now.get(path)];
    if (a && b && a.executable === b.executable && a.bytes.equals(b.bytes)) return [];
    const diff = textDiff(path, a?.bytes ?? empty, b?.bytes ?? empty, names, end);
    const isShown = diff !== undefined && diff.length <= left;
    if (isShown) left -= diff.length;
    const change = a ? (b ? "changed" : "removed") : "added";
    return [{ path, change, ...(isShown ? { diff } : {}) } as const];
  });
}

const empty = Buffer.alloc(0);
const byPath = (files: readonly SkillFile[]) => new Map(files.map((file) => [file.path, file]));
const isText = (bytes: Buffer) => bytes.length <= maxBytes && isUtf8(bytes) && !bytes.includes(0);

function textDiff(
  path: string,
  a: Buffer,
  b: Buffer,
  { from, to }: { from: string; to: string },
  end: number,
): string | undefined {
  const timeout = end - performance.now();
  if (timeout <= 0 || !isText(a) || !isText(b)) return undefined;
  return createTwoFilesPatch(path, path, a.toString(), b.toString(), from, to, { timeout });
}
