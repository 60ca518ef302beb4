import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import { deleteInSteps } from "#store/engine/steps.js";
import type { ResultRow } from "#store/schema/tables.js";

/** The key of a result, with the caller that may read it. */
export type ResultKey = Pick<ResultRow, "tenant_id" | "id" | "profile_id" | "agent_id">;

/** Answers that were too long for their callers, kept whole for a while. */
export interface ResultRows {
  insert(row: ResultRow): Promise<void>;
  /** Undefined when it is another's, or over by now. */
  find(key: ResultKey, now: number): Promise<ResultRow | undefined>;
  deleteExpired(now: number, signal?: AbortSignal): Promise<number>;
}

export function createResultRows(database: Database): ResultRows {
  const { kysely } = database;
  return {
    insert: async (row) => {
      await kysely.insertInto("results").values(row).execute();
    },
    find: ({ tenant_id, id, profile_id, agent_id }, now) =>
      kysely
        .selectFrom("results")
        .selectAll()
        .where((eb) => eb.and({ tenant_id, id, profile_id }))
        .where("agent_id", agent_id === null ? "is" : "=", agent_id)
        .where("expires_at", ">", now)
        .executeTakeFirst(),
    deleteExpired: (now, signal) =>
      deleteInSteps(database, { table: "results", where: sql`expires_at <= ${now}` }, signal),
  };
}
