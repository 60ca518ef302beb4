import { setTimeout as sleep } from "node:timers/promises";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import type { Tables } from "#store/schema/tables.js";

/** So few rows at a time that no call notices: on SQLite a step is a few milliseconds of the event loop. */
export const stepRows = 500;
/** Time that is left to calls between two steps. */
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

export interface Change {
  table: keyof Tables;
  /** Which rows. An index has to serve it, and a row that was changed must not meet it any more. */
  where: RawBuilder<unknown>;
}

/** Deletes rows in steps. @see inSteps */
export function deleteInSteps(database: Database, change: Change, signal?: AbortSignal): Promise<number> {
  return changeInSteps(database, sql`delete from ${sql.table(change.table)}`, change, signal);
}

/** Sets columns of rows in steps. @see inSteps */
export function updateInSteps(
  database: Database,
  { set, ...change }: Change & { set: RawBuilder<unknown> },
  signal?: AbortSignal,
): Promise<number> {
  return changeInSteps(database, sql`update ${sql.table(change.table)} set ${set}`, change, signal);
}

function changeInSteps(
  { kysely, engine }: Database,
  verb: RawBuilder<unknown>,
  { table, where }: Change,
  signal: AbortSignal | undefined,
): Promise<number> {
  const some = (place: RawBuilder<unknown>) =>
    sql`select ${place} from ${sql.table(table)} where ${where} limit ${sql.lit(stepRows)}`;
  // The place of a row is the one key that every table has.
  const among =
    engine === "sqlite" ? sql`rowid in (${some(sql`rowid`)})` : sql`ctid = any(array(${some(sql`ctid`)}))`;
  return inSteps(async () => {
    const { numAffectedRows } = await sql`${verb} where ${among}`.execute(kysely);
    return Number(numAffectedRows ?? 0);
  }, signal);
}
