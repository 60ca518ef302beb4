import { randomInt } from "node:crypto";
import type { Config } from "#main/config.js";
import { readFacts } from "#skills/registry/facts.js";
import type { CallRows } from "#store/call-rows.js";
import type { Database } from "#store/engine/database.js";
import { explainStorageFailure } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import { masterKeyFile } from "#store/vault/master-key.js";
import { serverSecret } from "#store/vault/server-secrets.js";
import { openVault, type Vault } from "#store/vault/vault.js";

export interface PreparedStore {
  vault: Vault;
  secret: string;
  cookieKey: string;
}

/** Migrates the database to this program's schema, and opens the sealed secrets; one server at a time. */
export function prepareStore(database: Database, config: Config, now: number): Promise<PreparedStore> {
  return explainStorageFailure({ url: config.databaseUrl, directory: config.dataDir }, () =>
    database.exclusively(() => prepare(database, config, now)),
  );
}

async function prepare(database: Database, config: Config, now: number): Promise<PreparedStore> {
  await migrate(database, readFacts);
  const sealed = await database.kysely.selectFrom("data_keys").select("id").limit(1).executeTakeFirst();
  const masterKey = config.masterKey ?? masterKeyFile(config.dataDir, sealed !== undefined);
  const vault = await openVault(database, { masterKey, oldMasterKey: config.oldMasterKey }, now);
  return {
    vault,
    secret: await serverSecret(database, vault, "auth", now),
    cookieKey: await serverSecret(database, vault, "oauth", now),
  };
}

/** Gives this process a number, and closes the rows of those that have died. */
export async function enlist(database: Database, calls: CallRows): Promise<number> {
  const nodeId = randomInt(1, 2 ** 31 - 1);
  await database.enlist(nodeId);
  await calls.markInterrupted();
  return nodeId;
}
