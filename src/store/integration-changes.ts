import { setImmediate as nextTurn } from "node:timers/promises";
import { connectionStatus } from "#store/connection-status.js";
import type { Database, Transaction } from "#store/engine/database.js";
import type { IntegrationKind, IntegrationRow, RouteRow } from "#store/schema/integration-tables.js";

/** An integration of a tenant. */
export interface IntegrationKey {
  tenant_id: string;
  slug: string;
}

export interface Switcher {
  profileId: string;
  now: number;
}

export interface Switches {
  /** Of the whole integration; undefined leaves it as it is. */
  enabled: boolean | undefined;
  /** By name of the endpoint. Names that are not there are passed over. */
  endpoints: ReadonlyMap<string, boolean>;
}

/** Rows that one statement takes: PostgreSQL has 65,535 places for values, SQLite 32,766. */
const batchRows = 300;
/** Rows with texts: writing them takes some milliseconds. */
const fewRows = 50;

/** A change of a tenant's catalogue: one transaction, which raises the version of the catalogue. */
function change<T>(
  { kysely }: Database,
  tenantId: string,
  work: (transaction: Transaction, before: number) => Promise<T>,
): Promise<T> {
  return kysely.transaction().execute(async (transaction) => {
    const version = await raiseCatalogVersion(transaction, tenantId);
    return work(transaction, version - 1);
  });
}

/** All servers read the catalogue of the tenant anew with its next request. Answers the new version. */
export async function raiseCatalogVersion(transaction: Transaction, tenantId: string): Promise<number> {
  const { catalog_version: version } = await transaction
    .updateTable("tenants")
    .set((eb) => ({ catalog_version: eb("catalog_version", "+", 1) }))
    .where("id", "=", tenantId)
    .returning("catalog_version")
    .executeTakeFirstOrThrow();
  return version;
}

/** @see IntegrationRows.switch */
export function switchIntegration(
  database: Database,
  key: IntegrationKey,
  switches: Switches,
  by: Switcher,
): Promise<void> {
  return change(database, key.tenant_id, async (transaction) => {
    const kind = await kindOf(transaction, key);
    if (kind === "shipped") await switchShipped(transaction, key, switches, by);
    else await switchOwn(transaction, key, switches, by.now);
  });
}

export interface ReplaceOptions {
  /** Version of the catalogue that the import was made with. */
  seen: number;
  /** Nothing is changed while an account is connected, as where its credential would go to another host. */
  unlessConnected?: boolean;
}

/** @see IntegrationRows.replaceImport */
export async function replaceImport(
  database: Database,
  row: IntegrationRow,
  routes: Iterable<RouteRow>,
  { seen, unlessConnected = false }: ReplaceOptions,
): Promise<boolean> {
  const changed = new Error("the catalogue has changed");
  try {
    await change(database, row.tenant_id, async (transaction, version) => {
      if (version !== seen || (unlessConnected && (await isConnected(transaction, row)))) throw changed;
      await writeImport(transaction, row, routes);
    });
    return true;
  } catch (error) {
    if (error === changed) return false;
    throw error;
  }
}

/** @see IntegrationRows.remove */
export function removeIntegration(database: Database, key: IntegrationKey): Promise<number> {
  return change(database, key.tenant_id, (transaction) => remove(transaction, key));
}

