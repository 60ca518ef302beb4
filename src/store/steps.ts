import { setTimeout as sleep } from "node:timers/promises";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "#store/database.js";
import type { Tables } from "#store/tables.js";

/** So few rows at a time that no call notices: on SQLite a step is a few milliseconds of the event loop. */
export const stepRows = 500;
/** What calls have for themselves between two steps. */
const pauseMs = 10;

/**
 * Repeats a step of clearing up, which answers with how many rows it found, until there are none left or `signal`
 * aborts. Answers with how many there were in all.
 */
export async function inSteps(step: () => Promise<number>, signal?: AbortSignal): Promise<number> {
  let total = 0;
  while (!signal?.aborted) {
    const found = await step();
    total += found;
    if (found === 0) break;
    await sleep(pauseMs);
  }
  return total;
}

/** Deletes the rows of a table that meet a condition, in steps. An index has to serve the condition. */
export function deleteInSteps(
  { kysely, engine }: Database,
  table: keyof Tables,
  condition: RawBuilder<unknown>,
  signal?: AbortSignal,
): Promise<number> {
  const place = sql.raw(engine === "sqlite" ? "rowid" : "ctid");
  const some = sql`select ${place} from ${sql.table(table)} where ${condition} limit ${sql.lit(stepRows)}`;
  const among = engine === "sqlite" ? sql`in (${some})` : sql`= any(array(${some}))`;
  return inSteps(async () => {
    const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ${place} ${among}`.execute(
      kysely,
    );
    return Number(numAffectedRows ?? 0);
  }, signal);
}
