import { connectionStatus } from "#store/connection-status.js";
import type { Database, Transaction } from "#store/engine/database.js";
import type { IntegrationKind, IntegrationRow, RouteRow } from "#store/schema/integration-tables.js";

/** An integration of a tenant. */
export interface IntegrationKey {
  tenant_id: string;
  slug: string;
}

export interface Switches {
  /** Of the whole integration; undefined leaves it as it is. */
  enabled: boolean | undefined;
  /** By name of the endpoint. Names that are not there are passed over. */
  endpoints: ReadonlyMap<string, boolean>;
}

/** The changes of a tenant's catalogue: each is one transaction, and raises the version of the catalogue. */
export interface IntegrationChanges {
  switch(key: IntegrationKey, switches: Switches, by: { profileId: string; now: number }): Promise<void>;
  /**
   * Puts an import in the place of the one before, with its endpoints as they are given. Answers false, and changes
   * nothing, when somebody has changed the catalogue since it had the version `seen`.
   */
  replaceImport(row: IntegrationRow, routes: readonly RouteRow[], seen: number): Promise<boolean>;
  /** Deletes an integration that the tenant brought, and what its accounts were connected with. Answers how many there were. */
  remove(key: IntegrationKey): Promise<number>;
}

/** Rows that one statement takes: PostgreSQL has 65,535 places for values, SQLite 32,766. */
const batchRows = 300;

export function createIntegrationChanges({ kysely }: Database): IntegrationChanges {
  const change = <T>(tenantId: string, work: (transaction: Transaction, version: number) => Promise<T>) =>
    kysely.transaction().execute(async (transaction) => {
      const { catalog_version: version } = await transaction
        .updateTable("tenants")
        .set((eb) => ({ catalog_version: eb("catalog_version", "+", 1) }))
        .where("id", "=", tenantId)
        .returning("catalog_version")
        .executeTakeFirstOrThrow();
      return work(transaction, version - 1);
    });

  return {
    switch: (key, switches, by) =>
      change(key.tenant_id, async (transaction) => {
        const kind = await kindOf(transaction, key);
        if (kind === "shipped") await switchShipped(transaction, key, switches, by);
        else await switchOwn(transaction, key, switches, by.now);
      }),
    replaceImport: async (row, routes, seen) => {
      const changed = new Error("the catalogue has changed");
      const replacing = change(row.tenant_id, async (transaction, version) => {
        if (version !== seen) throw changed;
        await replaceImport(transaction, row, routes);
        return true;
      });
      return replacing.catch((error) => {
        if (error === changed) return false;
        throw error;
      });
    },
    remove: (key) => change(key.tenant_id, (transaction) => remove(transaction, key)),
  };
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
  { profileId: created_by, now }: { profileId: string; now: number },
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

async function replaceImport(
  transaction: Transaction,
  { tenant_id, slug, ...values }: IntegrationRow,
  routes: readonly RouteRow[],
): Promise<void> {
  const { created_by: _, created_at: __, ...changes } = values;
  await transaction
    .insertInto("integrations")
    .values({ tenant_id, slug, ...values })
    .onConflict((conflict) => conflict.columns(["tenant_id", "slug"]).doUpdateSet(changes))
    .execute();
  await deleteRoutes(transaction, { tenant_id, slug });
  for (const some of batches(routes)) await transaction.insertInto("routes").values(some).execute();
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

function* batches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += batchRows) yield all.slice(at, at + batchRows);
}
