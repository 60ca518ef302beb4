import { sql } from "kysely";
import { type CallFilter, listCalls } from "#store/call-list.js";
import { deleteCallsBefore, markInterrupted } from "#store/call-upkeep.js";
import { type CallStatements, callStatements, counterKey } from "#store/calls-sql.js";
import { createLookup } from "#store/engine/batched-read.js";
import type { Database, SqlTransaction } from "#store/engine/database.js";
import { createGroupCommit } from "#store/engine/group-commit.js";
import { deleteInSteps, inSteps } from "#store/engine/steps.js";
import { type InsertCalls, insertCallsOn } from "#store/insert-calls.js";
import type { CallRow, CounterRow, LoggedCallRow } from "#store/schema/tables.js";

/** Something counted in a fixed window, and how much of it there may be. */
export interface Counter {
  tenantId: string;
  bucket: string;
  windowStart: number;
  /** `null` is no limit: counted all the same. */
  limit: number | null;
}

export interface Admission {
  /** The first counter that was full; undefined when the call was admitted and counted. */
  full: Counter | undefined;
  /** The count of each counter now, in the order they were given. */
  used: number[];
}

export interface CallEnd {
  tenantId: string;
  id: string;
  status: string;
  upstreamStatus: number | null;
  error: string | null;
  durationMs: number;
}

/** The audit log and the counters of calls, written together: a call is counted exactly when its row is there. */
export interface CallRows {
  /** Checks and takes every counter, or none, and writes the call's row; durable when it resolves. */
  admit(row: CallRow, counters: Counter[]): Promise<Admission>;
  /** Writes the row of a call that is over before anything was sent. */
  record(row: CallRow): Promise<void>;
  /** Written with the next batch, a few ms from now at the most: nobody waits for it. */
  finish(end: CallEnd): void;
  used(counters: Counter[]): Promise<number[]>;
  list(filter: CallFilter): Promise<LoggedCallRow[]>;
  get(tenantId: string, profileId: string, id: string): Promise<LoggedCallRow | undefined>;
  /** Marks what dead processes left `started`: at the start the first few hundred, later the rest. */
  markInterrupted(): Promise<number>;
  markAllInterrupted(signal?: AbortSignal): Promise<number>;
  /** Deletes calls that began before a moment, in steps; answers how many there were. */
  deleteBefore(startedAt: number, signal?: AbortSignal): Promise<number>;
  deleteCountersBefore(windowStart: number, signal?: AbortSignal): Promise<number>;
  /** Resolves when everything handed over before has been written. */
  settled(): Promise<void>;
}

type Op =
  | { kind: "admit"; row: CallRow; counters: Counter[] }
  | { kind: "record"; row: CallRow }
  | { kind: "finish"; end: CallEnd };

const written: Admission = { full: undefined, used: [] };

/** `onLostEnd` hears why the end of a call could not be written: its row stays `started`. */
export function createCallRows(database: Database, onLostEnd: (error: unknown) => void): CallRows {
  const statements = callStatements(database.engine);
  const insertCalls = insertCallsOn(database.engine);
  const { write, writeSoon, settled } = createGroupCommit<Op, Admission>(
    (ops) => database.transact((transaction) => writeBatch(transaction, { statements, insertCalls }, ops)),
    { gatherMs: 1 },
  );
  const counterValue = createLookup<{ used: number }>(
    database,
    counterKey,
    (keys) => `select row_at, used from ${keys} join call_counters using (tenant_id, bucket, window_start)`,
  );

  return {
    admit: (row, counters) => write({ kind: "admit", row, counters }),
    record: async (row) => {
      await write({ kind: "record", row });
    },
    finish: (end) => {
      writeSoon({ kind: "finish", end }).catch(onLostEnd);
    },
    used: (counters) =>
      Promise.all(
        counters.map(
          async ({ tenantId, bucket, windowStart }) =>
            (await counterValue(tenantId, bucket, windowStart))?.used ?? 0,
        ),
      ),
    list: async (filter) => {
      // A caller that has its answer must find its call ended in the log.
      await settled();
      return listCalls(database, filter).execute();
    },
    get: async (tenantId, profileId, id) => {
      await settled();
      return database.kysely
        .selectFrom("skill_calls")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("profile_id", "=", profileId)
        .where("id", "=", id)
        .executeTakeFirst();
    },
    markInterrupted: () => markInterrupted(database),
    markAllInterrupted: (signal) => inSteps(() => markInterrupted(database), signal),
    deleteBefore: (startedAt, signal) => deleteCallsBefore(database, startedAt, signal),
    deleteCountersBefore: (windowStart, signal) =>
      deleteInSteps(database, { table: "call_counters", where: sql`window_start < ${windowStart}` }, signal),
    settled,
  };
}

