import type { Engine } from "#store/engine/database.js";
import { type Columns, columnNames, jsonRows } from "#store/engine/json-rows.js";

/** The statements of a batch. Each takes one JSON array of rows, so a batch is one statement of each kind. */
export interface CallStatements {
  /** `[tenant_id, bucket, window_start][]` → the counters as they stand; held until the transaction ends. */
  holdCounters: string;
  /** `[tenant_id, bucket, window_start, used][]` */
  putCounters: string;
  /** `[tenant_id, id, status, upstream_status, error, duration_ms][]` */
  finishCalls: string;
}

export const callColumns = [
  ["tenant_id", "text"],
  ["id", "text"],
  ["profile_id", "text"],
  ["key_id", "text"],
  ["agent_id", "text"],
  ["face", "text"],
  ["connection_id", "text"],
  ["account", "text"],
  ["integration", "text"],
  ["endpoint", "text"],
  ["via", "text"],
  ["effect", "text"],
  ["target", "text"],
  ["policy", "text"],
  ["status", "text"],
  ["upstream_status", "integer"],
  ["error", "text"],
  ["started_at", "bigint"],
  ["duration_ms", "integer"],
  ["node_id", "bigint"],
] as const;

const counterColumns = [
  ["tenant_id", "text"],
  ["bucket", "text"],
  ["window_start", "bigint"],
  ["used", "integer"],
] as const;

/** The columns that find a counter. */
export const counterKey: Columns = counterColumns.slice(0, 3);

const endColumns = [
  ["tenant_id", "text"],
  ["id", "text"],
  ["status", "text"],
  ["upstream_status", "integer"],
  ["error", "text"],
  ["duration_ms", "integer"],
] as const;

export function callStatements(engine: Engine): CallStatements {
  const read = (columns: Columns) =>
    `select ${columnNames(columns)} from (${jsonRows[engine](columns)}) as given`;
  return {
    // SQLite has one writer, so reading is holding. PostgreSQL locks the rows, in one order for everyone.
    holdCounters:
      engine === "sqlite"
        ? `select c.tenant_id, c.bucket, c.window_start, c.used from (${read(counterKey)}) as wanted
           join call_counters as c using (tenant_id, bucket, window_start)`
        : `insert into call_counters (tenant_id, bucket, window_start, used)
           select tenant_id, bucket, window_start, 0 from (${read(counterKey)}) as wanted order by 1, 2, 3
           on conflict (tenant_id, bucket, window_start) do update set used = call_counters.used
           returning tenant_id, bucket, window_start, used`,
    putCounters: `insert into call_counters (${columnNames(counterColumns)})
      select * from (${read(counterColumns)}) as counted where true
      on conflict (tenant_id, bucket, window_start) do update set used = excluded.used`,
    finishCalls: `update skill_calls set status = ended.status, upstream_status = ended.upstream_status,
        error = ended.error, duration_ms = ended.duration_ms
      from (${read(endColumns)}) as ended
      where skill_calls.tenant_id = ended.tenant_id and skill_calls.id = ended.id`,
  };
}