async function isConnected(transaction: Transaction, { tenant_id, slug }: IntegrationKey): Promise<boolean> {
  const row = await transaction
    .selectFrom("connections")
    .select("id")
    .where((eb) => eb.and({ tenant_id, integration: slug }))
    .where("status", "!=", connectionStatus.disconnected)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function kindOf(transaction: Transaction, key: IntegrationKey): Promise<IntegrationKind> {
  const row = await transaction
    .selectFrom("integrations")
    .select("kind")
    .where((eb) => eb.and({ ...key }))
    .executeTakeFirst();
  return row?.kind ?? "shipped";
}

/** Of an integration that ships there are rows for what is off, and none when all is on. */
async function switchShipped(
  transaction: Transaction,
  key: IntegrationKey,
  { enabled, endpoints }: Switches,
  { profileId: created_by, now }: Switcher,
): Promise<void> {
  const row = {
    kind: "shipped",
    main: null,
    texts: "{}",
    overlay: "{}",
    source: null,
    report: null,
  } as const;
  const times = { format: 0, created_by, created_at: now, updated_at: now };
  await transaction
    .insertInto("integrations")
    .values({ ...key, ...row, ...times, enabled: enabled === false ? 0 : 1 })
    .onConflict((conflict) =>
      conflict
        .columns(["tenant_id", "slug"])
        .doUpdateSet({ updated_at: now, ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }) }),
    )
    .execute();
  const [on, off] = namesOf(endpoints);
  for (const names of batches(on)) await deleteRoutes(transaction, key, names);
  const nothing = { path: null, text: null, overlay: null, compiled: null, effect: null, hash: null };
  const toRow = (name: string) => ({ ...key, name, enabled: 0, off_reason: "owner" as const, ...nothing });
  for (const names of batches(off)) {
    await transaction
      .insertInto("routes")
      .values(names.map(toRow))
      .onConflict((conflict) => conflict.columns(["tenant_id", "slug", "name"]).doNothing())
      .execute();
  }
  await transaction
    .deleteFrom("integrations")
    .where((eb) => eb.and({ ...key, enabled: 1 }))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("routes")
            .select("name")
            .where((eb) => eb.and({ ...key })),
        ),
      ),
    )
    .execute();
}

async function switchOwn(
  transaction: Transaction,
  key: IntegrationKey,
  { enabled, endpoints }: Switches,
  now: number,
): Promise<void> {
  await transaction
    .updateTable("integrations")
    .set({ updated_at: now, ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }) })
    .where((eb) => eb.and({ ...key }))
    .execute();
  const [on, off] = namesOf(endpoints);
  const set = async (names: readonly string[], values: Pick<RouteRow, "enabled" | "off_reason">) => {
    for (const some of batches(names)) {
      await transaction
        .updateTable("routes")
        .set(values)
        .where((eb) => eb.and({ ...key }))
        .where("name", "in", some)
        .execute();
    }
  };
  await set(on, { enabled: 1, off_reason: null });
  await set(off, { enabled: 0, off_reason: "owner" });
}

async function writeImport(
  transaction: Transaction,
  { tenant_id, slug, ...values }: IntegrationRow,
  routes: Iterable<RouteRow>,
): Promise<void> {
  const { created_by: _, created_at: __, ...changes } = values;
  await transaction
    .insertInto("integrations")
    .values({ tenant_id, slug, ...values })
    .onConflict((conflict) => conflict.columns(["tenant_id", "slug"]).doUpdateSet(changes))
    .execute();
  await deleteRoutes(transaction, { tenant_id, slug });
  for (const some of batches(routes, fewRows)) {
    await transaction.insertInto("routes").values(some).execute();
    await nextTurn();
  }
}

async function remove(transaction: Transaction, key: IntegrationKey): Promise<number> {
  const ofIt = { tenant_id: key.tenant_id, integration: key.slug };
  const { disconnected } = connectionStatus;
  const connections = await transaction
    .updateTable("connections")
    .set({ status: disconnected, is_default: 0, is_shared: 0 })
    .where((eb) => eb.and(ofIt))
    .where("status", "!=", disconnected)
    .returning("id")
    .execute();
  for (const some of batches(connections.map(({ id }) => id))) {
    await transaction
      .deleteFrom("credentials")
      .where("tenant_id", "=", key.tenant_id)
      .where("connection_id", "in", some)
      .execute();
  }
  await deleteRoutes(transaction, key);
  await transaction
    .deleteFrom("integration_clients")
    .where((eb) => eb.and({ ...key }))
    .execute();
  await transaction
    .deleteFrom("integrations")
    .where((eb) => eb.and({ ...key }))
    .execute();
  return connections.length;
}

async function deleteRoutes(
  transaction: Transaction,
  key: IntegrationKey,
  names?: readonly string[],
): Promise<void> {
  await transaction
    .deleteFrom("routes")
    .where((eb) => eb.and({ ...key }))
    .$if(names !== undefined, (query) => query.where("name", "in", names!))
    .execute();
}

/** Those that are switched on, and those that are switched off. */
function namesOf(endpoints: Switches["endpoints"]): [on: string[], off: string[]] {
  const names = [...endpoints.keys()];
  return [names.filter((name) => endpoints.get(name)), names.filter((name) => !endpoints.get(name))];
}

function* batches<T>(all: Iterable<T>, size = batchRows): Generator<readonly T[]> {
  let some: T[] = [];
  for (const one of all) {
    some.push(one);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
