import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes a file that is not there yet, and has it on the disk when it returns. When writing fails, there is none.
 *
 * @param mode for the new file; the umask still takes from it
 * @throws EEXIST
 */
export function createFile(file: string, data: Uint8Array | string, mode: number): void {
  const handle = openSync(file, "wx", mode);
  try {
    writeFileSync(handle, data, { flush: true });
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes a file, or puts another in its place: whoever reads it meanwhile, or after a crash, finds the old one or the
 * new one, never a part. A symbolic link is replaced, not followed.
 *
 * @param mode for the new file; the umask still takes from it
 */
export function replaceFile(file: string, data: Uint8Array | string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  // A name of its own: the file's may be as long as names can be, and one that can be guessed could be a link already.
  const draft = join(dirname(file), `.${randomBytes(6).toString("hex")}.tmp`);
  createFile(draft, data, mode);
  try {
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
