import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file, or puts another in its place: whoever reads it meanwhile finds the old one or the new one,
 * never a part. A symbolic link is replaced, not followed.
 *
 * @param mode for the new file; the umask still takes from it
 */
export function replaceFile(file: string, data: Uint8Array | string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, data, { flag: "wx", mode });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
