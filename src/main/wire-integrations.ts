import type { Catalog } from "#catalog/catalog.js";
import type { IntegrationsOf } from "#core/scopes.js";
import { type Catalogs, createCatalogs } from "#integrations/catalogs.js";
import type { Database } from "#store/engine/database.js";
import { createIntegrationRows } from "#store/integration-rows.js";
import { createRouteRows } from "#store/route-rows.js";

export interface IntegrationParts extends Catalogs {
  /** All that scopes of a tenant's keys may name, also what is switched off. */
  integrationsOf: IntegrationsOf;
}

/** The catalogue of each tenant. */
export function wireIntegrations(database: Database, shared: Catalog): IntegrationParts {
  const [integrations, routes] = [createIntegrationRows(database), createRouteRows(database)];
  const catalogs = createCatalogs({ shared, integrations, routes });
  return { ...catalogs, integrationsOf: async (owner) => (await catalogs.catalogOf(owner)).known };
}
