import type { FastifyBaseLogger } from "fastify";
import type { CatalogOf } from "#catalog/catalog.js";
import { createAsAccount } from "#connections/account-headers.js";
import type { FreshCredentials } from "#connections/fresh-credentials.js";
import type { Clock } from "#core/clock.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { ImportIntegration } from "#integrations/importing.js";
import { createRefreshAll } from "#integrations/mcp/refresh-all.js";
import { createServerSignIns } from "#integrations/mcp/server-sign-ins.js";
import { createMcpServers, type McpServers } from "#integrations/mcp/servers.js";
import type { CallTool } from "#mcp-servers/call-tool.js";
import type { ListTools } from "#mcp-servers/list-tools.js";
import { createSessions } from "#mcp-servers/sessions.js";
import type { Challenge } from "#mcp-servers/sign-in/challenge.js";
import type { FindSignIn } from "#mcp-servers/sign-in/find-sign-in.js";
import type { RegisterClient } from "#mcp-servers/sign-in/register-client.js";
import type { TaskQueue } from "#skills/tasks/tasks.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { Database } from "#store/engine/database.js";
import { createIntegrationClientRows } from "#store/integration-client-rows.js";
import { createIntegrationRows } from "#store/integration-rows.js";
import { createRouteRows } from "#store/route-rows.js";
import type { Vault } from "#store/vault/vault.js";
import type { AnswerHead, Upstream } from "#upstream/send.js";

const maxListMs = 60_000;

export interface McpClient {
  callTool: CallTool;
  listTools: ListTools;
  findSignIn: FindSignIn;
  registerClient: RegisterClient;
  readChallenge: (head: AnswerHead) => Promise<Challenge>;
}

interface ClientParts {
  upstream: Upstream;
  totalMs: number;
  clock: Clock;
}

/** The client of MCP servers. Its library is loaded when the first one is spoken to. */
export function wireMcpClient({ upstream, totalMs, clock }: ClientParts): McpClient {
  const sessions = createSessions(clock);
  // Nobody waits for a list of tools as they wait for the answer of one.
  const listing = { upstream, sessions, totalMs: Math.min(totalMs, maxListMs) };
  let loading: Promise<McpClient> | undefined;
  const load = async () => {
    const [{ createCallTool }, { createListTools }, signIn, registering, challenge] = await Promise.all([
      import("#mcp-servers/call-tool.js"),
      import("#mcp-servers/list-tools.js"),
      import("#mcp-servers/sign-in/find-sign-in.js"),
      import("#mcp-servers/sign-in/register-client.js"),
      import("#mcp-servers/sign-in/challenge.js"),
    ]);
    return {
      callTool: createCallTool({ upstream, sessions, totalMs }),
      listTools: createListTools(listing),
      findSignIn: signIn.createFindSignIn(upstream),
      registerClient: registering.createRegisterClient(upstream),
      readChallenge: async (head: AnswerHead) => challenge.readChallenge(head),
    };
  };
  const client = () => {
    loading ??= load();
    return loading;
  };
  return {
    callTool: async (call) => (await client()).callTool(call),
    listTools: async (about) => (await client()).listTools(about),
    findSignIn: async (server, signal) => (await client()).findSignIn(server, signal),
    registerClient: async (at, self, signal) => (await client()).registerClient(at, self, signal),
    readChallenge: async (head) => (await client()).readChallenge(head),
  };
}

interface Parts {
  catalogOf: CatalogOf;
  database: Database;
  importIntegration: ImportIntegration;
  client: McpClient;
  connections: ConnectionRows;
  credentials: FreshCredentials;
  tasks: Pick<TaskQueue, "noteToolChanges">;
  vault: Vault;
  publicUrl: () => string;
  clock: Clock;
  logger: FastifyBaseLogger;
}

export interface McpServerParts {
  mcpServers: McpServers;
  /** Reads the tools of all servers anew. */
  refreshAll: (signal: RequestSignal) => Promise<void>;
}

/** MCP servers that tenants add. */
export function wireMcpServers(parts: Parts): McpServerParts {
  const { catalogOf, database, importIntegration, client, logger } = parts;
  const integrations = createIntegrationRows(database);
  const mcpServers = createMcpServers({
    catalogOf,
    integrations,
    routes: createRouteRows(database),
    noteChanges: parts.tasks.noteToolChanges,
    importIntegration,
    listTools: client.listTools,
    signIns: createServerSignIns({ ...parts, ...client, clients: createIntegrationClientRows(database) }),
    asAccount: createAsAccount(parts),
  });
  const onError = (server: object, err: unknown) =>
    logger.info(
      { err, ...server },
      "the tools of an MCP server could not be read anew; it is tried again in an hour",
    );
  return { mcpServers, refreshAll: createRefreshAll({ servers: mcpServers, integrations, onError }) };
}
