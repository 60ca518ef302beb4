import { hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { SkillFile } from "#skills/format/skill-folder.js";

/** Bytes looked at without letting anything else run: some milliseconds. */
const turnBytes = 4 * 1024 * 1024;

/** SHA-256 of the files' bytes, hex, for those that asked: everybody else is served in between. */
export async function digestsOf(files: Iterable<SkillFile>): Promise<(bytes: Buffer) => string> {
  const digests = new Map<Buffer, string>();
  let untilTurn = turnBytes;
  for (const { bytes } of files) {
    digests.set(bytes, bytesDigest(bytes));
    untilTurn -= bytes.length;
    if (untilTurn > 0) continue;
    untilTurn = turnBytes;
    await nextTurn();
  }
  return (bytes) => digests.get(bytes) ?? bytesDigest(bytes);
}

/** SHA-256 over everything that makes a folder what it is, hex: the same files have the same digest. */
export function folderDigest(files: readonly SkillFile[]): string {
  return filesDigest(
    files.map(({ path, bytes, executable }) => ({
      path,
      digest: bytesDigest(bytes),
      is_executable: executable ? 1 : 0,
    })),
  );
}

interface HashedFile {
  path: string;
  /** Of its bytes. */
  digest: string;
  /** 0 or 1. */
  is_executable: number;
}

export function filesDigest(files: HashedFile[]): string {
  const lines = files.map(({ path, digest, is_executable }) => JSON.stringify([path, digest, is_executable]));
  return hash("sha256", lines.sort().join("\n"), "hex");
}

export const bytesDigest = (bytes: Buffer) => hash("sha256", bytes, "hex");
