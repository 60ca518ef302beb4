import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import { deleteInSteps } from "#store/engine/steps.js";

export interface ThrottleRows {
  /**
   * Counts one more in a bucket, atomically for all servers. Its window begins at the first one counted after
   * the last window is over.
   */
  count(bucket: string, now: number, windowMs: number): Promise<{ used: number; windowStart: number }>;
  /** Takes one back. */
  uncount(bucket: string): Promise<void>;
  delete(bucket: string): Promise<void>;
  /** Clears windows away that began before; none is longer than a day. */
  deleteBefore(windowStart: number, signal?: AbortSignal): Promise<number>;
}

export function createThrottleRows(database: Database): ThrottleRows {
  const { kysely } = database;
  return {
    async count(bucket, now, windowMs) {
      const windowIsOver = sql<boolean>`throttles.window_start <= ${now - windowMs}`;
      const { used, window_start } = await kysely
        .insertInto("throttles")
        .values({ bucket, window_start: now, used: 1 })
        .onConflict((conflict) =>
          conflict.column("bucket").doUpdateSet({
            used: sql<number>`case when ${windowIsOver} then 1 else throttles.used + 1 end`,
            window_start: sql<number>`case when ${windowIsOver} then excluded.window_start else throttles.window_start end`,
          }),
        )
        .returning(["used", "window_start"])
        .executeTakeFirstOrThrow();
      return { used, windowStart: window_start };
    },
    async uncount(bucket) {
      await kysely
        .updateTable("throttles")
        .set((eb) => ({ used: eb("used", "-", 1) }))
        .where("bucket", "=", bucket)
        .where("used", ">", 0)
        .execute();
    },
    async delete(bucket) {
      await kysely.deleteFrom("throttles").where("bucket", "=", bucket).execute();
    },
    deleteBefore: (windowStart, signal) =>
      deleteInSteps(database, { table: "throttles", where: sql`window_start < ${windowStart}` }, signal),
  };
}
