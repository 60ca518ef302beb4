import { sql } from "kysely";
import type { Queryable, Transaction } from "#store/engine/database.js";
import type { SandboxRecordRow } from "#store/schema/sandbox-tables.js";

/** The key of a record. */
export type SandboxKey = Omit<SandboxRecordRow, "value">;

/** The things in the sandbox of each tenant. */
export interface SandboxRows {
  /** Whether a tenant has ever used its sandbox. */
  exists(tenantId: string): Promise<boolean>;
  /** All records of a kind, in the order of making. */
  list(tenantId: string, kind: string): Promise<SandboxRecordRow[]>;
  find(key: SandboxKey): Promise<SandboxRecordRow | undefined>;
  insert(rows: readonly SandboxRecordRow[]): Promise<void>;
  update(row: SandboxRecordRow): Promise<void>;
  delete(key: SandboxKey): Promise<void>;
  deleteAll(tenantId: string): Promise<void>;
  /** How many records a tenant has, and the characters in their values. */
  measure(tenantId: string): Promise<{ records: number; characters: number }>;
  setNumbers(tenantId: string, numbers: string): Promise<void>;
}

const keyOf = ({ tenant_id, kind, number }: SandboxKey) => ({ tenant_id, kind, number });

export function createSandboxRows({ kysely }: Queryable): SandboxRows {
  return {
    exists: async (tenantId) => {
      const row = await kysely
        .selectFrom("sandboxes")
        .select("tenant_id")
        .where("tenant_id", "=", tenantId)
        .executeTakeFirst();
      return row !== undefined;
    },
    list: (tenantId, kind) =>
      kysely
        .selectFrom("sandbox_records")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("kind", "=", kind)
        .orderBy("number")
        .execute(),
    find: (key) =>
      kysely
        .selectFrom("sandbox_records")
        .selectAll()
        .where((eb) => eb.and(keyOf(key)))
        .executeTakeFirst(),
    insert: async (rows) => {
      await kysely.insertInto("sandbox_records").values(rows).execute();
    },
    update: async (row) => {
      await kysely
        .updateTable("sandbox_records")
        .set({ value: row.value })
        .where((eb) => eb.and(keyOf(row)))
        .execute();
    },
    delete: async (key) => {
      await kysely
        .deleteFrom("sandbox_records")
        .where((eb) => eb.and(keyOf(key)))
        .execute();
    },
    deleteAll: async (tenantId) => {
      await kysely.deleteFrom("sandbox_records").where("tenant_id", "=", tenantId).execute();
    },
    measure: async (tenantId) => {
      const { records, characters } = await kysely
        .selectFrom("sandbox_records")
        .select((eb) => eb.fn.countAll<number | string>().as("records"))
        .select(sql<number | string>`coalesce(sum(length(value)), 0)`.as("characters"))
        .where("tenant_id", "=", tenantId)
        .executeTakeFirstOrThrow();
      return { records: Number(records), characters: Number(characters) };
    },
    setNumbers: async (tenantId, numbers) => {
      await kysely.updateTable("sandboxes").set({ numbers }).where("tenant_id", "=", tenantId).execute();
    },
  };
}

/**
 * Makes the sandbox of a tenant if there is none, and keeps others from changing it until the transaction ends.
 *
 * @returns its numbers as JSON; `{}` when it is new
 */
export async function holdSandbox(transaction: Transaction, tenantId: string): Promise<string> {
  const { numbers } = await transaction
    .insertInto("sandboxes")
    .values({ tenant_id: tenantId, numbers: "{}" })
    .onConflict((conflict) =>
      conflict.column("tenant_id").doUpdateSet({ numbers: sql<string>`sandboxes.numbers` }),
    )
    .returning("numbers")
    .executeTakeFirstOrThrow();
  return numbers;
}
