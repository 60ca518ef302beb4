import type { Catalog } from "#catalog/catalog.js";
import type { Clock } from "#core/clock.js";
import type { RunJob } from "#core/job.js";
import type { IntegrationsOf } from "#core/scopes.js";
import { scopesOf } from "#identity/issue-key.js";
import { type Catalogs, createCatalogs } from "#integrations/catalogs.js";
import type { KnownKey } from "#integrations/gains.js";
import { createImporting, type ImportIntegration } from "#integrations/importing.js";
import { createRenewing } from "#integrations/renewing.js";
import { createStoredReader } from "#integrations/stored-reader.js";
import { createSwitching, type Switching } from "#integrations/switching.js";
import type { ApiKeyRows } from "#store/api-key-rows.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import { connectionStatus } from "#store/connection-status.js";
import type { Database } from "#store/engine/database.js";
import { createIntegrationRows } from "#store/integration-rows.js";
import type { OAuthGrantRows } from "#store/oauth-grant-rows.js";
import { createRouteRows } from "#store/route-rows.js";
import type { Upstream } from "#upstream/send.js";

export interface IntegrationParts {
  /** All that scopes of a tenant's keys may name, also what is switched off. */
  integrationsOf: IntegrationsOf;
  switching: Switching;
  importIntegration: ImportIntegration;
}

interface Deps {
  database: Database;
  catalogs: Catalogs;
  apiKeys: ApiKeyRows;
  grants: OAuthGrantRows;
  connections: ConnectionRows;
  upstream: Upstream;
  runJob: RunJob;
  clock: Clock;
}

interface CatalogDeps {
  database: Database;
  /** The catalogue of what ships, and of the folders of the operator. */
  shared: Catalog;
  runJob: RunJob;
  /** Tells the operator. */
  warn: (text: string) => void;
}

/** The catalogue of each tenant. */
export function wireCatalogs({ database, shared, runJob, warn }: CatalogDeps): Catalogs {
  const [integrations, routes] = [createIntegrationRows(database), createRouteRows(database)];
  const stored = createStoredReader(integrations, routes);
  const renew = createRenewing({ integrations, stored, runJob, warn });
  return createCatalogs({ shared, integrations, routes, renew });
}

/** Changes of these catalogues. */
export function wireIntegrations({
  database,
  catalogs,
  apiKeys,
  grants,
  clock,
  ...deps
}: Deps): IntegrationParts {
  const [integrations, routes] = [createIntegrationRows(database), createRouteRows(database)];
  const { catalogOf, shared } = catalogs;
  return {
    integrationsOf: async (owner) => (await catalogOf(owner)).known,
    switching: createSwitching({ catalogOf, integrations, routes, clock }),
    importIntegration: createImporting({
      ...deps,
      shared,
      integrations,
      stored: createStoredReader(integrations, routes),
      workingKeys: (tenantId) => workingKeys(tenantId, { apiKeys, grants, clock }),
      countConnections: async (tenantId, integration) =>
        (await deps.connections.list({ tenantId, integration })).filter(
          ({ status }) => status !== connectionStatus.disconnected,
        ).length,
      clock,
    }),
  };
}

/** API keys of a tenant, and the programs that its people have let in, which call by scopes just the same. */
async function workingKeys(
  tenantId: string,
  { apiKeys, grants, clock }: Pick<Deps, "apiKeys" | "grants" | "clock">,
): Promise<KnownKey[]> {
  const works = (it: { revoked_at: number | null; expires_at: number | null }) =>
    it.revoked_at === null && (it.expires_at === null || it.expires_at > clock());
  const [keys, programs] = await Promise.all([apiKeys.list({ tenantId }), grants.list(tenantId)]);
  return [
    ...keys.filter(works).map((row) => ({ key: `${row.name} (${row.key_prefix}…)`, scopes: scopesOf(row) })),
    ...programs.filter(works).map((row) => ({
      key: `${row.client_name ?? row.client_id} (program)`,
      scopes: scopesOf(row),
    })),
  ];
}
