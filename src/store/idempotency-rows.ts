import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import { deleteInSteps } from "#store/engine/steps.js";
import type { IdempotencyRow } from "#store/schema/tables.js";

export interface IdempotencyRows {
  /** Takes the key, or answers with the row of the call that has it. */
  take(row: IdempotencyRow): Promise<IdempotencyRow | undefined>;
  /** Takes the key over from a call that never came about; answers whether nobody else was faster. */
  takeOver(row: IdempotencyRow, from: IdempotencyRow): Promise<boolean>;
  setAnswer(row: IdempotencyRow, answer: string): Promise<void>;
  /** Gives the key back: nothing has been sent. */
  release(row: IdempotencyRow): Promise<void>;
  deleteBefore(createdAt: number, signal?: AbortSignal): Promise<number>;
}

/** The columns that find the row of a key. */
const keyOf = ({ tenant_id, profile_id, key_hash }: IdempotencyRow) => ({ tenant_id, profile_id, key_hash });

export function createIdempotencyRows(database: Database): IdempotencyRows {
  const { kysely } = database;
  return {
    take: async (row) => {
      for (;;) {
        const { numInsertedOrUpdatedRows } = await kysely
          .insertInto("idempotency_keys")
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows) return undefined;
        const earlier = await kysely
          .selectFrom("idempotency_keys")
          .selectAll()
          .where((eb) => eb.and(keyOf(row)))
          .executeTakeFirst();
        if (earlier) return earlier;
        // Released between the two: it is free again.
      }
    },
    takeOver: async (row, from) => {
      const { numUpdatedRows } = await kysely
        .updateTable("idempotency_keys")
        .set({ call_id: row.call_id, created_at: row.created_at })
        .where((eb) => eb.and(keyOf(row)))
        .where("call_id", "=", from.call_id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    setAnswer: async (row, answer) => {
      await kysely
        .updateTable("idempotency_keys")
        .set({ answer })
        .where("call_id", "=", row.call_id)
        .where((eb) => eb.and(keyOf(row)))
        .execute();
    },
    release: async (row) => {
      await kysely
        .deleteFrom("idempotency_keys")
        .where((eb) => eb.and(keyOf(row)))
        .where("call_id", "=", row.call_id)
        .execute();
    },
    deleteBefore: (createdAt, signal) =>
      deleteInSteps(database, { table: "idempotency_keys", where: sql`created_at < ${createdAt}` }, signal),
  };
}
