import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "#core/ids.js";
import { type CallRows, type Counter, createCallRows } from "#store/call-rows.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import type { CallRow } from "#store/schema/tables.js";
import { usePostgres } from "#support/postgres.js";
import { onEachEngine } from "#support/skillett.js";

onEachEngine("the call log", (engine) => {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-calls-"));
  let postgres: Awaited<ReturnType<typeof usePostgres>>;
  let database: Database;
  let calls: CallRows;
  const lost: unknown[] = [];
  beforeAll(async () => {
    postgres = engine === "postgres" ? await usePostgres() : undefined;
    database = await openDatabase({ url: postgres?.url, directory });
    await migrate(database);
    calls = createCallRows(database, (error) => lost.push(error));
  });
  afterAll(async () => {
    await database?.close();
    await postgres?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  const newRow = (more: Partial<CallRow> = {}): CallRow => ({
    tenant_id: "t",
    profile_id: "p",
    id: newId("call"),
    key_id: "key_1",
    agent_id: null,
    face: "rest",
    connection_id: null,
    account: null,
    integration: "github",
    endpoint: "create_issue",
    via: null,
    effect: "write",
    target: null,
    policy: null,
    status: "started",
    upstream_status: null,
    error: null,
    started_at: 1,
    duration_ms: null,
    node_id: 7,
    ...more,
  });
  const counter = (bucket: string, limit: number | null): Counter => ({
    tenantId: "t",
    bucket,
    windowStart: 60_000,
    limit,
  });
  const statusOf = async ({ id }: CallRow) => (await calls.get("t", "p", id))?.status;

  it("a call takes a place in each of its counters, or in none", async () => {
    const both = [counter("minute", 10), counter("day", 15)];
    const admissions = await Promise.all(Array.from({ length: 40 }, () => calls.admit(newRow(), both)));
    const admitted = admissions.filter(({ full }) => full === undefined);
    expect(admitted.map(({ used }) => used[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(admissions.at(-1)!.full).toEqual(both[0]);
    expect(await calls.used(both)).toEqual([10, 10]);

    const other = [counter("other minute", 10), counter("day", 15)];
    const more = await Promise.all(Array.from({ length: 10 }, () => calls.admit(newRow(), other)));
    expect(more.filter(({ full }) => full === undefined)).toHaveLength(5);
    expect(more.at(-1)!.full).toEqual(other[1]);
    expect(await calls.used(other)).toEqual([5, 15]);
    expect(await calls.list({ tenantId: "t", profileId: "p", limit: 100 })).toHaveLength(15);
  });

  it("a counter without a limit counts, too", async () => {
    const free = [counter("free", null)];
    await Promise.all(Array.from({ length: 3 }, () => calls.admit(newRow(), free)));
    expect(await calls.used(free)).toEqual([3]);
  });

  it("the open rows of dead processes are marked interrupted, and finished ones and those of the living stay", async () => {
    await database.enlist(8);
    const [left, done, live] = [
      newRow({ node_id: 99 }),
      newRow({ node_id: 99, status: "refused" }),
      newRow({ node_id: 8 }),
    ];
    await Promise.all([left, done, live].map((row) => calls.record(row)));
    expect(await calls.markInterrupted()).toBeGreaterThanOrEqual(1);
    expect([await statusOf(left), await statusOf(done)]).toEqual(["interrupted", "refused"]);
    expect(await calls.markInterrupted()).toBe(0);
    expect(await statusOf(live)).toBe("started");
  });

  it("the counters of windows that have ended are deleted", async () => {
    const [old, current] = [counter("old", 5), { ...counter("current", 5), windowStart: 120_000 }];
    await calls.admit(newRow(), [old, current]);
    await calls.deleteCountersBefore(120_000);
    expect(await calls.used([old, current])).toEqual([0, 1]);
  });

  it("a row that cannot be written is an error for its writer, and the next one is written", async () => {
    const row = newRow();
    await calls.record(row);
    await expect(calls.record({ ...row, status: "refused" })).rejects.toThrow(/unique/i);
    const next = newRow();
    await calls.record(next);
    expect([await statusOf(row), await statusOf(next)]).toEqual(["started", "started"]);
  });

  it("a batch that cannot be written is an error for all its writers, and leaves neither row, count nor end", async () => {
    const [known, beside] = [newRow(), newRow()];
    await calls.record(known);
    const counted = [counter("with a bad row", 5)];
    calls.finish({
      ...{ tenantId: "t", id: known.id, status: "succeeded" },
      ...{ upstreamStatus: 200, error: null, durationMs: 1 },
    });
    const written = await Promise.allSettled([calls.admit(beside, counted), calls.record(known)]);
    expect(written.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect([await statusOf(known), await statusOf(beside)]).toEqual(["started", undefined]);
    expect(await calls.used(counted)).toEqual([0]);
    expect(lost).toEqual([expect.objectContaining({ message: expect.stringMatching(/unique/i) })]);
    expect((await calls.admit(beside, counted)).used).toEqual([1]);
  });
});
