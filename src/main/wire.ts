import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { Dispatcher } from "undici";
import { createApi } from "#api/api.js";
import type { Catalog } from "#catalog/catalog.js";
import type { CatalogFiles } from "#catalog/load/load.js";
import { contract } from "#contract/contract.js";
import { type Clock, systemClock } from "#core/clock.js";
import type { RequestSignal } from "#core/request-signal.js";
import { version } from "#core/version.js";
import { createCallMetrics } from "#gateway/metrics.js";
import { drain } from "#http/drain.js";
import { createHttpServer } from "#http/server.js";
import type { PasswordHasher } from "#identity/auth.js";
import { type Authenticate, createAuthenticate } from "#identity/authenticate.js";
import { currentRateLimit } from "#identity/limits.js";
import type { Ownership } from "#identity/owner.js";
import { createThrottle } from "#identity/throttle.js";
import type { Config } from "#main/config.js";
import { startHousekeeping } from "#main/housekeeping.js";
import { enlist, prepareStore } from "#main/prepare-store.js";
import { startRefreshingServers } from "#main/refresh-mcp-servers.js";
import { startRefreshing } from "#main/refresh-sources.js";
import { wireConnections } from "#main/wire-connections.js";
import { openFolders } from "#main/wire-folders.js";
import { wireGateway } from "#main/wire-gateway.js";
import { wireInstallers } from "#main/wire-installers.js";
import { wireCatalogs, wireIntegrations } from "#main/wire-integrations.js";
import { wireKeys } from "#main/wire-keys.js";
import { wireListings } from "#main/wire-listings.js";
import { wireMcp } from "#main/wire-mcp.js";
import { wireMcpClient, wireMcpServers } from "#main/wire-mcp-servers.js";
import { wireOAuth } from "#main/wire-oauth.js";
import { wirePeople } from "#main/wire-people.js";
import { wireSkills } from "#main/wire-skills.js";
import { wireStdioServers } from "#main/wire-stdio-servers.js";
import { wireTasks } from "#main/wire-tasks.js";
import { wireUpstream } from "#main/wire-upstream.js";
import { workerProgram } from "#main/worker-program.js";
import { createSkillDelivery } from "#skills/delivery/delivery.js";
import { createWellKnown } from "#skills/delivery/well-known.js";
import type { Sources } from "#skills/listings/sources.js";
import { createApiKeyRows } from "#store/api-key-rows.js";
import { createCallRows } from "#store/call-rows.js";
import { createConnectAttemptRows } from "#store/connect-attempt-rows.js";
import { createConnectionRows } from "#store/connection-rows.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { createProbe } from "#store/engine/probe.js";
import { createOAuthGrantRows } from "#store/oauth-grant-rows.js";
import { createProfileRows } from "#store/profile-rows.js";
import { createThrottleRows } from "#store/throttle-rows.js";
import { createKeyRotation } from "#store/vault/key-rotation.js";
import { createGuardedFetch } from "#upstream/fetch.js";
import { createWorkerPool } from "#workers/pool.js";

export interface App {
  server: FastifyInstance;
  ownership: Ownership;
  database: Database;
  /** Authenticates requests to `/mcp`, by API key or access token. */
  authenticateMcp: Authenticate;
  /** Where listings come from; housekeeping keeps them up to date. */
  sources: Sources;
  /** Reads the tools of all MCP servers of tenants anew. */
  refreshMcpServers: (signal: RequestSignal) => Promise<void>;
  /** The way to providers that people sign in at: a library asks them, by the `fetch` of the process. */
  signInDispatcher: Dispatcher;
  /** Starts the work that no request asks for: the index of search, housekeeping, reading sources of listings again. */
  startBackgroundWork(): void;
  /** Reads the folders of integrations again, and tells the log what came of it. */
  reload(): Promise<void>;
  /** Takes no new requests, lets those in flight finish, then lets go of everything. */
  close(): Promise<void>;
}

export interface WireOptions {
  clock?: Clock;
  /** Where people reach the server; asked late because its port may be chosen at listening. */
  publicUrl: () => string;
  /** Tells the operator what no mail server can deliver. May hold SECRETS that work once. */
  print?: (text: string) => void;
  /** How documents of OAuth clients are fetched, instead of through the egress guard. */
  fetchDocument?: typeof fetch;
  /** How passwords are hashed and compared, instead of at the cost that keeps guessers away. */
  passwords?: PasswordHasher;
  /** The integrations of the config's folders, if they have been read before. */
  catalogFiles?: CatalogFiles;
}

const printToLog = (text: string) => void process.stderr.write(`${text}\n`);

