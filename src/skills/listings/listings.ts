import type { Person } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import type { RunJob } from "#core/job.js";
import { createTextIndex } from "#search/text-index.js";
import type { SkillFolder } from "#skills/format/skill-folder.js";
import type { InstalledListings } from "#skills/listings/installed-listings.js";
import { readListingJob } from "#skills/listings/jobs.js";
import { type Listing, listingRef } from "#skills/listings/listing.js";
import type { OwnListings } from "#skills/listings/own-listings.js";
import type { FileChange } from "#skills/registry/diff.js";
import { compareFilesJob } from "#skills/registry/job.js";
import type { Installed, ListingRows } from "#store/listing-rows.js";
import type { SkillRow } from "#store/schema/skill-tables.js";

/** A listing, and what it is in the tenant. */
export interface ListingView extends Listing {
  ref: string;
  installed: boolean;
  skillId: string | null;
  installedVersion: string | null;
  /** The files of the listing are not those that are installed. */
  updateAvailable: boolean;
}

export interface ListingQuery {
  q?: string | undefined;
  category?: string | undefined;
  source?: string | undefined;
  limit: number;
  offset: number;
}

/** Skills of all sources, to install into a tenant. */
export interface Listings {
  list(person: Person, query: ListingQuery): Promise<{ listings: ListingView[]; total: number }>;
  get(person: Person, ref: ListingRef): Promise<{ listing: ListingView; folder: SkillFolder }>;
  install(person: Person, ref: ListingRef): Promise<SkillRow>;
  /** The files that an update would change. Throws `conflict` when it is not installed. */
  diff(person: Person, ref: ListingRef): Promise<{ listing: ListingView; files: FileChange[] }>;
  /** Throws `conflict` when it is not installed. */
  update(person: Person, ref: ListingRef): Promise<SkillRow>;
}

export type ListingRef = Pick<Listing, "source" | "name">;

interface Deps {
  own: OwnListings;
  rows: ListingRows;
  installedListings: InstalledListings;
  runJob: RunJob;
}

const searched = {
  name: { boost: 3, length: 3 },
  about: { boost: 1.5, length: 20 },
  place: { boost: 1, length: 2 },
};

export function createListings({ own, rows, installedListings, runJob }: Deps): Listings {
  async function all(tenantId: string): Promise<ListingView[]> {
    const [theirs, added, installed] = await Promise.all([
      own.list(),
      rows.list(tenantId),
      rows.installed(tenantId),
    ]);
    const byRef = new Map(installed.map((it) => [it.listing_ref, it]));
    return [...theirs, ...added].map((listing) => view(listing, byRef.get(listingRef(listing))));
  }

  async function load(
    { tenantId }: Person,
    ref: ListingRef,
  ): Promise<{ listing: Listing; folder: SkillFolder }> {
    const known = own.names.has(ref.source)
      ? (await own.list()).find((listing) => listingRef(listing) === listingRef(ref))
      : undefined;
    if (known) return known.load();
    const archive = await rows.archive(tenantId, ref.source, ref.name);
    if (!archive) throw new SkillettError("not_found", { message: "Listing not found" });
    return runJob(tenantId, readListingJob, () => ({ source: ref.source, archive }));
  }

  async function shown(person: Person, ref: ListingRef) {
    const [{ listing, folder }, installed] = await Promise.all([
      load(person, ref),
      rows.installed(person.tenantId),
    ]);
    const here = installed.find((it) => it.listing_ref === listingRef(ref));
    return { listing: view(listing, here), folder };
  }

  return {
    async list(person, { q, category, source, limit, offset }) {
      const fitting = (await all(person.tenantId)).filter(
        (it) => (!category || it.category === category) && (!source || it.source === source),
      );
      const found = q ? ranked(fitting, q) : fitting.sort(byRef);
      return { listings: found.slice(offset, offset + limit), total: found.length };
    },
    async get(person, ref) {
      return shown(person, ref);
    },
    async install(person, ref) {
      const { listing, folder } = await load(person, ref);
      return installedListings.install(person, listing, folder);
    },
    async diff(person, ref) {
      const { listing, folder } = await shown(person, ref);
      const names = { from: listing.installedVersion ?? "installed", to: listing.version };
      const files = await runJob(person.tenantId, compareFilesJob, async () => ({
        before: await installedListings.filesOf(person, listing),
        after: folder.files,
        names,
      }));
      return { listing, files };
    },
    async update(person, ref) {
      const { listing, folder } = await load(person, ref);
      return installedListings.update(person, listing, folder);
    },
  };
}

function view(listing: Listing, installed: Installed | undefined): ListingView {
  const { source, name, description, category, version, author, digest } = listing;
  return {
    ref: listingRef(listing),
    ...{ source, name, description, category, version, author, digest },
    installed: installed !== undefined,
    skillId: installed?.skill_id ?? null,
    installedVersion: installed?.listing_version ?? null,
    updateAvailable: installed !== undefined && installed.digest !== digest,
  };
}

const byRef = (a: ListingView, b: ListingView) => (a.ref < b.ref ? -1 : 1);

/** There are hundreds at most: an index is made for the one question. */
function ranked(listings: ListingView[], query: string): ListingView[] {
  const index = createTextIndex<ListingView>(searched);
  for (const it of listings) {
    const place = [it.source, it.category, it.author].filter(Boolean).join(" ");
    index.put(it.ref, it, { name: it.name, about: it.description, place });
  }
  return index.search(query);
}
