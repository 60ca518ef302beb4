import type { CatalogOf } from "#catalog/catalog.js";
import { createAsAccount } from "#connections/account-headers.js";
import type { FreshCredentials } from "#connections/fresh-credentials.js";
import type { Clock } from "#core/clock.js";
import type { ImportIntegration } from "#integrations/importing.js";
import { createMcpServers, type McpServers } from "#integrations/mcp/servers.js";
import type { CallTool } from "#mcp-servers/call-tool.js";
import type { ListTools } from "#mcp-servers/list-tools.js";
import { createSessions } from "#mcp-servers/sessions.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { Database } from "#store/engine/database.js";
import { createIntegrationRows } from "#store/integration-rows.js";
import type { Upstream } from "#upstream/send.js";

export interface McpClient {
  callTool: CallTool;
  listTools: ListTools;
}

interface ClientParts {
  upstream: Upstream;
  totalMs: number;
  clock: Clock;
}

/** The client of MCP servers. Its library is loaded when the first one is spoken to. */
export function wireMcpClient({ upstream, totalMs, clock }: ClientParts): McpClient {
  const deps = { upstream, totalMs, sessions: createSessions(clock) };
  let loading: Promise<McpClient> | undefined;
  const load = async () => {
    const [calling, listing] = await Promise.all([
      import("#mcp-servers/call-tool.js"),
      import("#mcp-servers/list-tools.js"),
    ]);
    return { callTool: calling.createCallTool(deps), listTools: listing.createListTools(deps) };
  };
  const client = () => {
    loading ??= load();
    return loading;
  };
  return {
    callTool: async (call) => (await client()).callTool(call),
    listTools: async (about) => (await client()).listTools(about),
  };
}

interface Parts {
  catalogOf: CatalogOf;
  database: Database;
  importIntegration: ImportIntegration;
  client: McpClient;
  connections: ConnectionRows;
  credentials: FreshCredentials;
}

/** MCP servers that tenants add. */
export function wireMcpServers(parts: Parts): McpServers {
  const { catalogOf, database, importIntegration, client } = parts;
  return createMcpServers({
    catalogOf,
    integrations: createIntegrationRows(database),
    importIntegration,
    listTools: client.listTools,
    asAccount: createAsAccount(parts),
  });
}
