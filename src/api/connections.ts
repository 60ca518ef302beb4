import type { Catalog, CatalogOf } from "#catalog/catalog.js";
import { endOf } from "#connections/connect-command.js";
import type { ConnectionManager } from "#connections/connection-manager.js";
import type * as routes from "#contract/connections.js";
import type { Api } from "#contract/route.js";
import type { Principal } from "#core/caller.js";
import { isoTime } from "#core/clock.js";
import type { ConnectionRow } from "#store/schema/tables.js";

export interface ConnectionsDeps {
  catalogOf: CatalogOf;
  connectionManager: ConnectionManager;
}

export function createConnectionsApi({ catalogOf, connectionManager }: ConnectionsDeps): Api<typeof routes> {
  return {
    async listConnections({ caller, query }) {
      const { everyone = false, integration, unused_days: unusedDays, profile } = query;
      const rows = await connectionManager.list(caller, { everyone, integration, unusedDays, profile });
      const catalog = await catalogOf(caller);
      return { connections: rows.map((row) => toConnection(row, caller, catalog)) };
    },
    async updateConnection({ caller, params, body }) {
      const row = await connectionManager.update(caller, params.connectionId, body);
      const { id, integration, account } = row;
      return { connection_id: id, integration, account, ...flags(row, caller) };
    },
    async disconnect({ caller, params }) {
      const { connection, revoked, message } = await connectionManager.disconnect(
        caller,
        params.connectionId,
      );
      const { id, integration } = connection;
      return {
        connection_id: id,
        integration,
        status: "disconnected",
        revoked,
        ...(message === undefined ? {} : { message }),
      };
    },
  };
}

function toConnection(row: ConnectionRow, caller: Principal, { known }: Catalog) {
  const integration = known.get(row.integration);
  const ends = integration && endOf(integration, row.auth_method);
  return {
    id: row.id,
    integration: row.integration,
    account: row.account,
    status: row.status,
    ...flags(row, caller),
    profile_id: row.profile_id,
    scopes: JSON.parse(row.scopes) as string[],
    settings: JSON.parse(row.settings) as Record<string, string>,
    created_at: isoTime(row.created_at),
    last_used_at: isoTime(row.last_used_at),
    ...(ends && { ends }),
  };
}

/** Somebody else's default is not the caller's. */
const flags = ({ is_default, is_shared, profile_id }: ConnectionRow, { profileId }: Principal) => ({
  default: is_default === 1 && profile_id === profileId,
  shared: is_shared === 1,
});
