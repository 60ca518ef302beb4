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
  get(tenantId: string, slug: string): Promise<IntegrationRow | undefined>;
}

export function createIntegrationRows({ kysely }: Database): IntegrationRows {
  const ofTenant = (tenantId: string) => kysely.selectFrom("integrations").where("tenant_id", "=", tenantId);
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
      ofTenant(tenantId).select(["slug", "kind", "enabled", "main", "format"]).orderBy("slug").execute(),
    get: (tenantId, slug) => ofTenant(tenantId).selectAll().where("slug", "=", slug).executeTakeFirst(),
  };
}
