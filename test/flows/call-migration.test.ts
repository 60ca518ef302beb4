import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCallRows } from "#store/call-rows.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import * as first from "#store/schema/migrations/0001-first.js";
import * as connecting from "#store/schema/migrations/0002-connecting.js";
import * as people from "#store/schema/migrations/0003-people.js";
import * as skills from "#store/schema/migrations/0004-skills.js";
import * as listings from "#store/schema/migrations/0005-tasks-and-listings.js";
import * as results from "#store/schema/migrations/0006-results.js";
import * as oauth from "#store/schema/migrations/0007-oauth.js";
import * as calls from "#store/schema/migrations/0008-calls.js";
import * as composites from "#store/schema/migrations/0015-composites.js";
import { usePostgres } from "#support/postgres.js";
import { onEachEngine } from "#support/skillett.js";

onEachEngine("a log of calls from before they were numbered", (engine) => {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-calls-"));
  let postgres: Awaited<ReturnType<typeof usePostgres>>;
  let database: Database;
  beforeAll(async () => {
    postgres = engine === "postgres" ? await usePostgres() : undefined;
    database = await openDatabase({ url: postgres?.url, directory });
  });
  afterAll(async () => {
    await database?.close();
    await postgres?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("a log from before calls were numbered is kept, numbered by tenant in its order, and goes on", async () => {
    const { kysely } = database;
    for (const { up } of [first, connecting, people, skills, listings, results, oauth])
      await up(kysely as never);
    const old = [
      ["a", "p", "call_03", "started"],
      ["a", "q", "call_01", "completed"],
      ["b", "r", "call_02", "failed"],
      ["a", "p", "call_02", "refused"],
    ] as const;
    for (const [tenant, profile, id, status] of old)
      await sql`insert into skill_calls
        (tenant_id, profile_id, id, key_id, integration, endpoint, status, started_at, node_id)
        values (${tenant}, ${profile}, ${id}, 'key', 'github', 'get_repo', ${status}, 5, 99)`.execute(kysely);
    await calls.up(kysely as never);
    await composites.up(kysely as never);

    const rows = await kysely
      .selectFrom("skill_calls")
      .selectAll()
      .orderBy("tenant_id")
      .orderBy("seq")
      .execute();
    expect(
      rows.map(({ tenant_id, seq, id, profile_id, status }) => [tenant_id, seq, id, profile_id, status]),
    ).toEqual([
      ["a", 1, "call_01", "q", "completed"],
      ["a", 2, "call_02", "p", "refused"],
      ["a", 3, "call_03", "p", "started"],
      ["b", 1, "call_02", "r", "failed"],
    ]);
    expect(rows[0]).toMatchObject({
      account: null,
      effect: null,
      face: null,
      target: null,
      policy: null,
      via: null,
      started_at: 5,
    });

    const log = createCallRows(database, (error) => {
      throw error;
    });
    expect(await log.markInterrupted()).toBe(1);
    const { seq: _, ...row } = rows[0]!;
    await Promise.all(["call_04", "call_05"].map((id) => log.record({ ...row, id, profile_id: "p" })));
    await log.record({ ...row, tenant_id: "c", id: "call_01" });
    const page = await log.list({ tenantId: "a", profileId: "p", limit: 10 });
    expect(page.map(({ seq, id, status }) => [seq, id, status])).toEqual([
      [5, "call_05", "completed"],
      [4, "call_04", "completed"],
      [3, "call_03", "interrupted"],
      [2, "call_02", "refused"],
    ]);
    expect((await log.get("c", "q", "call_01"))?.seq).toBe(1);
  });
});
