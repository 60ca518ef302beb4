import { folderDigest } from "#skills/format/digests.js";
import type { SkillFolder } from "#skills/format/skill-folder.js";

/** A skill that a source offers. */
export interface Listing {
  source: string;
  name: string;
  description: string;
  category: string | null;
  version: string;
  author: string | null;
  /** Of its files, as `skill_versions.digest`. */
  digest: string;
}

/** A listing of the operator, which is there for every tenant. */
export interface OwnListing extends Listing {
  kind: "builtin" | "directory";
  /** As it is now: a directory may have changed since it was listed. */
  load(): Promise<{ listing: Listing; folder: SkillFolder }>;
}

export const listingRef = ({ source, name }: Pick<Listing, "source" | "name">) => `${source}/${name}`;

/** `fallback`: the version of a folder that names none; without it, one that is made of its digest. */
export function toListing(source: string, folder: SkillFolder, fallback?: string): Listing {
  const { slug: name, description, category, author, files } = folder;
  const digest = folderDigest(files);
  const version = folder.version ?? fallback ?? `0.0.0+${digest.slice(0, 12)}`;
  return { source, name, description, category, version, author, digest };
}
