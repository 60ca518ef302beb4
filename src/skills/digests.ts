import { setImmediate as nextTurn } from "node:timers/promises";
import type { SkillFile } from "#skills/folder.js";
import { bytesDigest } from "#skills/folder-rows.js";

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
