import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { createApi } from "#api/api.js";
import { loadCatalog } from "#catalog/load.js";
import { contract } from "#contract/contract.js";
import { type Clock, systemClock } from "#core/clock.js";
import { version } from "#core/version.js";
import { createExecute } from "#gateway/execute.js";
import { createIdempotency } from "#gateway/idempotency.js";
import { createCallMetrics } from "#gateway/metrics.js";
import { createHttpServer } from "#http/server.js";
import { createAuthenticate } from "#identity/authenticate.js";
import { createKeys } from "#identity/keys.js";
import { currentRateLimit } from "#identity/limits.js";
import { createOwnership, type Ownership } from "#identity/owner.js";
import type { Config } from "#main/config.js";
import { startHousekeeping } from "#main/housekeeping.js";
import { wireConnections } from "#main/wire-connections.js";
import { createApiKeys } from "#store/api-keys.js";
import { type CallLog, createCallLog } from "#store/calls.js";
import { createConnectAttempts } from "#store/connect-attempts.js";
import { createConnections } from "#store/connections.js";
import type { Database } from "#store/database.js";
import { createIdempotencyKeys } from "#store/idempotency.js";
import { createKeyRotation } from "#store/key-rotation.js";
import { masterKeyFile } from "#store/master-key.js";
import { migrate } from "#store/migrate.js";
import { openDatabase } from "#store/open.js";
import { createProfiles } from "#store/profiles.js";
import { openVault, type Vault } from "#store/vault.js";
import { createGuard } from "#upstream/guard.js";
import { createUpstream } from "#upstream/send.js";

export interface App {
  server: FastifyInstance;
  ownership: Ownership;
  database: Database;
  /** Takes no new requests, lets those in flight finish, then lets go of everything. */
  close(): Promise<void>;
}

export interface WireOptions {
  clock?: Clock;
  /** Where people reach the server; asked late because its port may be chosen at listening. */
  publicUrl: () => string;
}

/** All parts, by hand, in the order they need each other. */
export async function wire(config: Config, { clock = systemClock, publicUrl }: WireOptions): Promise<App> {
  const catalog = loadCatalog({
    dirs: config.integrationDirs,
    baseUrls: config.baseUrls,
    providerUrls: config.providerUrls,
  });
  const database = await openDatabase({ url: config.databaseUrl, directory: config.dataDir });
  try {
    const vault = await database.exclusively(() => prepareStore(database, config, clock()));
    const profiles = createProfiles(database);
    const apiKeys = createApiKeys(database);
    const connections = createConnections(database);
    const attempts = createConnectAttempts(database);
    const logger = pino({ level: config.logLevel }, pino.destination(2));
    const calls = createCallLog(database, (error) =>
      logger.error({ err: error }, "the end of a call was not written"),
    );
    const idempotencyKeys = createIdempotencyKeys(database);
    const nodeId = await enlist(database, calls);
    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    const observe = createCallMetrics(metrics);
    const upstream = createUpstream({
      guard: createGuard({ allowHosts: config.allowHosts }),
      timeoutMs: config.upstreamTimeoutMs,
      userAgent: `skillett/${version}`,
      sleep,
    });

    const ownership = createOwnership({ profiles, clock });
    const keys = createKeys({ apiKeys, clock, integrations: () => catalog.integrations.keys() });
    const accounts = wireConnections({
      catalog,
      database,
      connections,
      attempts,
      profiles,
      vault,
      upstream,
      configured: config.providerClients,
      publicUrl,
      clock,
    });
    const idempotency = createIdempotency({ keys: idempotencyKeys, calls, vault, clock });
    const execute = createExecute({
      ...accounts,
      catalog,
      connections,
      idempotency,
      calls,
      upstream,
      clock,
      nodeId,
      observe,
    });
    const api = createApi({
      ...accounts,
      catalog,
      profiles,
      rotation: createKeyRotation({ database, vault, clock }),
      execute,
      keys,
      calls,
      ownership,
      database,
      metrics,
      clock,
      version,
    });
    const server = await createHttpServer({
      contract,
      api,
      authenticate: createAuthenticate({ apiKeys, clock }),
      callerHeaders: (caller) => currentRateLimit(calls, caller, clock()),
      publicUrl,
      logger,
      version,
    });
    const stopHousekeeping = startHousekeeping({
      calls,
      idempotencyKeys,
      attempts,
      vault,
      clock,
      logger,
    });

    return {
      server,
      ownership,
      database,
      close: async () => {
        stopHousekeeping();
        await server.close();
        await calls.settled();
        await upstream.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function prepareStore(database: Database, config: Config, now: number): Promise<Vault> {
  await migrate(database);
  const sealed = await database.kysely.selectFrom("data_keys").select("id").limit(1).executeTakeFirst();
  const masterKey = config.masterKey ?? masterKeyFile(config.dataDir, sealed !== undefined);
  return openVault(database, { masterKey, oldMasterKey: config.oldMasterKey }, now);
}

/** Gives this process a number, and closes the rows of those that have died. */
async function enlist(database: Database, calls: CallLog): Promise<number> {
  const nodeId = randomInt(1, 2 ** 31 - 1);
  await database.enlist(nodeId);
  await calls.markInterrupted();
  return nodeId;
}
