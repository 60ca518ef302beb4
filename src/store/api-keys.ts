import type { Database } from "#store/database.js";
import { createLookup } from "#store/lookup.js";
import { holdProfile } from "#store/profiles.js";
import type { ApiKeyRow } from "#store/tables.js";

/** What must be known of a key, and of its profile, to serve a call. */
export interface KeyWithPlan
  extends Pick<
    ApiKeyRow,
    "tenant_id" | "id" | "profile_id" | "agent_id" | "scopes" | "expires_at" | "revoked_at" | "last_used_at"
  > {
  plan: string;
  role: string;
  is_operator: number;
}

export interface ApiKeys {
  /** By SHA-256 of the presented key, hex. */
  findByHash(hash: string): Promise<KeyWithPlan | undefined>;
  /** Oldest first. */
  list(tenantId: string, profileId: string): Promise<ApiKeyRow[]>;
  /** Inserts unless the profile already has `limit` keys that work; answers whether it did. */
  insert(row: ApiKeyRow, limit: number | null, now: number): Promise<boolean>;
  /** The time of the first revocation stays. */
  revoke(tenantId: string, profileId: string, id: string, now: number): Promise<void>;
  touch(tenantId: string, id: string, now: number): Promise<void>;
}

export function createApiKeys(database: Database): ApiKeys {
  const { kysely } = database;
  const byHash = createLookup<KeyWithPlan>(
    database,
    [["key_hash", "text"]],
    (
      wanted,
    ) => `select row_at, api_keys.tenant_id, api_keys.id, profile_id, agent_id, scopes, expires_at, revoked_at,
        last_used_at, plan, role, is_operator
      from ${wanted} join api_keys using (key_hash) join profiles on profiles.id = profile_id
      join memberships using (tenant_id, profile_id)`,
  );

  return {
    findByHash: (hash) => byHash(hash),
    list: (tenantId, profileId) =>
      kysely
        .selectFrom("api_keys")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("profile_id", "=", profileId)
        .orderBy("id")
        .execute(),
    insert: (row, limit, now) =>
      kysely.transaction().execute(async (transaction) => {
        if (limit !== null) {
          await holdProfile(transaction, row.profile_id);
          const { count } = await transaction
            .selectFrom("api_keys")
            .select((eb) => eb.fn.countAll<number>().as("count"))
            .where("profile_id", "=", row.profile_id)
            .where("revoked_at", "is", null)
            .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]))
            .executeTakeFirstOrThrow();
          if (Number(count) >= limit) return false;
        }
        await transaction.insertInto("api_keys").values(row).execute();
        return true;
      }),
    revoke: async (tenantId, profileId, id, now) => {
      await kysely
        .updateTable("api_keys")
        .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.val(now)) }))
        .where("tenant_id", "=", tenantId)
        .where("profile_id", "=", profileId)
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
