import type { Catalog, CatalogOf, CatalogOwner } from "#catalog/catalog.js";
import { SwitchedOff } from "#catalog/switched-off.js";
import { isPermitted } from "#core/caller.js";
import { readOwn } from "#integrations/read-own.js";
import type { Renew } from "#integrations/renewing.js";
import { tenantCatalog } from "#integrations/tenant-catalog.js";
import type { IntegrationRows } from "#store/integration-rows.js";
import type { RouteRows } from "#store/route-rows.js";

/** Of all catalogues of tenants that are kept: each takes up to 10 KB. */
const maxKeptEndpoints = 25_000;

/** The catalogues of this instance: the shared one, and for each tenant that differs one of its own. */
export interface Catalogs {
  catalogOf: CatalogOf;
  /** The catalogue of what ships and of the folders of the operator, as it is now. */
  shared(): Catalog;
  /** Requests that began before go on with the catalogue they have. */
  replaceShared(catalog: Catalog): void;
}

interface Deps {
  shared: Catalog;
  integrations: Pick<IntegrationRows, "catalogVersion" | "list">;
  routes: Pick<RouteRows, "page">;
  renew: Renew;
  /** Of all catalogues of tenants that are kept; the one that was asked for last is, whatever its size. */
  maxEndpoints?: number;
}

interface Loaded {
  /** The version that the rows had. */
  version: number;
  catalog: Catalog;
}

interface Kept {
  /** Shared by all who ask while it is being loaded. */
  loading: Promise<Loaded>;
  /** 0 while it is being loaded. */
  endpoints: number;
}

export function createCatalogs({
  shared: first,
  maxEndpoints = maxKeptEndpoints,
  renew,
  ...rows
}: Deps): Catalogs {
  let shared = first;
  /** By tenant, the one that was asked for last at the end. */
  const kept = new Map<string, Kept>();

  async function load(tenantId: string): Promise<Loaded> {
    const base = shared;
    await renew(tenantId);
    const { version, own } = await readOwn(rows, tenantId);
    return { version, catalog: tenantCatalog(base, tenantId, own) };
  }

  function loadAnew(tenantId: string): Promise<Loaded> {
    const it: Kept = { loading: load(tenantId), endpoints: 0 };
    kept.delete(tenantId);
    kept.set(tenantId, it);
    it.loading.then(
      ({ catalog }) => {
        it.endpoints = sizeOf(catalog);
        dropOldest();
      },
      () => {
        if (kept.get(tenantId) === it) kept.delete(tenantId);
      },
    );
    return it.loading;
  }

  /** Lets go of catalogues that were not asked for in the longest time, until the others are few enough. */
  function dropOldest(): void {
    let total = 0;
    for (const { endpoints } of kept.values()) total += endpoints;
    for (const [tenantId, { endpoints }] of kept) {
      if (total <= maxEndpoints || kept.size === 1) return;
      kept.delete(tenantId);
      total -= endpoints;
    }
  }

  async function ownCatalog(tenantId: string, version: number): Promise<Catalog> {
    const it = kept.get(tenantId);
    if (!it) return (await loadAnew(tenantId)).catalog;
    kept.delete(tenantId);
    kept.set(tenantId, it);
    const found = await it.loading;
    if (found.version >= version) return found.catalog;
    // Somebody who asked meanwhile may have begun already.
    if (kept.get(tenantId) !== it) return ownCatalog(tenantId, version);
    return (await loadAnew(tenantId)).catalog;
  }

  return {
    catalogOf: async (owner) => {
      const { tenantId, catalogVersion } = owner;
      const version = catalogVersion ?? (await rows.integrations.catalogVersion(tenantId));
      if (version === 0) return shared;
      const catalog = await ownCatalog(tenantId, version);
      return maySwitch(owner) ? withCommands(catalog) : catalog;
    },
    shared: () => shared,
    replaceShared: (catalog) => {
      shared = catalog;
      kept.clear();
    },
  };
}

/** A tenant that brings something has an index of its own for search, of the shared endpoints too. */
function sizeOf({ known }: Catalog): number {
  const all = [...known.values()];
  const indexed = all.some(({ isBrought }) => isBrought) ? all : [];
  return indexed.reduce((sum, { endpoints }) => sum + endpoints.size, all.length);
}

const maySwitch = (owner: CatalogOwner) => "role" in owner && isPermitted(owner, "integrations:*");

/** The same catalogue, whose refusals of what is switched off name the command that switches it on. */
function withCommands(catalog: Catalog): Catalog {
  const named = <Args extends unknown[], Found>(find: (...args: Args) => Found) => {
    return (...args: Args) => {
      try {
        return find(...args);
      } catch (error) {
        throw error instanceof SwitchedOff ? error.withCommand() : error;
      }
    };
  };
  return { ...catalog, integration: named(catalog.integration), endpoint: named(catalog.endpoint) };
}
