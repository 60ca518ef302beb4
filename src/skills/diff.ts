import { isUtf8 } from "node:buffer";
import { createTwoFilesPatch } from "diff";
import type { SkillFile } from "#skills/folder.js";

export interface FileChange {
  path: string;
  change: "added" | "removed" | "changed";
  /** Unified; left out for files that are not text, or have too little in common. */
  diff?: string;
}

/** The server does other things meanwhile: what takes longer is not shown. */
const budgetMs = 2_000;
const maxBytes = 1024 * 1024;

/** What is different between two folders, by path. A file that only became executable, or ceased to be, counts. */
export function compareFiles(
  before: readonly SkillFile[],
  after: readonly SkillFile[],
  names: { from: string; to: string },
): FileChange[] {
  const end = performance.now() + budgetMs;
  const [old, now] = [byPath(before), byPath(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path) => {
    const [a, b] = [old.get(path), now.get(path)];
    if (a && b && a.executable === b.executable && a.bytes.equals(b.bytes)) return [];
    const diff = textDiff(path, a?.bytes ?? empty, b?.bytes ?? empty, names, end);
    const change = a ? (b ? "changed" : "removed") : "added";
    return [{ path, change, ...(diff === undefined ? {} : { diff }) } as const];
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
  if (!isText(a) || !isText(b)) return undefined;
  const timeout = Math.max(1, end - performance.now());
  return createTwoFilesPatch(path, path, a.toString(), b.toString(), from, to, { timeout });
}
