import type { Caller } from "#core/caller.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import { connectionStatus } from "#store/connection-status.js";

/** Slugs of the integrations for which the caller has an account that works, their own or a shared one. */
export async function connectedIntegrations(
  connections: Pick<ConnectionRows, "list">,
  { tenantId, profileId }: Caller,
): Promise<Set<string>> {
  const rows = await connections.list({ tenantId, profileId, andShared: true });
  const working = rows.filter(({ status }) => status === connectionStatus.connected);
  return new Set(working.map(({ integration }) => integration));
}
