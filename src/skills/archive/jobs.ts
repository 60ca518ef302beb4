import type { Job } from "#core/job.js";
import type { Budget } from "#skills/archive/limits.js";
import { type ArchivedSkills, inspectArchive, readArchive } from "#skills/archive/read-archive.js";
import { writeTarGz } from "#skills/archive/write-tar.js";
import { writeZip } from "#skills/archive/zip.js";
import type { ReadOptions } from "#skills/format/read-folder.js";
import type { SkillFile } from "#skills/format/skill-folder.js";
import { areSmall, packing, unpacking } from "#skills/lanes.js";

/** @see readArchive */
export const readArchiveJob: Job<{ archive: Buffer; budget?: Budget }, ArchivedSkills> = {
  name: "readArchive",
  lane: unpacking,
  run: ({ archive, budget }) => readArchive(archive, budget),
};

/** Like `readArchiveJob`, but also succeeds for an archive in which no skill can be used. @see inspectArchive */
export const inspectArchiveJob: Job<{ archive: Buffer; budget: Budget }, ArchivedSkills> = {
  name: "inspectArchive",
  lane: unpacking,
  run: ({ archive, budget }) => inspectArchive(archive, { budget }),
};

/** The skills that an archive would bring, and its problems. */
export interface ValidatedArchive extends Omit<ArchivedSkills, "skills"> {
  skills: { folder: string; slug: string; frontmatter: Record<string, unknown> }[];
}

/** @see inspectArchive */
export const validateArchiveJob: Job<{ archive: Buffer; options: ReadOptions }, ValidatedArchive> = {
  name: "validateArchive",
  lane: unpacking,
  run: async ({ archive, options }) => {
    const { skills, ...found } = await inspectArchive(archive, options);
    const facts = skills.map(({ place, folder: { slug, frontMatter } }) => ({
      folder: place,
      slug,
      frontmatter: frontMatter,
    }));
    return { skills: facts, ...found };
  },
};

/** @see writeZip */
export const writeZipJob: Job<{ directory: string; files: SkillFile[] }, Buffer> = {
  name: "writeZip",
  lane: packing,
  run: (folder) => writeZip([folder]),
  isSmall: ({ files }) => areSmall(files),
};

/** @see writeTarGz */
export const writeTarGzJob: Job<SkillFile[], Buffer> = {
  name: "writeTarGz",
  lane: packing,
  run: writeTarGz,
  isSmall: areSmall,
};
