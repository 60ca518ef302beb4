import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import LibSql from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { maxLogBytes } from "#store/engine/checkpoints.js";
import type { Database } from "#store/engine/database.js";
import { openSqlite } from "#store/engine/sqlite.js";

const mebibyte = 1024 * 1024;
/** Slow is not wrong. */
const patiently = { timeout: 30_000 };

describe("the write-ahead log", () => {
  let directory = "";
  let database: Database;
  const open = () => openSqlite(directory, () => {});
  const bytesOf = (name: string) => statSync(path.join(directory, name)).size;
  const write = (bytes: number) =>
    sql`insert into pages (bytes) values (zeroblob(${bytes}))`.execute(database.kysely);
  const written = async () => {
    const { rows } = await sql<{ sum: number }>`select sum(length(bytes)) as sum from pages`.execute(
      database.kysely,
    );
    return rows[0]!.sum;
  };

  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "skillett-log-"));
    database = open();
    await sql`create table pages (bytes blob not null)`.execute(database.kysely);
  });
  afterEach(async () => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("the log does not grow with what was written, also while several write without a pause", async () => {
    const writers = Array.from({ length: 8 }, async () => {
      for (let count = 0; count < 25; count++) await write(mebibyte / 2);
    });
    let longest = 0;
    for (const writer of writers) {
      await writer;
      longest = Math.max(longest, bytesOf("skillett.db-wal"));
    }
    expect(await written()).toBe(100 * mebibyte);
    expect(longest).toBeLessThan(50 * mebibyte);
  });

  it("the log is cut to its usual length after one long commit", async () => {
    await write(30 * mebibyte);
    await expect.poll(() => bytesOf("skillett.db"), patiently).toBeGreaterThan(30 * mebibyte);
    await expect
      .poll(async () => {
        await write(1);
        return bytesOf("skillett.db-wal");
      }, patiently)
      .toBeLessThanOrEqual(maxLogBytes);
  });

  it("the log loses nothing when the server ends while it is brought in", async () => {
    await write(30 * mebibyte);
    await database.close();
    database = open();
    expect(await written()).toBe(30 * mebibyte);
  });

  it("the log keeps what it cannot bring in, and tries again at the next write", async () => {
    const reader = openReader(path.join(directory, "skillett.db"));
    await write(10 * mebibyte);
    await write(10 * mebibyte);
    expect(await written()).toBe(20 * mebibyte);
    reader.close();
    await expect
      .poll(async () => {
        await write(1);
        return bytesOf("skillett.db-wal");
      }, patiently)
      .toBeLessThanOrEqual(maxLogBytes);
  });
});

/** A reader keeps the log from being brought in beyond what it has seen. */
function openReader(file: string): LibSql.Database {
  const reader = new LibSql(file);
  reader.exec("begin");
  reader.prepare("select count(*) from pages").all();
  return reader;
}