/** All parts, by hand, in the order they need each other. */
export async function wire(config: Config, options: WireOptions): Promise<App> {
  const { clock = systemClock, publicUrl, print = printToLog } = options;
  const folders = openFolders(config, options.catalogFiles);
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const { databaseUrl: url, dataDir: directory } = config;
  const warn = (text: string) => logger.warn(text);
  const database = await openDatabase({ url, directory, warn });
  try {
    const { vault, secret, cookieKey } = await prepareStore(database, config, clock());
    const profiles = createProfileRows(database);
    const apiKeys = createApiKeyRows(database);
    const connections = createConnectionRows(database);
    const attempts = createConnectAttemptRows(database);
    const calls = createCallRows(database, (error) =>
      logger.error({ err: error }, "the end of a call was not written"),
    );
    const nodeId = await enlist(database, calls);
    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    const { run: runJob, close: closeWorkers } = createWorkerPool(workerProgram());
    let current = folders.shipped;
    const onChange = () => {
      catalogs.replaceShared(stdio.complete(current));
      void shared().prepareSearch();
    };
    const stdio = wireStdioServers({ config, clock, logger, onChange });
    const catalogs = wireCatalogs({ database, shared: stdio.complete(current), runJob, warn });
    const { catalogOf, shared } = catalogs;
    const upstream = wireUpstream(config, shared);
    const complete = (read: Catalog) => {
      stdio.take();
      current = read;
      return stdio.complete(read);
    };
    const reload = folders.createReload({ catalogs, runJob, complete, logger });
    // Many parts need these; each takes those that it names.
    const rows = { database, profiles, apiKeys, connections, attempts, calls };
    const common = { ...rows, config, vault, catalogOf, shared, upstream, runJob, publicUrl, clock, logger };
    const grants = createOAuthGrantRows(database);
    const { integrationsOf, ...integrationParts } = wireIntegrations({ ...common, grants, catalogs });
    const throttles = createThrottleRows(database);
    const throttle = createThrottle({ throttles, clock });
    const people = wirePeople({
      ...common,
      grants,
      throttle,
      secret,
      print,
      passwords: options.passwords,
    });
    const authenticate = createAuthenticate({ apiKeys, throttle, clock });
    const { oauth, artifacts, ...remote } = wireOAuth({
      ...common,
      integrationsOf,
      grants,
      authenticate,
      throttle,
      cookieKey,
      fetchDocument: options.fetchDocument ?? createGuardedFetch(upstream, "client-document"),
    });
    const { deviceCodes, ...keyParts } = wireKeys({ ...common, integrationsOf, throttle });
    const connectionParts = wireConnections({ ...common, configured: config.providerClients });
    const taskParts = wireTasks({ ...common, throttle });
    const listingParts = wireListings(common);
    const delivery = createSkillDelivery({ database });
    const skillParts = wireSkills({ ...common, ...connectionParts, delivery });
    const mcpClient = wireMcpClient({ upstream, totalMs: config.callTimeoutMs, clock });
    const { live, routes, kept } = wireGateway({
      ...common,
      callTool: stdio.callTool(mcpClient.callTool),
      ...connectionParts,
      throttles,
      nodeId,
      observe: createCallMetrics(metrics),
    });
    const { mcpServers, refreshAll } = wireMcpServers({
      ...common,
      ...connectionParts,
      ...integrationParts,
      ...taskParts,
      client: mcpClient,
    });
    const api = createApi({
      mcpServers,
      delivery,
      wellKnown: createWellKnown({ delivery, runJob }),
      runJob,
      ...connectionParts,
      ...keyParts,
      ...people,
      ...remote,
      ...wireInstallers({ database, throttle, clock }),
      ...skillParts,
      ...taskParts,
      ...listingParts,
      catalogOf,
      ...integrationParts,
      profiles,
      apiKeys,
      publicUrl,
      rotation: createKeyRotation({ database, vault, clock }),
      reload,
      ...routes,
      calls,
      database,
      probe: createProbe(database),
      metrics,
      clock,
      version,
    });
    const mcp = wireMcp({ api, publicUrl, logger });
    const server = await createHttpServer({
      contract,
      api,
      authenticate,
      mcp: { authenticate: remote.authenticateMcp, handle: mcp.handle, publicUrl },
      authenticatePerson: people.authenticatePerson,
      handleAuth: people.accounts.handle,
      handleOAuth: oauth.handle,
      trustedProxies: config.trustedProxies,
      callerHeaders: (caller) => currentRateLimit(calls, caller, clock()),
      publicUrl,
      logger,
      version,
    });
    const background: (() => Promise<void>)[] = [];
    return {
      server,
      ownership: people.ownership,
      database,
      authenticateMcp: remote.authenticateMcp,
      sources: listingParts.sources,
      refreshMcpServers: refreshAll,
      signInDispatcher: upstream.dispatcher("sign-in"),
      reload: () => folders.tellOf(reload(), logger),
      startBackgroundWork() {
        void shared().prepareSearch();
        void folders.save();
        stdio.startReading();
        background.push(
          startRefreshing(listingParts.sources, logger),
          startRefreshingServers({ database, refreshAll, logger }),
          startHousekeeping({
            ...kept,
            database,
            calls,
            callsRetentionMs: config.callsRetentionMs,
            attempts,
            throttles,
            deviceCodes,
            artifacts,
            grants,
            tellEndingKeys: people.tellEndingKeys,
            ...taskParts,
            vault,
            clock,
            logger,
          }),
        );
      },
      close: async () => {
        await Promise.all(background.map((stop) => stop()));
        await taskParts.stopWebhooks();
        await drain(server, config.drainMs, live.endAll, () => Promise.all([server.close(), mcp.close()]));
        await live.idle();
        await calls.settled();
        await Promise.all([upstream.close(), stdio.close(), closeWorkers()]);
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
