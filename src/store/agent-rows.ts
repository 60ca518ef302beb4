import type { Queryable } from "#store/engine/database.js";
import type { AgentRow } from "#store/schema/skill-tables.js";
import type { ApiKeyRow } from "#store/schema/tables.js";

export interface AgentRows {
  /** By id or slug; an id counts before a slug. */
  find(tenantId: string, name: string): Promise<AgentRow | undefined>;
  /** By name. */
  list(tenantId: string): Promise<AgentRow[]>;
  /** Answers false, and inserts nothing, when the slug is taken. */
  insert(row: AgentRow): Promise<boolean>;
  /** Undefined when the slug is taken, or the agent gone. */
  update(agent: AgentKey, changes: Partial<AgentRow>): Promise<AgentRow | undefined>;
  /** In a transaction: with its assignments and addresses; its keys, and programs that were let in as it, are revoked. */
  delete(agent: AgentKey, now: number): Promise<void>;
  /** Oldest first. */
  keys(agent: AgentKey): Promise<ApiKeyRow[]>;
}

export type AgentKey = Pick<AgentRow, "tenant_id" | "id">;

export function createAgentRows({ kysely }: Queryable): AgentRows {
  const all = (tenantId: string) => kysely.selectFrom("agents").selectAll().where("tenant_id", "=", tenantId);

  return {
    find: async (tenantId, name) => {
      const found = await all(tenantId)
        .where((eb) => eb.or([eb("id", "=", name), eb("slug", "=", name)]))
        .execute();
      return found.find(({ id }) => id === name) ?? found[0];
    },
    list: (tenantId) => all(tenantId).orderBy("name").orderBy("id").execute(),
    insert: async (row) => {
      const { numInsertedOrUpdatedRows } = await kysely
        .insertInto("agents")
        .values(row)
        .onConflict((conflict) => conflict.columns(["tenant_id", "slug"]).doNothing())
        .executeTakeFirst();
      return Boolean(numInsertedOrUpdatedRows);
    },
    update: ({ tenant_id, id }, changes) => {
      const { slug } = changes;
      return kysely
        .updateTable("agents")
        .set(changes)
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .$if(slug !== undefined, (query) =>
          query.where((eb) =>
            eb.not(
              eb.exists(
                eb
                  .selectFrom("agents as other")
                  .select("other.id")
                  .where("other.tenant_id", "=", tenant_id)
                  .where("other.slug", "=", slug!)
                  .where("other.id", "!=", id),
              ),
            ),
          ),
        )
        .returningAll()
        .executeTakeFirst();
    },
    delete: async ({ tenant_id, id }, now) => {
      await kysely
        .deleteFrom("skill_assignments")
        .where("tenant_id", "=", tenant_id)
        .where("agent_id", "=", id)
        .execute();
      for (const table of ["api_keys", "oauth_grants"] as const)
        await kysely
          .updateTable(table)
          .set({ revoked_at: now })
          .where("tenant_id", "=", tenant_id)
          .where("agent_id", "=", id)
          .where("revoked_at", "is", null)
          .execute();
      await kysely
        .deleteFrom("skill_addresses")
        .where("tenant_id", "=", tenant_id)
        .where("agent_id", "=", id)
        .execute();
      await kysely.deleteFrom("agents").where("tenant_id", "=", tenant_id).where("id", "=", id).execute();
    },
    keys: ({ tenant_id, id }) =>
      kysely
        .selectFrom("api_keys")
        .selectAll()
        .where("tenant_id", "=", tenant_id)
        .where("agent_id", "=", id)
        .orderBy("id")
        .execute(),
  };
}
