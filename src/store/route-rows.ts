import type { Database } from "#store/engine/database.js";
import type { RouteRow } from "#store/schema/integration-tables.js";

/** The part of a row that the catalogue is made of. */
export type CatalogRoute = Pick<RouteRow, "slug" | "name" | "enabled" | "compiled">;

/** Endpoints of a tenant's own integrations, and those of shipped ones that it has switched. */
export interface RouteRows {
  /** The next of a tenant's by slug and name, `limit` at most. */
  page(tenantId: string, after: Pick<RouteRow, "slug" | "name">, limit: number): Promise<CatalogRoute[]>;
}

export function createRouteRows({ kysely }: Database): RouteRows {
  return {
    page: (tenantId, after, limit) =>
      kysely
        .selectFrom("routes")
        .select(["slug", "name", "enabled", "compiled"])
        .where("tenant_id", "=", tenantId)
        .where(({ eb, refTuple, tuple }) => eb(refTuple("slug", "name"), ">", tuple(after.slug, after.name)))
        .orderBy("slug")
        .orderBy("name")
        .limit(limit)
        .execute(),
  };
}
