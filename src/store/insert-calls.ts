import { callColumns } from "#store/calls-sql.js";
import type { Engine, SqlTransaction, Value } from "#store/engine/database.js";
import { type Columns, columnNames, jsonRows } from "#store/engine/json-rows.js";
import type { CallRow } from "#store/schema/tables.js";

/**
 * Inserts rows of `skill_calls`. They get the next numbers of their tenant, which nobody else can take until the
 * transaction ends. So numbers have no gaps, and their order is that of the commits, across servers too.
 */
export type InsertCalls = (transaction: SqlTransaction, rows: readonly CallRow[]) => Promise<void>;

export function insertCallsOn(engine: Engine): InsertCalls {
  return engine === "sqlite" ? insertOneByOne() : insertAtOnce();
}

const names = columnNames(callColumns);

/** `given` has a row with its `tenant_id` for each call. */
const advance = (given: string) => `insert into call_heads (tenant_id, seq)
  select tenant_id, count(*) from ${given} where true group by tenant_id order by tenant_id
  on conflict (tenant_id) do update set seq = call_heads.seq + excluded.seq
  returning tenant_id, seq`;

/** SQLite is in this process: a statement costs little, and values cost less than JSON of them. */
function insertOneByOne(): InsertCalls {
  const advanceHeads = advance(`(${jsonRows.sqlite([["tenant_id", "text"]])}) as given`);
  const places = ["seq", ...callColumns].map((_, at) => `$${at + 1}`).join(", ");
  const insert = `insert into skill_calls (seq, ${names}) values (${places})`;
  return async (transaction, rows) => {
    if (rows.length === 0) return;
    const tenants = JSON.stringify(rows.map(({ tenant_id }) => [tenant_id]));
    const heads = await transaction.all<{ tenant_id: string; seq: number }>(advanceHeads, [tenants]);
    const latest = new Map(heads.map(({ tenant_id, seq }) => [tenant_id, seq]));
    for (const [row, later] of withLater(rows))
      await transaction.all(insert, [latest.get(row.tenant_id)! - later, ...valuesOf(row)]);
  };
}

/** PostgreSQL takes all of it in one round trip. */
function insertAtOnce(): InsertCalls {
  const columns: Columns = [...callColumns, ["later", "integer"]];
  const given = `(${jsonRows.postgres(columns)}) as given`;
  const insert = `with heads as (${advance(given)})
    insert into skill_calls (seq, ${names}) select heads.seq - later, ${names} from ${given} join heads using (tenant_id)`;
  return async (transaction, rows) => {
    if (rows.length === 0) return;
    const values = withLater(rows).map(([row, later]) => [...valuesOf(row), later]);
    await transaction.all(insert, [JSON.stringify(values)]);
  };
}

const valuesOf = (row: CallRow): Value[] => callColumns.map(([name]) => row[name]);

/** Each row with how many of the same tenant come after it. */
function withLater(rows: readonly CallRow[]): [row: CallRow, later: number][] {
  const counts = new Map<string, number>();
  const found = rows.toReversed().map((row): [CallRow, number] => {
    const later = counts.get(row.tenant_id) ?? 0;
    counts.set(row.tenant_id, later + 1);
    return [row, later];
  });
  return found.reverse();
}
