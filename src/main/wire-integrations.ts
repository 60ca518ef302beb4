import type { Catalog } from "#catalog/catalog.js";
import type { Clock } from "#core/clock.js";
import type { IntegrationsOf } from "#core/scopes.js";
import { type Catalogs, createCatalogs } from "#integrations/catalogs.js";
import { createSwitching, type Switching } from "#integrations/switching.js";
import type { Database } from "#store/engine/database.js";
import { createIntegrationRows } from "#store/integration-rows.js";
import { createRouteRows } from "#store/route-rows.js";

export interface IntegrationParts extends Catalogs {
  /** All that scopes of a tenant's keys may name, also what is switched off. */
  integrationsOf: IntegrationsOf;
  switching: Switching;
}

/** The catalogue of each tenant. */
export function wireIntegrations(database: Database, shared: Catalog, clock: Clock): IntegrationParts {
  const [integrations, routes] = [createIntegrationRows(database), createRouteRows(database)];
  const catalogs = createCatalogs({ shared, integrations, routes });
  const { catalogOf } = catalogs;
  return {
    ...catalogs,
    integrationsOf: async (owner) => (await catalogOf(owner)).known,
    switching: createSwitching({ catalogOf, integrations, routes, clock }),
  };
}
