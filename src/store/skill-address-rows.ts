import type { AgentKey } from "#store/agent-rows.js";
import type { Database } from "#store/engine/database.js";
import type { Member } from "#store/membership-rows.js";
import type { SkillAddressRow } from "#store/schema/skill-tables.js";

/** Facts about an address that are needed to serve an installer which comes by it. */
export interface AddressWithAgent extends SkillAddressRow, Member {
  agent_name: string;
  agent_status: string;
}

export interface SkillAddressRows {
  /** By SHA-256 of the secret, hex. Undefined too when the agent is gone, or who made it left the tenant. */
  findByHash(hash: string): Promise<AddressWithAgent | undefined>;
  /** Newest first. */
  list(agent: AgentKey): Promise<SkillAddressRow[]>;
  /** Inserts unless the agent has `limit` addresses that work; answers whether it did. */
  insert(row: SkillAddressRow, limit: number): Promise<boolean>;
  /** Undefined when the agent has no such address. The time of the first revocation stays. */
  revoke(agent: AgentKey, id: string, now: number): Promise<SkillAddressRow | undefined>;
  touch(address: Pick<SkillAddressRow, "tenant_id" | "id">, now: number): Promise<void>;
}

export function createSkillAddressRows({ kysely }: Database): SkillAddressRows {
  const of = ({ tenant_id, id }: AgentKey) =>
    kysely.selectFrom("skill_addresses").where("tenant_id", "=", tenant_id).where("agent_id", "=", id);

  return {
    findByHash: (hash) =>
      kysely
        .selectFrom("skill_addresses")
        .innerJoin("agents", (join) =>
          join
            .onRef("agents.tenant_id", "=", "skill_addresses.tenant_id")
            .onRef("agents.id", "=", "skill_addresses.agent_id"),
        )
        .innerJoin("memberships", (join) =>
          join
            .onRef("memberships.tenant_id", "=", "skill_addresses.tenant_id")
            .onRef("memberships.profile_id", "=", "skill_addresses.created_by"),
        )
        .innerJoin("profiles", "profiles.id", "memberships.profile_id")
        .innerJoin("tenants", "tenants.id", "skill_addresses.tenant_id")
        .selectAll("skill_addresses")
        .select(["agents.name as agent_name", "agents.status as agent_status"])
        .select(["memberships.profile_id", "memberships.role", "profiles.plan", "profiles.is_operator"])
        .select("tenants.catalog_version")
        .where("secret_hash", "=", hash)
        .executeTakeFirst(),
    list: (agent) => of(agent).selectAll().orderBy("id", "desc").execute(),
    insert: async (row, limit) => {
      const { working } = await of({ tenant_id: row.tenant_id, id: row.agent_id })
        .select((eb) => eb.fn.countAll<number>().as("working"))
        .where("revoked_at", "is", null)
        .where("expires_at", ">", row.created_at)
        .executeTakeFirstOrThrow();
      if (Number(working) >= limit) return false;
      await kysely.insertInto("skill_addresses").values(row).execute();
      return true;
    },
    revoke: ({ tenant_id, id: agentId }, id, now) =>
      kysely
        .updateTable("skill_addresses")
        .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.val(now)) }))
        .where("tenant_id", "=", tenant_id)
        .where("agent_id", "=", agentId)
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirst(),
    touch: async ({ tenant_id, id }, now) => {
      await kysely
        .updateTable("skill_addresses")
        .set({ last_used_at: now })
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .execute();
    },
  };
}
