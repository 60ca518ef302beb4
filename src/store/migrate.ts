import { type Kysely, Migrator } from "kysely";
import { StartupError } from "#core/startup-error.js";
import type { Database } from "#store/engine/database.js";
import * as first from "#store/schema/migrations/0001-first.js";
import * as connecting from "#store/schema/migrations/0002-connecting.js";
import * as people from "#store/schema/migrations/0003-people.js";
import * as skills from "#store/schema/migrations/0004-skills.js";
import * as listings from "#store/schema/migrations/0005-tasks-and-listings.js";
import * as results from "#store/schema/migrations/0006-results.js";
import * as oauth from "#store/schema/migrations/0007-oauth.js";
import * as calls from "#store/schema/migrations/0008-calls.js";
import * as keys from "#store/schema/migrations/0009-keys.js";
import * as sources from "#store/schema/migrations/0010-sources.js";
import * as storage from "#store/schema/migrations/0011-storage.js";
import * as versionFacts from "#store/schema/migrations/0012-version-facts.js";
import * as settings from "#store/schema/migrations/0013-settings.js";
import * as files from "#store/schema/migrations/0014-files.js";
import * as composites from "#store/schema/migrations/0015-composites.js";
import * as sandbox from "#store/schema/migrations/0016-sandbox.js";
import * as integrations from "#store/schema/migrations/0017-integrations.js";
import * as integrationClients from "#store/schema/migrations/0018-integration-clients.js";

interface Migration {
  up(db: Kysely<unknown>, readFacts: versionFacts.ReadFacts): Promise<void>;
}

/** In order; a name that has landed never changes. */
const migrations: Record<string, Migration> = {
  "0001-first": first,
  "0002-connecting": connecting,
  "0003-people": people,
  "0004-skills": skills,
  "0005-tasks-and-listings": listings,
  "0006-results": results,
  "0007-oauth": oauth,
  "0008-calls": calls,
  "0009-keys": keys,
  "0010-sources": sources,
  "0011-storage": storage,
  "0012-version-facts": versionFacts,
  "0013-settings": settings,
  "0014-files": files,
  "0015-composites": composites,
  "0016-sandbox": sandbox,
  "0017-integrations": integrations,
  "0018-integration-clients": integrationClients,
};

/**
 * Brings the database to this program's schema, in one transaction. Refuses one that a newer program has already
 * changed.
 *
 * @param readFacts Reads skills that an older program has stored; a new database has none.
 */
export async function migrate(
  database: Database,
  readFacts: versionFacts.ReadFacts = () => null,
): Promise<void> {
  await refuseNewer(database);
  const steps = Object.entries(migrations).map(
    ([name, { up }]) => [name, { up: (db: Kysely<unknown>) => up(db, readFacts) }] as const,
  );
  const migrator = new Migrator({
    db: database.kysely,
    provider: { getMigrations: async () => Object.fromEntries(steps) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

async function refuseNewer({ kysely }: Database): Promise<void> {
  const tables = await kysely.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === "kysely_migration")) return;
  const applied = await (kysely as unknown as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom("kysely_migration")
    .select("name")
    .execute();
  const unknown = applied.find(({ name }) => !Object.hasOwn(migrations, name));
  if (unknown) {
    throw new StartupError(
      `The database was written by a newer Skillett (it has migration ${unknown.name}). Upgrade this program; nothing was changed.`,
    );
  }
}
