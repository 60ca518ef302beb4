import type { Lane } from "#core/job.js";
import type { SkillFile } from "#skills/format/skill-folder.js";

/** One archive of a tenant is unpacked at a time: unpacked files take memory, and so do archives that wait. */
export const unpacking: Lane = { name: "unpacking", maxWaiting: 4 };
/** Their files are read when it is their turn. */
export const packing: Lane = { name: "packing", maxWaiting: 32 };

/** Files up to this many, and this many bytes together, take less time than handing them to a thread. */
const smallBytes = 64 * 1024;
const fewFiles = 32;

export function areSmall(files: readonly SkillFile[]): boolean {
  return files.length <= fewFiles && files.reduce((sum, { bytes }) => sum + bytes.length, 0) <= smallBytes;
}
