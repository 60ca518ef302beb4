import type { Person } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import { digestsOf } from "#skills/format/digests.js";
import type { SkillFile, SkillFolder } from "#skills/format/skill-folder.js";
import { type Listing, listingRef } from "#skills/listings/listing.js";
import { addVersion } from "#skills/registry/add-version.js";
import { current } from "#skills/registry/draft.js";
import { factsOf } from "#skills/registry/facts.js";
import { toFiles } from "#skills/registry/folder-rows.js";
import { nextVersion } from "#skills/registry/next-version.js";
import { skillExists } from "#skills/registry/refusals.js";
import { newRow } from "#skills/registry/registry.js";
import type { Change, MakeChange } from "#skills/registry/transaction.js";
import { currentVersion } from "#skills/registry/versions.js";
import type { SkillRow, VersionFacts } from "#store/schema/skill-tables.js";
import type { SkillFileRows } from "#store/skill-file-rows.js";
import { type SkillRows, skillSource } from "#store/skill-rows.js";

/** Listings that are in the registry of a tenant, as skills that are published and locked. */
export interface InstalledListings {
  /** Throws `conflict` when it is installed, or another skill has its name. */
  install(person: Person, listing: Listing, folder: SkillFolder): Promise<SkillRow>;
  /** A new version, unless the files are the same. Throws `conflict` when it is not installed. */
  update(person: Person, listing: Listing, folder: SkillFolder): Promise<SkillRow>;
  /** Of the current version. Throws `conflict` when it is not installed. */
  filesOf(person: Person, listing: Pick<Listing, "source" | "name">): Promise<SkillFile[]>;
}

interface Deps {
  skills: SkillRows;
  files: SkillFileRows;
  makeChange: MakeChange;
}

export function createInstalledListings({ skills, files, makeChange }: Deps): InstalledListings {
  return {
    install: async (person, listing, folder) => {
      const digestOf = await digestsOf(folder.files);
      return makeChange(person.tenantId, async (change) => {
        const { tenantId, profileId: by } = person;
        const known = await change.skills.findInstalled(tenantId, listingRef(listing));
        if (known) throw isInstalled(known);
        if ((await change.skills.listBySlugs(tenantId, [folder.slug])).length > 0)
          throw skillExists([folder.slug]);
        const row: SkillRow = { ...newRow(person, folder.slug, change.now), source: skillSource.listing };
        const version = nextVersion([], versionOf(listing));
        const installed = { ...row, ...changes(listing, { ...factsOf(folder), version }, change.now) };
        await change.skills.insert([installed]);
        await addVersion(change, installed, { version, notes: null, by }, folder, digestOf);
        return installed;
      });
    },
    update: async (person, listing, folder) => {
      const digestOf = await digestsOf(folder.files);
      return makeChange(person.tenantId, async (change) => {
        const skill = await findInstalled(change, person, listing);
        const now = await current(change, skill);
        if (now?.digest === listing.digest) return skill;
        const version = nextVersion(await change.versions.list(skill), versionOf(listing));
        const as = { version, notes: null, by: person.profileId };
        const added = await addVersion(change, skill, as, folder, digestOf);
        return change.skills.update(skill, changes(listing, added, change.now));
      });
    },
    async filesOf(person, listing) {
      const skill = await findInstalled({ skills }, person, listing);
      return toFiles(await files.read(skill, skill.current_version!));
    },
  };
}

async function findInstalled(
  { skills }: Pick<Change, "skills">,
  { tenantId }: Person,
  listing: Pick<Listing, "source" | "name">,
): Promise<SkillRow> {
  const skill = await skills.findInstalled(tenantId, listingRef(listing));
  if (skill) return skill;
  throw new SkillettError("conflict", {
    message: `${listingRef(listing)} is not installed: install it first.`,
  });
}

function changes(listing: Listing, version: VersionFacts & { version: string }, now: number) {
  return {
    ...currentVersion(version, now),
    // A skill that names no category takes that of its listing.
    category: listing.category,
    listing_ref: listingRef(listing),
    listing_version: listing.version,
  };
}

/** A version that was made from a digest is not kept, since it does not say which of two is newer. */
function versionOf({ version }: Listing): string | null {
  return version.startsWith("0.0.0+") ? null : version;
}

function isInstalled({ slug, status }: SkillRow): SkillettError {
  const how = status === "archived" ? "and archived: restore it" : "already: update it";
  return new SkillettError("conflict", { message: `This listing is installed as ${slug} ${how} instead.` });
}
