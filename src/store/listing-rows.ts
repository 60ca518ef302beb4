import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import type { Database, Transaction } from "#store/engine/database.js";
import type { ListingRow, ListingSourceRow } from "#store/schema/listing-tables.js";
import { holdSkills, skillSource } from "#store/skill-rows.js";
import { withinStorage } from "#store/storage.js";

export type ListingFacts = Omit<ListingRow, "archive" | "size">;

/** The skill that a listing has become in a tenant. */
export interface Installed {
  skill_id: string;
  listing_ref: string;
  listing_version: string | null;
  /** Of the files of its current version. */
  digest: string | null;
}

/** Sources that tenants have added, and what they offer. */
export interface ListingRows {
  sources(tenantId: string): Promise<(ListingSourceRow & { listings: number })[]>;
  source(tenantId: string, name: string): Promise<ListingSourceRow | undefined>;
  /** Adds the source or takes its place, with all it offers, all or nothing. */
  put(source: ListingSourceRow, listings: ListingRow[]): Promise<void>;
  /** Notes that a git repository was looked at, and nothing in it has changed. */
  touch(source: ListingSourceRow): Promise<void>;
  /** How many listings a source has. */
  count(tenantId: string, source: string): Promise<number>;
  /** Git repositories that were looked at before `before`, which count as looked at now: no other server has them. */
  claimDue(now: number, before: number, limit: number): Promise<ListingSourceRow[]>;
  /** With what it offers. Answers whether it was there. */
  remove(tenantId: string, name: string): Promise<boolean>;
  list(tenantId: string): Promise<ListingFacts[]>;
  archive(tenantId: string, source: string, name: string): Promise<Buffer | undefined>;
  /** Skills of the tenant that came from a listing. */
  installed(tenantId: string): Promise<Installed[]>;
}

export function createListingRows({ kysely }: Database): ListingRows {
  return {
    async sources(tenantId) {
      const rows = await kysely
        .selectFrom("listing_sources")
        .selectAll()
        .select(
          sql<number>`(select count(*) from listings where listings.tenant_id = listing_sources.tenant_id
            and listings.source = listing_sources.name)`.as("listings"),
        )
        .where("tenant_id", "=", tenantId)
        .orderBy("name")
        .execute();
      return rows.map((row) => ({ ...row, listings: Number(row.listings) }));
    },
    source: (tenantId, name) =>
      kysely
        .selectFrom("listing_sources")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("name", "=", name)
        .executeTakeFirst(),
    put: (source, listings) =>
      kysely.transaction().execute(async (transaction) => {
        await holdSkills(transaction, source.tenant_id, 0);
        await withinStorage(transaction, source.tenant_id, () => replace(transaction, source, listings));
      }),
    touch: async ({ tenant_id, name, refreshed_at, git_checked_at }) => {
      await kysely
        .updateTable("listing_sources")
        .set({ refreshed_at, git_checked_at })
        .where("tenant_id", "=", tenant_id)
        .where("name", "=", name)
        .execute();
    },
    async count(tenantId, source) {
      const { count } = await kysely
        .selectFrom("listings")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .where("tenant_id", "=", tenantId)
        .where("source", "=", source)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async claimDue(now, before, limit) {
      const due = await kysely
        .selectFrom("listing_sources")
        .select(["tenant_id", "name"])
        .where("git_checked_at", "<", before)
        .orderBy("git_checked_at")
        .limit(limit)
        .execute();
      const claimed: ListingSourceRow[] = [];
      for (const { tenant_id, name } of due) {
        const row = await kysely
          .updateTable("listing_sources")
          .set({ git_checked_at: now })
          .where("tenant_id", "=", tenant_id)
          .where("name", "=", name)
          .where("git_checked_at", "<", before)
          .returningAll()
          .executeTakeFirst();
        if (row) claimed.push(row);
      }
      return claimed;
    },
    remove: (tenantId, name) =>
      kysely.transaction().execute(async (transaction) => {
        await deleteListings(transaction, tenantId, name);
        const { numDeletedRows } = await transaction
          .deleteFrom("listing_sources")
          .where("tenant_id", "=", tenantId)
          .where("name", "=", name)
          .executeTakeFirstOrThrow();
        return numDeletedRows === 1n;
      }),
    list: (tenantId) =>
      kysely
        .selectFrom("listings")
        .select(["tenant_id", "source", "name", "description", "category", "version", "author", "digest"])
        .where("tenant_id", "=", tenantId)
        .orderBy("source")
        .orderBy("name")
        .execute(),
    async archive(tenantId, source, name) {
      const found = await kysely
        .selectFrom("listings")
        .select("archive")
        .where("tenant_id", "=", tenantId)
        .where("source", "=", source)
        .where("name", "=", name)
        .executeTakeFirst();
      // One engine gives plain bytes.
      return found && Buffer.from(found.archive);
    },
    installed: (tenantId) =>
      kysely
        .selectFrom("skills")
        .leftJoin("skill_versions", (join) =>
          join
            .onRef("skill_versions.tenant_id", "=", "skills.tenant_id")
            .onRef("skill_versions.skill_id", "=", "skills.id")
            .onRef("skill_versions.version", "=", "skills.current_version"),
        )
        .select(["skills.id as skill_id", "listing_ref", "listing_version", "skill_versions.digest"])
        .where("skills.tenant_id", "=", tenantId)
        .where("skills.source", "=", skillSource.listing)
        .where("listing_ref", "is not", null)
        .$narrowType<{ listing_ref: string }>()
        .execute(),
  };
}

async function replace(
  transaction: Transaction,
  source: ListingSourceRow,
  listings: ListingRow[],
): Promise<void> {
  const { tenant_id, name, created_at: _at, created_by: _by, ...rest } = source;
  await transaction
    .insertInto("listing_sources")
    .values(source)
    .onConflict((conflict) => conflict.columns(["tenant_id", "name"]).doUpdateSet(rest))
    .execute();
  await deleteListings(transaction, tenant_id, name);
  for (const listing of listings) {
    // One by one: each may have megabytes, and others are served between them.
    await transaction.insertInto("listings").values(listing).execute();
    await setImmediate();
  }
}

async function deleteListings(transaction: Transaction, tenantId: string, source: string): Promise<void> {
  await transaction
    .deleteFrom("listings")
    .where("tenant_id", "=", tenantId)
    .where("source", "=", source)
    .execute();
}
