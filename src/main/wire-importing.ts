import type { Catalog } from "#catalog/catalog.js";
import type { Clock } from "#core/clock.js";
import type { RunJob } from "#core/job.js";
import { createImporting, type ImportIntegration } from "#integrations/importing.js";
import { createStoredReader } from "#integrations/stored-reader.js";
import type { ApiKeyRows } from "#store/api-key-rows.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { Database } from "#store/engine/database.js";
import { createIntegrationChanges } from "#store/integration-changes.js";
import { createIntegrationRows } from "#store/integration-rows.js";
import { createRouteRows } from "#store/route-rows.js";
import type { Upstream } from "#upstream/send.js";

interface Parts {
  shared: () => Catalog;
  database: Database;
  apiKeys: ApiKeyRows;
  connections: ConnectionRows;
  upstream: Upstream;
  runJob: RunJob;
  clock: Clock;
}

/** TEMPORARY. */
export function wireImporting({ database, apiKeys, connections, clock, ...parts }: Parts): ImportIntegration {
  const [integrations, routes] = [createIntegrationRows(database), createRouteRows(database)];
  return createImporting({
    ...parts,
    clock,
    integrations,
    changes: createIntegrationChanges(database),
    stored: createStoredReader(integrations, routes),
    workingKeys: async (tenantId) => {
      const keys = await apiKeys.list({ tenantId });
      const working = keys.filter(
        (it) => it.revoked_at === null && (it.expires_at ?? Number.POSITIVE_INFINITY) > clock(),
      );
      return working.map(({ name, key_prefix, scopes }) => ({
        key: `${name} (${key_prefix}…)`,
        scopes: JSON.parse(scopes),
      }));
    },
    countConnections: async (tenantId, integration) =>
      (await connections.list({ tenantId, integration })).length,
  });
}
