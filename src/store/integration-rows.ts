import type { Database } from "#store/engine/database.js";
import {
  type IntegrationKey,
  type ReplaceOptions,
  removeIntegration,
  replaceImport,
  type Switcher,
  type Switches,
  switchIntegration,
} from "#store/integration-changes.js";
import type { IntegrationRow, RouteRow } from "#store/schema/integration-tables.js";

/** The part of a row that the catalogue is made of. */
export type CatalogIntegration = Pick<IntegrationRow, "slug" | "kind" | "enabled" | "main" | "format">;

/** Integrations that a tenant brings, and those of the shared catalogue of which it has switched something. */
export interface IntegrationRows {
  /** Of the tenant's catalogue; 0 for a tenant that never changed anything, and for one that is gone. */
  catalogVersion(tenantId: string): Promise<number>;
  /** By slug. */
  list(tenantId: string): Promise<CatalogIntegration[]>;
  get(tenantId: string, slug: string): Promise<IntegrationRow | undefined>;
  /** MCP servers of all tenants that are switched on: the next by tenant and slug, `limit` at most. */
  pageOfServers(
    after: IntegrationKey,
    limit: number,
  ): Promise<(IntegrationKey & Pick<IntegrationRow, "created_by">)[]>;
  /** All of it, or nothing; the version of the catalogue is raised with it, as with every change below. */
  switch(key: IntegrationKey, switches: Switches, by: Switcher): Promise<void>;
  /**
   * Puts an import in the place of the one before, with its endpoints as they are given: a few at a time, so that others
   * run in between. Answers false, and changes nothing, when somebody has changed the catalogue since it had the version
   * `seen`, or has connected an account where that is in the way.
   */
  replaceImport(row: IntegrationRow, routes: Iterable<RouteRow>, options: ReplaceOptions): Promise<boolean>;
  /** Deletes an integration that the tenant brought, and the credentials for it. Answers how many accounts were connected. */
  remove(key: IntegrationKey): Promise<number>;
}

export function createIntegrationRows(database: Database): IntegrationRows {
  const { kysely } = database;
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
    pageOfServers: ({ tenant_id, slug }, limit) =>
      kysely
        .selectFrom("integrations")
        .select(["tenant_id", "slug", "created_by"])
        .where("kind", "=", "mcp")
        .where("enabled", "=", 1)
        .where(({ eb, refTuple, tuple }) => eb(refTuple("tenant_id", "slug"), ">", tuple(tenant_id, slug)))
        .orderBy("tenant_id")
        .orderBy("slug")
        .limit(limit)
        .execute(),
    switch: (key, switches, by) => switchIntegration(database, key, switches, by),
    replaceImport: (row, routes, options) => replaceImport(database, row, routes, options),
    remove: (key) => removeIntegration(database, key),
  };
}