/** One batch: counters are taken in order of arrival, then everything is written at once. */
async function writeBatch(
  transaction: SqlTransaction,
  { statements, insertCalls }: { statements: CallStatements; insertCalls: InsertCalls },
  ops: Op[],
): Promise<Admission[]> {
  const run = async <Row>(statement: string, rows: unknown[]) =>
    rows.length > 0 ? transaction.all<Row>(statement, [JSON.stringify(rows)]) : [];

  const tally = await holdCounters(ops, run, statements);
  const admissions = ops.map((op) => (op.kind === "admit" ? tally.take(op.counters) : written));
  const rows = ops.flatMap((op, at) => (op.kind === "finish" || admissions[at]!.full ? [] : [op.row]));
  const ends = ops.flatMap((op) => (op.kind === "finish" ? [op.end] : []));

  await run(statements.putCounters, tally.changed());
  await insertCalls(transaction, rows);
  await run(statements.finishCalls, ends.map(endValues));
  return admissions;
}

interface Tally {
  take(counters: Counter[]): Admission;
  /** Rows of the counters that have moved. */
  changed(): unknown[];
}

async function holdCounters(
  ops: Op[],
  run: <Row>(statement: string, rows: unknown[]) => Promise<Row[]>,
  statements: CallStatements,
): Promise<Tally> {
  const states = new Map<string, CounterRow>();
  for (const op of ops) {
    if (op.kind !== "admit") continue;
    for (const { tenantId, bucket, windowStart } of op.counters) {
      states.set(counterName(tenantId, bucket, windowStart), {
        tenant_id: tenantId,
        bucket,
        window_start: windowStart,
        used: 0,
      });
    }
  }
  const keys = [...states.values()].map((state) => [state.tenant_id, state.bucket, state.window_start]);
  const before = new Map<string, number>();
  for (const row of await run<CounterRow>(statements.holdCounters, keys)) {
    const name = counterName(row.tenant_id, row.bucket, row.window_start);
    states.get(name)!.used = row.used;
    before.set(name, row.used);
  }
  return {
    take: (counters) => take(counters, states),
    changed: () =>
      [...states]
        .filter(([name, { used }]) => used !== (before.get(name) ?? 0))
        .map(([, state]) => [state.tenant_id, state.bucket, state.window_start, state.used]),
  };
}

function take(counters: Counter[], states: Map<string, CounterRow>): Admission {
  const held = counters.map(
    (counter) => states.get(counterName(counter.tenantId, counter.bucket, counter.windowStart))!,
  );
  const full = counters.find(({ limit }, at) => limit !== null && held[at]!.used >= limit);
  if (!full) for (const state of held) state.used += 1;
  return { full, used: held.map(({ used }) => used) };
}

function counterName(tenantId: string, bucket: string, windowStart: number): string {
  return `${tenantId} ${bucket} ${windowStart}`;
}

function endValues(end: CallEnd): unknown[] {
  return [end.tenantId, end.id, end.status, end.upstreamStatus, end.error, end.durationMs];
}
