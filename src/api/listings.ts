import { toSkill } from "#api/skills.js";
import type * as routes from "#contract/listings.js";
import type { Api } from "#contract/route.js";
import { digestsOf } from "#skills/format/digests.js";
import type { Listings, ListingView } from "#skills/listings/listings.js";
import type { Sources } from "#skills/listings/sources.js";

export interface ListingsDeps {
  listings: Listings;
  sources: Sources;
}

const defaultPage = 100;

export function createListingsApi({ listings, sources }: ListingsDeps): Api<typeof routes> {
  return {
    async listListings({ caller, query }) {
      const page = { ...query, limit: query.limit ?? defaultPage, offset: query.offset ?? 0 };
      const found = await listings.list(caller, page);
      return { listings: found.listings.map(toListing), total: found.total };
    },
    async getListing({ caller, params }) {
      const { listing, folder } = await listings.get(caller, params);
      const { instructions, files } = folder;
      const digestOf = await digestsOf(files);
      const entries = files.map(({ path, bytes, executable }) => {
        return { path, size: bytes.length, digest: `sha256:${digestOf(bytes)}`, executable };
      });
      return { listing: toListing(listing), instructions, files: entries };
    },
    installListing: async ({ caller, params }) => ({
      skill: toSkill(await listings.install(caller, params)),
    }),
    async diffListing({ caller, params }) {
      const { listing, files } = await listings.diff(caller, params);
      return { listing: toListing(listing), files };
    },
    updateFromListing: async ({ caller, params }) => ({
      skill: toSkill(await listings.update(caller, params)),
    }),
    listListingSources: async ({ caller }) => ({ sources: await sources.list(caller) }),
    addListingSource: ({ caller, body: { token = null, ...source }, signal }) =>
      sources.add(caller, { ...source, token }, signal),
    uploadListingSource: ({ caller, params, archive }) => sources.upload(caller, params.source, archive),
    refreshListingSource: ({ caller, params, signal }) => sources.refresh(caller, params.source, signal),
    async removeListingSource({ caller, params }) {
      await sources.remove(caller, params.source);
      return { success: true as const };
    },
  };
}

/** A digest is for us to compare. */
function toListing({ digest: _, ...listing }: ListingView): Omit<ListingView, "digest"> {
  return listing;
}
