import { sql } from "kysely";
import { createLookup } from "#store/engine/batched-read.js";
import type { Database } from "#store/engine/database.js";
import { deleteInSteps } from "#store/engine/steps.js";
import type { OAuthGrantRow } from "#store/schema/oauth-tables.js";

/** Facts about an access token, and about the person or agent it stands for, that a call needs. */
export interface TokenWithPlan
  extends Pick<
    OAuthGrantRow,
    "tenant_id" | "id" | "profile_id" | "agent_id" | "revoked_at" | "last_used_at"
  > {
  /** SECRET, sealed. */
  box: string;
  expires_at: number;
  /** When the whole access ends, whatever its tokens say; null when it lasts. */
  grant_expires_at: number | null;
  plan: string;
  role: string;
  is_operator: number;
  catalog_version: number;
  /** Null without an agent, or when it is gone. */
  agent_name: string | null;
  agent_status: string | null;
}

export interface ListedGrant extends OAuthGrantRow {
  agent_name: string | null;
}

export interface OAuthGrantRows {
  insert(row: OAuthGrantRow): Promise<void>;
  /** One that is in force: neither revoked nor over, and its person still belongs to the tenant. */
  findLive(id: string, now: number): Promise<OAuthGrantRow | undefined>;
  /** By SHA-256 of the presented access token. Also what has ended, so that it can be said. */
  findByToken(hash: string): Promise<TokenWithPlan | undefined>;
  /** Those of a person in a tenant that nobody has revoked, newest first; of everybody in it without a person. */
  list(tenantId: string, profileId?: string): Promise<ListedGrant[]>;
  /** Answers false when this person has none of this id that was in force. */
  revokeOwn(
    owner: Pick<OAuthGrantRow, "tenant_id" | "profile_id">,
    id: string,
    now: number,
  ): Promise<boolean>;
  revoke(id: string, now: number): Promise<void>;
  /** Revokes those of people who do not belong to the tenant any more. */
  revokeLeavers(now: number): Promise<void>;
  touch(tenantId: string, id: string, now: number): Promise<void>;
  /** Clears those away that nothing is left of: no code, no token. */
  deleteOver(createdBefore: number, signal?: AbortSignal): Promise<number>;
}

export function createOAuthGrantRows(database: Database): OAuthGrantRows {
  const { kysely } = database;
  const revoke = (now: number) =>
    kysely.updateTable("oauth_grants").set({ revoked_at: now }).where("revoked_at", "is", null);

  return {
    findByToken: tokenLookup(database),
    insert: async (row) => {
      await kysely.insertInto("oauth_grants").values(row).execute();
    },
    findLive: (id, now) =>
      kysely
        .selectFrom("oauth_grants")
        .innerJoin("memberships", (join) =>
          join
            .onRef("memberships.tenant_id", "=", "oauth_grants.tenant_id")
            .onRef("memberships.profile_id", "=", "oauth_grants.profile_id"),
        )
        .selectAll("oauth_grants")
        .where("oauth_grants.id", "=", id)
        .where("revoked_at", "is", null)
        .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]))
        .executeTakeFirst(),
    list: (tenantId, profileId) =>
      kysely
        .selectFrom("oauth_grants")
        .leftJoin("agents", (join) =>
          join
            .onRef("agents.tenant_id", "=", "oauth_grants.tenant_id")
            .onRef("agents.id", "=", "oauth_grants.agent_id"),
        )
        .selectAll("oauth_grants")
        .select("agents.name as agent_name")
        .where("oauth_grants.tenant_id", "=", tenantId)
        .$if(profileId !== undefined, (query) => query.where("profile_id", "=", profileId!))
        .where("revoked_at", "is", null)
        .orderBy("oauth_grants.id", "desc")
        .execute(),
    revokeOwn: async ({ tenant_id, profile_id }, id, now) => {
      const { numUpdatedRows } = await revoke(now)
        .where("tenant_id", "=", tenant_id)
        .where("profile_id", "=", profile_id)
        .where("id", "=", id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    revoke: async (id, now) => {
      await revoke(now).where("id", "=", id).execute();
    },
    revokeLeavers: async (now) => {
      await revoke(now)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("memberships")
                .select("memberships.id")
                .whereRef("memberships.tenant_id", "=", "oauth_grants.tenant_id")
                .whereRef("memberships.profile_id", "=", "oauth_grants.profile_id"),
            ),
          ),
        )
        .execute();
    },
    touch: async (tenantId, id, now) => {
      await kysely
        .updateTable("oauth_grants")
        .set({ last_used_at: now })
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .execute();
    },
    deleteOver: (createdBefore, signal) => {
      const where = sql`created_at < ${createdBefore}
        and not exists (select 1 from oauth_artifacts where oauth_artifacts.grant_id = oauth_grants.id)`;
      return deleteInSteps(database, { table: "oauth_grants", where }, signal);
    },
  };
}

/** A token whose person has left the tenant is not found at all. */
function tokenLookup(database: Database): OAuthGrantRows["findByToken"] {
  const find = createLookup<TokenWithPlan>(
    database,
    [["token_hash", "text"]],
    (
      keys,
    ) => `select row_at, oauth_grants.tenant_id, oauth_grants.id, oauth_grants.profile_id, agent_id, revoked_at,
        last_used_at, box, oauth_artifacts.expires_at, oauth_grants.expires_at as grant_expires_at, plan, role, is_operator,
        catalog_version, agents.name as agent_name, agents.status as agent_status
      from ${keys} join oauth_artifacts on oauth_artifacts.id = token_hash and kind = 'AccessToken'
      join oauth_grants on oauth_grants.id = grant_id
      join profiles on profiles.id = oauth_grants.profile_id
      join memberships on memberships.tenant_id = oauth_grants.tenant_id
        and memberships.profile_id = oauth_grants.profile_id
      join tenants on tenants.id = oauth_grants.tenant_id
      left join agents on agents.tenant_id = oauth_grants.tenant_id and agents.id = agent_id`,
  );
  return (hash) => find(hash);
}
