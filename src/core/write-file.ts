import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
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
  const draft = draftOf(file);
  createFile(draft, data, mode);
  try {
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** The same as `replaceFile`, while others run. Its folder is there. */
export async function replaceFileAside(
  file: string,
  data: readonly Uint8Array[],
  mode: number,
): Promise<void> {
  const draft = draftOf(file);
  try {
    const handle = await open(draft, "wx", mode);
    try {
      for (const part of data) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A name of its own: the file's may be as long as names can be, and one that can be guessed could be a link already. */
const draftOf = (file: string) => join(dirname(file), `.${randomBytes(6).toString("hex")}.tmp`);
