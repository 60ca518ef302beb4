import type { Database } from "#store/engine/database.js";
import type { RouteRow } from "#store/schema/integration-tables.js";

/** The part of a row that the catalogue is made of. */
export type CatalogRoute = Pick<RouteRow, "slug" | "name" | "enabled" | "compiled">;

/** Endpoints of a tenant's own integrations, and those of shipped ones that it has switched off. */
export interface RouteRows {
  /** The next of a tenant's by slug and name, `limit` at most. */
  page(tenantId: string, after: Pick<RouteRow, "slug" | "name">, limit: number): Promise<CatalogRoute[]>;
  /** Whole rows of one integration by name: the next after `name`, `limit` at most. */
  pageOf(tenantId: string, after: Pick<RouteRow, "slug" | "name">, limit: number): Promise<RouteRow[]>;
  /** Those of an integration that are off. */
  listOff(tenantId: string, slug: string): Promise<Pick<RouteRow, "name" | "off_reason">[]>;
}

export function createRouteRows({ kysely }: Database): RouteRows {
  const ofTenant = (tenantId: string) => kysely.selectFrom("routes").where("tenant_id", "=", tenantId);
  return {
    page: (tenantId, after, limit) =>
      ofTenant(tenantId)
        .select(["slug", "name", "enabled", "compiled"])
        .where(({ eb, refTuple, tuple }) => eb(refTuple("slug", "name"), ">", tuple(after.slug, after.name)))
        .orderBy("slug")
        .orderBy("name")
        .limit(limit)
        .execute(),
    pageOf: (tenantId, { slug, name }, limit) =>
      ofTenant(tenantId)
        .selectAll()
        .where("slug", "=", slug)
        .where("name", ">", name)
        .orderBy("name")
        .limit(limit)
        .execute(),
    listOff: (tenantId, slug) =>
      ofTenant(tenantId)
        .select(["name", "off_reason"])
        .where("slug", "=", slug)
        .where("enabled", "=", 0)
        .execute(),
  };
}
