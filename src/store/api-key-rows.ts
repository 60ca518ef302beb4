import { createLookup } from "#store/engine/batched-read.js";
import type { Database, Queryable, Transaction } from "#store/engine/database.js";
import { holdProfile } from "#store/profile-rows.js";
import type { ApiKeyRow } from "#store/schema/tables.js";

/** Facts about a key, and about its profile, that a call needs. */
export interface KeyWithPlan
  extends Pick<
    ApiKeyRow,
    | "tenant_id"
    | "id"
    | "profile_id"
    | "agent_id"
    | "lineage_id"
    | "scopes"
    | "expires_at"
    | "revoked_at"
    | "last_used_at"
  > {
  plan: string;
  role: string;
  is_operator: number;
  catalog_version: number;
  /** Null without an agent, or when it is gone. */
  agent_name: string | null;
  agent_status: string | null;
}

export interface KeyFilter {
  tenantId: string;
  /** Those of everybody in the tenant, when left out. */
  profileId?: string | undefined;
  /** Only those that are bound to this agent. */
  agentId?: string | undefined;
}

export interface ApiKeyRows {
  /** By SHA-256 of the presented key, hex. */
  findByHash(hash: string): Promise<KeyWithPlan | undefined>;
  get(tenantId: string, id: string): Promise<ApiKeyRow | undefined>;
  /** Oldest first. */
  list(filter: KeyFilter): Promise<ApiKeyRow[]>;
  /** How many keys of a profile work, in all of its tenants; those of agents do not count. */
  countWorking(profileId: string, now: number): Promise<number>;
  /** Inserts unless the profile already has `limit` keys that work; answers whether it did. */
  insert(row: ApiKeyRow, limit: number | null, now: number): Promise<boolean>;
  /** Revokes a key and inserts the one in its place, or neither when it was revoked already. */
  replace(old: ApiKeyRow, row: ApiKeyRow, now: number): Promise<boolean>;
  /** The time of the first revocation stays. */
  revoke(tenantId: string, id: string, now: number): Promise<void>;
  /** Revokes the keys of people who do not belong to the key's tenant any more. */
  revokeLeavers(now: number): Promise<void>;
  touch(tenantId: string, id: string, now: number): Promise<void>;
  /**
   * Keys that end before `until` and whose owners have not been told; they count as told from now on, so that of several
   * servers one tells. Those made for less than the time between `now` and `until` are left out: who made them has just
   * heard of it.
   */
  takeEnding(now: number, until: number, limit: number): Promise<EndingKey[]>;
}

/** A key that is about to end, and its owner. */
export interface EndingKey extends Pick<ApiKeyRow, "id" | "name" | "key_prefix"> {
  expires_at: number;
  email: string;
  /** Null without an agent. */
  agent_name: string | null;
}

export function createApiKeyRows(database: Database): ApiKeyRows {
  const { kysely } = database;
  const byHash = createLookup<KeyWithPlan>(
    database,
    [["key_hash", "text"]],
    (
      keys,
    ) => `select row_at, api_keys.tenant_id, api_keys.id, profile_id, agent_id, lineage_id, scopes, expires_at, revoked_at,
        last_used_at, plan, role, is_operator, catalog_version, agents.name as agent_name, agents.status as agent_status
      from ${keys} join api_keys using (key_hash) join profiles on profiles.id = profile_id
      join memberships using (tenant_id, profile_id) join tenants on tenants.id = api_keys.tenant_id
      left join agents on agents.tenant_id = api_keys.tenant_id and agents.id = agent_id`,
  );

  return {
    findByHash: (hash) => byHash(hash),
    get: (tenantId, id) =>
      kysely
        .selectFrom("api_keys")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .executeTakeFirst(),
    list: ({ tenantId, profileId, agentId }) =>
      kysely
        .selectFrom("api_keys")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .$if(profileId !== undefined, (query) => query.where("profile_id", "=", profileId!))
        .$if(agentId !== undefined, (query) => query.where("agent_id", "=", agentId!))
        .orderBy("id")
        .execute(),
    countWorking: (profileId, now) => countWorking(database, profileId, now),
    insert: (row, limit, now) =>
      kysely.transaction().execute((transaction) => insertKey(transaction, row, limit, now)),
    replace: (old, row, now) =>
      kysely.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable("api_keys")
          .set({ revoked_at: now })
          .where("tenant_id", "=", old.tenant_id)
          .where("id", "=", old.id)
          .where("revoked_at", "is", null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await transaction.insertInto("api_keys").values(row).execute();
        return true;
      }),
    revokeLeavers: async (now) => {
      await kysely
        .updateTable("api_keys")
        .set({ revoked_at: now })
        .where("revoked_at", "is", null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("memberships")
                .select("memberships.id")
                .whereRef("memberships.tenant_id", "=", "api_keys.tenant_id")
                .whereRef("memberships.profile_id", "=", "api_keys.profile_id"),
            ),
          ),
        )
        .execute();
    },
    takeEnding: (now, until, limit) => takeEnding(database, now, until, limit),
    revoke: async (tenantId, id, now) => {
      await kysely
        .updateTable("api_keys")
        .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.val(now)) }))
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .execute();
    },
    touch: async (tenantId, id, now) => {
      await kysely
        .updateTable("api_keys")
        .set({ last_used_at: now })
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .execute();
    },
  };
}

async function takeEnding(
  { kysely }: Database,
  now: number,
  until: number,
  limit: number,
): Promise<EndingKey[]> {
  const due = await kysely
    .selectFrom("api_keys")
    .innerJoin("profiles", "profiles.id", "profile_id")
    .leftJoin("agents", (join) =>
      join.onRef("agents.tenant_id", "=", "api_keys.tenant_id").onRef("agents.id", "=", "api_keys.agent_id"),
    )
    .select(["api_keys.tenant_id", "api_keys.id", "api_keys.name", "key_prefix", "expires_at", "email"])
    .select("agents.name as agent_name")
    .where("expires_at", ">", now)
    .where("expires_at", "<=", until)
    .where("revoked_at", "is", null)
    .where("end_told_at", "is", null)
    .where("email", "is not", null)
    .where((eb) => eb(eb("expires_at", "-", eb.ref("api_keys.created_at")), ">", until - now))
    .orderBy("expires_at")
    .limit(limit)
    .execute();
  const taken: EndingKey[] = [];
  for (const { tenant_id, email, expires_at, ...key } of due) {
    const { numUpdatedRows } = await kysely
      .updateTable("api_keys")
      .set({ end_told_at: now })
      .where("tenant_id", "=", tenant_id)
      .where("id", "=", key.id)
      .where("end_told_at", "is", null)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) taken.push({ ...key, email: email!, expires_at: expires_at! });
  }
  return taken;
}

/** `ApiKeyRows.insert` as a part of something larger. */
export async function insertKey(
  transaction: Transaction,
  row: ApiKeyRow,
  limit: number | null,
  now: number,
): Promise<boolean> {
  if (limit !== null) {
    await holdProfile(transaction, row.profile_id);
    if ((await countWorking({ kysely: transaction }, row.profile_id, now)) >= limit) return false;
  }
  await transaction.insertInto("api_keys").values(row).execute();
  return true;
}

async function countWorking({ kysely }: Queryable, profileId: string, now: number): Promise<number> {
  const { count } = await kysely
    .selectFrom("api_keys")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("profile_id", "=", profileId)
    .where("agent_id", "is", null)
    .where("revoked_at", "is", null)
    .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]))
    .executeTakeFirstOrThrow();
  return Number(count);
}
