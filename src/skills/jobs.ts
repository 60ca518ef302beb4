import type { Job, Lane } from "#core/job.js";
import { type ArchivedSkills, inspectArchive, readArchive } from "#skills/archive.js";
import { compareFiles, type FileChange } from "#skills/diff.js";
import type { ReadOptions, SkillFile, SkillFolder } from "#skills/folder.js";
import { type Listing, toListing } from "#skills/listing.js";
import type { Budget } from "#skills/unpacking.js";
import { writeTarGz } from "#skills/write-tar.js";
import { writeZip } from "#skills/zip.js";

/** One archive of a tenant is unpacked at a time: what is unpacked takes memory, and so does what waits. */
const unpacking: Lane = { name: "unpacking", mostWaiting: 4 };
/** Their files are read when it is their turn. */
const packing: Lane = { name: "packing", mostWaiting: 32 };

/** What few files of few bytes take is less than another thread does. */
const smallBytes = 64 * 1024;
const fewFiles = 32;

/** @see readArchive */
export const readArchiveJob: Job<{ archive: Buffer; budget?: Budget }, ArchivedSkills> = {
  name: "readArchive",
  lane: unpacking,
  run: ({ archive, budget }) => readArchive(archive, budget),
};

/** Like it, but with nothing in it that can be used it answers, too. @see inspectArchive */
export const inspectArchiveJob: Job<{ archive: Buffer; budget: Budget }, ArchivedSkills> = {
  name: "inspectArchive",
  lane: unpacking,
  run: ({ archive, budget }) => inspectArchive(archive, { budget }),
};

/** What would come in of an archive, and what is wrong with it. */
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

/** @see compareFiles */
export const compareFilesJob: Job<Comparison, FileChange[]> = {
  name: "compareFiles",
  lane: packing,
  run: ({ before, after, names }) => compareFiles(before, after, names),
};

interface Comparison {
  before: SkillFile[];
  after: SkillFile[];
  names: { from: string; to: string };
}

/** What a source offers, as it is kept: its facts, and a zip of its folder. */
export const packListingJob: Job<{ source: string; folder: SkillFolder }, PackedListing> = {
  name: "packListing",
  lane: packing,
  run: async ({ source, folder }) => ({
    ...toListing(source, folder),
    archive: await writeZip([{ directory: folder.slug, files: folder.files }]),
  }),
  isSmall: ({ folder }) => areSmall(folder.files),
};

export type PackedListing = Listing & { archive: Buffer };

/** The same, unpacked again. */
export const readListingJob: Job<{ source: string; archive: Buffer }, ReadListing> = {
  name: "readListing",
  lane: unpacking,
  run: async ({ source, archive }) => {
    const [skill] = (await readArchive(archive)).skills;
    return { listing: toListing(source, skill!.folder), folder: skill!.folder };
  },
};

export interface ReadListing {
  listing: Listing;
  folder: SkillFolder;
}

function areSmall(files: readonly SkillFile[]): boolean {
  return files.length <= fewFiles && files.reduce((sum, { bytes }) => sum + bytes.length, 0) <= smallBytes;
}

/** All of them, for the thread they run on. */
export const skillJobs = [
  readArchiveJob,
  inspectArchiveJob,
  validateArchiveJob,
  writeZipJob,
  writeTarGzJob,
  compareFilesJob,
  packListingJob,
  readListingJob,
];
