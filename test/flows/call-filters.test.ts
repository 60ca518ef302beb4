import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type RawBuilder, sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listCalls as route } from "#contract/usage.js";
import { callStatuses } from "#core/call-status.js";
import { type CallFilter, listCalls } from "#store/call-list.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import { usePostgres } from "#support/postgres.js";
import { onEachEngine } from "#support/skillett.js";

type Filter = Partial<Omit<CallFilter, "tenantId" | "profileId" | "limit">>;

/** Every filter that `GET /v1/calls` takes, with each kind of value. A new one has to be added, or this fails. */
const values: Record<string, Filter[]> = {
  cursor: [{}, { before: 50 }],
  integration: [{}, { integration: "github" }],
  endpoint: [{}, { endpoint: "get_repo" }],
  status: [{}, ...callStatuses.map((status) => ({ status }))],
};
const columns: Record<keyof Filter, string> = {
  before: "seq",
  integration: "integration",
  endpoint: "endpoint",
  status: "status",
};

/** Each with each: the product of all values. */
const combinations = Object.values(values).reduce<Filter[]>(
  (sofar, more) => sofar.flatMap((filter) => more.map((one) => ({ ...filter, ...one }))),
  [{}],
);

/** What the plan looks up in the index, and what it does besides, which costs by the length of the log. */
interface Plan {
  text: string;
  lookedUp: string;
  checked: string;
  sorts: boolean;
}

onEachEngine("the filters of the call log", (engine) => {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-filters-"));
  let postgres: Awaited<ReturnType<typeof usePostgres>>;
  let database: Database;
  beforeAll(async () => {
    postgres = engine === "postgres" ? await usePostgres() : undefined;
    database = await openDatabase({ url: postgres?.url, directory });
    await migrate(database);
    if (engine === "postgres") await fill(database);
  });
  afterAll(async () => {
    await database?.close();
    await postgres?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("the route takes the filters that are looked at here, and no others", () => {
    expect(
      Object.keys(route.query.properties)
        .filter((name) => name !== "limit")
        .sort(),
    ).toEqual(Object.keys(values).sort());
  });

  it("each filter, alone or with others, is served by an index in the order that is read", async () => {
    for (const filter of combinations) {
      const plan = await explain(database, filter);
      const about = `${JSON.stringify(filter)}\n${plan.text}`;
      expect(plan.sorts, about).toBe(false);
      for (const name of Object.keys(filter) as (keyof Filter)[]) {
        // Nearly all calls are completed, and few are under way: there it is enough to look at each.
        const few = filter.status === "started" && (name === "integration" || name === "endpoint");
        const many = filter.status === "completed" && name === "status";
        if (few || many) continue;
        expect(plan.lookedUp, about).toContain(columns[name]);
        if (name !== "status") expect(plan.checked, about).not.toContain(columns[name]);
      }
    }
  });
});

async function explain(database: Database, filter: Filter): Promise<Plan> {
  const query = listCalls(database, { tenantId: "t", profileId: "p", limit: 50, ...filter });
  const compiled = query.compile();
  if (database.engine === "sqlite") {
    const { rows } = await database.kysely.executeQuery<{ detail: string }>({
      ...compiled,
      sql: `explain query plan ${compiled.sql}`,
    });
    const text = rows.map(({ detail }) => detail).join("\n");
    const lookedUp = /USING INDEX \w+ \((.*)\)/.exec(text)?.[1] ?? "";
    return { text, lookedUp, checked: "", sorts: text.includes("TEMP B-TREE") };
  }
  const text = await database.kysely.connection().execute(async (connection) => {
    // As on a long log, where reading all of it is what costs most.
    await sql`set enable_seqscan = off`.execute(connection);
    const { rows } = await connection.executeQuery<{ "QUERY PLAN": string }>({
      ...compiled,
      sql: `explain ${compiled.sql}`,
    });
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  });
  const lines = (label: string) =>
    text
      .split("\n")
      .filter((line) => line.includes(label))
      .join("\n");
  const partial =
    filter.status && filter.status !== "completed"
      ? lines(`_${filter.status === "started" ? "started" : "status"}`)
      : "";
  return {
    text,
    lookedUp: `${lines("Index Cond")} ${partial && "status"}`,
    checked: lines("Filter:"),
    sorts: text.includes("Sort"),
  };
}

/** Enough rows, as unevenly spread as they are, for PostgreSQL to plan as it would on a long log. */
async function fill({ kysely }: Database): Promise<void> {
  const text: RawBuilder<unknown> = sql`insert into skill_calls
      (tenant_id, seq, id, profile_id, key_id, integration, endpoint, status, started_at, node_id)
    select 't', n, 'call_' || n, 'p', 'key', case n % 3 when 0 then 'github' else 'slack' end,
      case n % 5 when 0 then 'get_repo' else 'x' || n % 7 end,
      case when n % 100 = 0 then 'failed' when n % 101 = 0 then 'refused' else 'completed' end, n, 1
    from generate_series(1, 20000) as n`;
  await text.execute(kysely);
  await sql`analyze skill_calls`.execute(kysely);
}
