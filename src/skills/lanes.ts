import type { Lane } from "#core/job.js";
import type { SkillFile } from "#skills/format/skill-folder.js";

/** One archive of a tenant is unpacked at a time: what is unpacked takes memory, and so does what waits. */
export const unpacking: Lane = { name: "unpacking", maxWaiting: 4 };
/** Their files are read when it is their turn. */
export const packing: Lane = { name: "packing", maxWaiting: 32 };

/** What few files of few bytes take is less than another thread does. */
const smallBytes = 64 * 1024;
const fewFiles = 32;

export function areSmall(files: readonly SkillFile[]): boolean {
  return files.length <= fewFiles && files.reduce((sum, { bytes }) => sum + bytes.length, 0) <= smallBytes;
}
