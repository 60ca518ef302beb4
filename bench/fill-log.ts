import path from "node:path";
import LibSql from "libsql";
import { Client } from "pg";
import { callColumns } from "#store/calls-sql.js";

const spanMs = 90 * 24 * 3600 * 1000;

/**
 * Fills the audit log with copies of a row that is there already, as if they had come about evenly over the
 * last 90 days. Skillett must be stopped: on SQLite it holds the database.
 */
export async function fillLog(
  { directory, env }: { directory: string; env: Record<string, string> },
  rows: number,
): Promise<void> {
  if (env.DATABASE_URL) await fillPostgres(env.DATABASE_URL, rows);
  else fillSqlite(path.join(directory, "skillett.db"), rows);
}

function fillSqlite(file: string, rows: number): void {
  const database = new LibSql(file);
  try {
    database.exec(
      insertion({
        series: `with recursive series(n) as (select 0 union all select n + 1 from series where n + 1 < ${rows})`,
        startedAt: startedAt(rows),
        id: `printf('call_%012x7%s', ${startedAt(rows)}, substr(lower(hex(randomblob(10))), 1, 19))`,
      }),
    );
    database.exec(advance);
    database.exec("pragma wal_checkpoint(truncate)");
  } finally {
    database.close();
  }
}

async function fillPostgres(url: string, rows: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      insertion({
        series: `with series as (select generate_series(0::bigint, ${rows - 1}) as n)`,
        startedAt: startedAt(rows),
        id: `'call_' || lpad(to_hex(${startedAt(rows)}), 12, '0') || '7' || substr(md5(n::text), 1, 19)`,
      }),
    );
    await client.query(advance);
    await client.query("vacuum analyze skill_calls");
    await client.query("checkpoint");
  } finally {
    await client.end();
  }
}

/** ms since the epoch of row `n`. */
function startedAt(rows: number): string {
  const step = Math.floor(spanMs / rows);
  return `(${Date.now() - spanMs} + n * ${step})`;
}

function insertion({ series, id, startedAt }: { series: string; id: string; startedAt: string }): string {
  const names = callColumns.map(([name]) => name);
  const fresh: Record<string, string> = { id, started_at: startedAt };
  const values = names.map((name) => fresh[name] ?? `model.${name}`);
  // The next numbers of the tenant, as the log itself gives them.
  return `${series} insert into skill_calls (seq, ${names.join(", ")})
    select model.latest + n + 1, ${values.join(", ")} from series, (
      select skill_calls.*, call_heads.seq as latest from skill_calls join call_heads using (tenant_id)
      where upstream_status is not null limit 1
    ) as model`;
}

/** Calls that follow go on from there. */
const advance = `update call_heads
  set seq = (select max(seq) from skill_calls where skill_calls.tenant_id = call_heads.tenant_id)`;
