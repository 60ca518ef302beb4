import type { Database } from "#store/engine/database.js";
import type { IntegrationRow } from "#store/schema/integration-tables.js";

/** The part of a row that the catalogue is made of. */
export type CatalogIntegration = Pick<IntegrationRow, "slug" | "kind" | "enabled" | "main" | "format">;

/** Integrations that a tenant brings, and those of the shared catalogue of which it has switched something. */
export interface IntegrationRows {
  /** Of the tenant's catalogue; 0 for a tenant that never changed anything, and for one that is gone. */
  catalogVersion(tenantId: string): Promise<number>;
  /** By slug. */
  list(tenantId: string): Promise<CatalogIntegration[]>;
}

export function createIntegrationRows({ kysely }: Database): IntegrationRows {
  return {
    catalogVersion: async (tenantId) => {
      const row = await kysely
        .selectFrom("tenants")
        .select("catalog_version")
        .where("id", "=", tenantId)
        .executeTakeFirst();
      return row?.catalog_version ?? 0;
    },
    list: (tenantId) =>
      kysely
        .selectFrom("integrations")
        .select(["slug", "kind", "enabled", "main", "format"])
        .where("tenant_id", "=", tenantId)
        .orderBy("slug")
        .execute(),
  };
}
