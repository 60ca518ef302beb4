import type { Connecting } from "#connections/connecting.js";
import type { Contract } from "#contract/contract.js";
import type { Api } from "#contract/route.js";
import { isoTime } from "#core/clock.js";

type Names = "connect" | "getConnect" | "listConnections" | "disconnect";

export function connectionsApi(connecting: Connecting): Pick<Api<Contract>, Names> {
  return {
    async connect({ caller, body, signal }) {
      const { id, account } = await connecting.connect(
        caller,
        { integration: body.integration, credentials: body.credentials },
        signal,
      );
      return { connection_id: id, status: "connected", account };
    },
    async getConnect({ caller, params }) {
      const { integration, status } = await connecting.get(caller, params.connectionId);
      return { status: status === "connected" ? "connected" : "error", integration };
    },
    async listConnections({ caller }) {
      const rows = await connecting.list(caller);
      return {
        connections: rows.map((row) => ({
          id: row.id,
          integration: row.integration,
          account: row.account,
          status: row.status,
          default: row.is_default === 1,
          scopes: JSON.parse(row.scopes),
          created_at: isoTime(row.created_at),
          last_used_at: isoTime(row.last_used_at),
        })),
      };
    },
    async disconnect({ caller, params }) {
      const { id, integration } = await connecting.disconnect(caller, params.connectionId);
      return { connection_id: id, integration, status: "disconnected" };
    },
  };
}
