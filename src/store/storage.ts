import { sql } from "kysely";
import { SkillettError } from "#core/errors.js";
import { type PlanName, plans } from "#core/plans.js";
import type { Database, Queryable, Transaction } from "#store/engine/database.js";

/** Bytes that a tenant stores: of its skills, where equal files count once, and of the listings it has added. */
export interface Storage {
  bytes: number;
  /** By the plan of its owner, or the most generous of them; null without a limit. */
  limit: number | null;
}

export async function readStorage(database: Database, tenantId: string): Promise<Storage> {
  return { bytes: await storedBytes(database, tenantId), limit: await storageLimit(database, tenantId) };
}

/**
 * Runs a part of a transaction that may store something. It throws when that takes more than there is room for, so
 * that nothing of it stays; a part that frees some runs also for a tenant that has too much. For one at a time in a
 * tenant.
 *
 * @throws SkillettError `plan_limit_reached`
 */
export async function withinStorage<T>(
  transaction: Transaction,
  tenantId: string,
  work: () => Promise<T>,
): Promise<T> {
  const tables = { kysely: transaction };
  const before = await storedBytes(tables, tenantId);
  const result = await work();
  const after = await storedBytes(tables, tenantId);
  if (after <= before) return result;
  const limit = await storageLimit(tables, tenantId);
  if (limit !== null && after > limit) throw full({ before, after, limit });
  return result;
}

/** Both sums come from an index alone. */
async function storedBytes({ kysely }: Queryable, tenantId: string): Promise<number> {
  const sum = (table: "skill_blobs" | "listings") =>
    kysely
      .selectFrom(table)
      .select((eb) => eb.fn.coalesce(eb.fn.sum<number | string>("size"), sql.lit(0)).as("bytes"))
      .where("tenant_id", "=", tenantId)
      .executeTakeFirstOrThrow();
  const [skills, listings] = [await sum("skill_blobs"), await sum("listings")];
  return Number(skills.bytes) + Number(listings.bytes);
}

async function storageLimit({ kysely }: Queryable, tenantId: string): Promise<number | null> {
  const owners = await kysely
    .selectFrom("memberships")
    .innerJoin("profiles", "profiles.id", "memberships.profile_id")
    .select("plan")
    .where("tenant_id", "=", tenantId)
    .where("role", "=", "owner")
    .execute();
  const limits = owners.map(({ plan }) => plans[plan as PlanName].storageBytes);
  return limits.includes(null) ? null : Math.max(plans.free.storageBytes, ...limits.map(Number));
}

function full({ before, after, limit }: { before: number; after: number; limit: number }): SkillettError {
  const message =
    `Plan limit reached: the tenant stores ${inMegabytes(before)} of skills and listings, with this it would be ` +
    `${inMegabytes(after)}, and its plan has ${inMegabytes(limit)}. Nothing was stored. Remove a source of listings ` +
    "or large files of drafts, or have the owner choose a larger plan.";
  return new SkillettError("plan_limit_reached", { message });
}

const inMegabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
