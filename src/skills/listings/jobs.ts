import type { Job } from "#core/job.js";
import { readArchive } from "#skills/archive/read-archive.js";
import { writeZip } from "#skills/archive/zip.js";
import type { SkillFolder } from "#skills/format/skill-folder.js";
import { areSmall, packing, unpacking } from "#skills/lanes.js";
import { type Listing, toListing } from "#skills/listings/listing.js";

/** A listing as it is stored: its facts, and a zip of its folder. */
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

/** Reads a packed listing back into its facts and its folder. */
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
