import { setImmediate as nextTurn } from "node:timers/promises";
import type { Endpoint } from "#catalog/integration.js";
import { createEndpointReader } from "#integrations/compiled.js";
import type { CatalogIntegration, IntegrationRows } from "#store/integration-rows.js";
import type { RouteRows } from "#store/route-rows.js";

/** An integration that a tenant brings, or one of which it has switched something off. */
export interface OwnIntegration extends CatalogIntegration {
  /** By name, in their order; none of one that ships. */
  endpoints: Map<string, Endpoint>;
  /** Names of the endpoints that are off. */
  off: Set<string>;
}

interface Rows {
  integrations: Pick<IntegrationRows, "catalogVersion" | "list">;
  routes: Pick<RouteRows, "page">;
}

/** So few at a time that reading what is compiled takes a few milliseconds of the event loop. */
const pageRows = 200;

/** Reads the rows of a tenant as they are at one version: those of a change that is made meanwhile are read again. */
export async function readOwn(
  rows: Rows,
  tenantId: string,
): Promise<{ version: number; own: OwnIntegration[] }> {
  for (;;) {
    const version = await rows.integrations.catalogVersion(tenantId);
    const own = await readRows(rows, tenantId);
    if ((await rows.integrations.catalogVersion(tenantId)) === version) return { version, own };
  }
}

async function readRows({ integrations, routes }: Rows, tenantId: string): Promise<OwnIntegration[]> {
  const own = (await integrations.list(tenantId)).map((row) => ({
    ...row,
    endpoints: new Map<string, Endpoint>(),
    off: new Set<string>(),
  }));
  const bySlug = new Map(own.map((it) => [it.slug, it]));
  const readEndpoint = createEndpointReader();
  let after = { slug: "", name: "" };
  for (;;) {
    const page = await routes.page(tenantId, after, pageRows);
    for (const { slug, name, enabled, compiled } of page) {
      const it = bySlug.get(slug);
      if (compiled !== null) it?.endpoints.set(name, readEndpoint(compiled));
      if (enabled === 0) it?.off.add(name);
    }
    if (page.length < pageRows) return own;
    after = page.at(-1)!;
    await nextTurn();
  }
}
