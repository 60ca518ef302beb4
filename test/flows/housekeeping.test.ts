import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type CompiledQuery, type KyselyPlugin, SqliteQueryCompiler, sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dayMs } from "#core/clock.js";
import { duties } from "#main/housekeeping.js";
import { createCallRows } from "#store/call-rows.js";
import { createConnectAttemptRows } from "#store/connect-attempt-rows.js";
import { createDeviceCodeRows } from "#store/device-code-rows.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { createFileRows } from "#store/file-rows.js";
import { createIdempotencyRows } from "#store/idempotency-rows.js";
import { migrate } from "#store/migrate.js";
import { createOAuthArtifactRows } from "#store/oauth-artifact-rows.js";
import { createOAuthGrantRows } from "#store/oauth-grant-rows.js";
import { createResultRows } from "#store/result-rows.js";
import { createTaskRows } from "#store/task-rows.js";
import { createThrottleRows } from "#store/throttle-rows.js";
import { usePostgres } from "#support/postgres.js";
import { onEachEngine } from "#support/skillett.js";

const now = 1_800_000_000_000;
const retentionMs = 90 * dayMs;

function dutiesOn(database: Database) {
  return duties({
    database,
    calls: createCallRows(database, () => {}),
    callsRetentionMs: retentionMs,
    idempotencyRows: createIdempotencyRows(database),
    resultRows: createResultRows(database),
    fileRows: createFileRows(database),
    attempts: createConnectAttemptRows(database),
    throttles: createThrottleRows(database),
    deviceCodes: createDeviceCodeRows(database),
    // Clearing away opens nothing.
    artifacts: createOAuthArtifactRows(database, undefined as never),
    grants: createOAuthGrantRows(database),
    tellEndingKeys: async () => {},
    taskRows: createTaskRows(database),
  });
}

onEachEngine("housekeeping", (engine) => {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-housekeeping-"));
  let postgres: Awaited<ReturnType<typeof usePostgres>>;
  let database: Database;
  const { signal } = new AbortController();
  beforeAll(async () => {
    postgres = engine === "postgres" ? await usePostgres() : undefined;
    database = await openDatabase({ url: postgres?.url, directory });
    await migrate(database);
  });
  afterAll(async () => {
    await database?.close();
    await postgres?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  const fill = async (tenant: string, from: number, to: number, startedAt: number) => {
    const series =
      engine === "postgres"
        ? sql`generate_series(${sql.lit(from)}, ${sql.lit(to)}) as series(n)`
        : sql`(with recursive s(n) as (select ${sql.lit(from)} union all select n + 1 from s where n < ${sql.lit(to)}) select n from s) as series`;
    await sql`insert into skill_calls
        (tenant_id, seq, id, profile_id, key_id, integration, endpoint, status, started_at, node_id)
      select ${sql.lit(tenant)}, n, 'call_' || n, 'p', 'key', 'github', 'get_repo', 'completed',
        ${sql.lit(startedAt)} + n, 1 from ${series}`.execute(database.kysely);
    await sql`insert into call_heads (tenant_id, seq) values (${tenant}, ${to})
      on conflict (tenant_id) do update set seq = excluded.seq`.execute(database.kysely);
  };
  const left = async (tenant: string) => {
    const rows = await database.kysely
      .selectFrom("skill_calls")
      .select("seq")
      .where("tenant_id", "=", tenant)
      .orderBy("seq")
      .execute();
    return rows.map(({ seq }) => seq);
  };

  it("calls past their retention are deleted in every tenant, and no others", async () => {
    const oldest = now - retentionMs - 10_000;
    await fill("a", 1, 1300, oldest);
    await fill("a", 1301, 1303, now - retentionMs);
    await fill("b", 1, 20, oldest);
    await dutiesOn(database)["the log of calls"]!(now, signal);
    expect(await left("a")).toEqual([1301, 1302, 1303]);
    expect(await left("b")).toEqual([]);
  });

  it("the deletion of old calls stops between two steps when the server stops", async () => {
    await fill("c", 1, 1300, 1);
    const stopping = new AbortController();
    const clearing = dutiesOn(database)["the log of calls"]!(now, stopping.signal);
    stopping.abort();
    await clearing;
    expect((await left("c")).length).toBeGreaterThan(0);
    await dutiesOn(database)["the log of calls"]!(now, signal);
    expect(await left("c")).toEqual([]);
  });

  it("all calls of a server that died are marked, however many there are", async () => {
    await fill("d", 1, 1300, now);
    await sql`update skill_calls set status = 'started', node_id = 99 where tenant_id = 'd'`.execute(
      database.kysely,
    );
    await dutiesOn(database)["calls of servers that died"]!(now, signal);
    const open = await database.kysely
      .selectFrom("skill_calls")
      .select("seq")
      .where("status", "=", "started")
      .execute();
    expect(open).toEqual([]);
  });

  it.runIf(engine === "sqlite")(
    "every statement of housekeeping takes a bounded number of rows, and finds them by an index",
    async () => {
      const statements: CompiledQuery[] = [];
      const compiler = new SqliteQueryCompiler();
      const record: KyselyPlugin = {
        transformQuery: ({ node, queryId }) => {
          statements.push(compiler.compileQuery(node as never, queryId));
          return node;
        },
        transformResult: async ({ result }) => result,
      };
      const recorded = { ...database, kysely: database.kysely.withPlugin(record) };
      await fill("e", 1, 3, 1);
      const { "telling of keys that end": _, ...clearing } = dutiesOn(recorded);
      for (const [what, duty] of Object.entries(clearing)) {
        statements.length = 0;
        await duty(now, signal);
        expect(statements.length, what).toBeGreaterThan(0);
        for (const statement of statements) {
          if (/^(delete|update)/.test(statement.sql)) expect(statement.sql, what).toMatch(/limit (500|\?)/);
          const explained = await database.kysely.executeQuery<{ detail: string }>({
            ...statement,
            sql: `explain query plan ${statement.sql}`,
          });
          const scans = explained.rows
            .map(({ detail }) => detail)
            .filter((detail) => detail.startsWith("SCAN") && !bounded.test(detail));
          expect(scans, `${what}: ${statement.sql}`).toEqual([]);
        }
      }
    },
  );
});

/** As long as there are tenants, or calls under way; or what a step has just found. */
const bounded = /^SCAN (call_heads|oldest|skill_calls USING COVERING INDEX skill_calls_started|\(subquery)/;
