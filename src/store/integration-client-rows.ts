import type { Database } from "#store/engine/database.js";
import type { IntegrationClientRow } from "#store/schema/integration-tables.js";

type Key = Pick<IntegrationClientRow, "tenant_id" | "slug">;

/** OAuth clients of integrations that tenants bring. They go with their integration. */
export interface IntegrationClientRows {
  get(key: Key): Promise<IntegrationClientRow | undefined>;
  /**
   * In the place of the one before. Answers false when there is no such integration: it was removed meanwhile, and its
   * client would stay behind.
   */
  put(row: IntegrationClientRow): Promise<boolean>;
}

export function createIntegrationClientRows({ kysely }: Database): IntegrationClientRows {
  return {
    get: ({ tenant_id, slug }) =>
      kysely
        .selectFrom("integration_clients")
        .selectAll()
        .where((eb) => eb.and({ tenant_id, slug }))
        .executeTakeFirst(),
    put: ({ tenant_id, slug, ...rest }) =>
      kysely.transaction().execute(async (transaction) => {
        // Waits for a change of the catalogue that is under way.
        const integration = await transaction
          .updateTable("integrations")
          .set((eb) => ({ updated_at: eb.ref("updated_at") }))
          .where((eb) => eb.and({ tenant_id, slug }))
          .returning("slug")
          .executeTakeFirst();
        if (!integration) return false;
        await transaction
          .insertInto("integration_clients")
          .values({ tenant_id, slug, ...rest })
          .onConflict((conflict) => conflict.columns(["tenant_id", "slug"]).doUpdateSet(rest))
          .execute();
        return true;
      }),
  };
}
