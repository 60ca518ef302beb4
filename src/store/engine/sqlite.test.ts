import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "#store/engine/database.js";
import { openSqlite } from "#store/engine/sqlite.js";

let directory: string;
let database: Database;
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "skillett-sqlite-"));
  database = openSqlite(directory, () => {});
  await sql`create table pages (bytes blob not null)`.execute(database.kysely);
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

const count = async () => {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pages`.execute(database.kysely);
  return rows[0]!.n;
};

it("a transaction that the database ends by itself throws what ended it, and the next one works", async () => {
  const insert = (bytes: number) => sql`insert into pages (bytes) values (zeroblob(${bytes}))`;
  await sql`pragma max_page_count = 20`.execute(database.kysely);
  const writing = database.kysely.transaction().execute(async (transaction) => {
    await insert(100).execute(transaction);
    await insert(1_000_000).execute(transaction);
  });
  await expect(writing).rejects.toMatchObject({ code: "SQLITE_FULL" });
  expect(await count()).toBe(0);
  await database.kysely.transaction().execute((transaction) => insert(100).execute(transaction));
  expect(await count()).toBe(1);
});

it("a lone null is a value of a statement, and not the names of several", async () => {
  const found = await database.transact((transaction) => transaction.all("select $1 as it", [null]));
  expect(found).toEqual([{ it: null }]);
  expect(await database.prepare("select $1 as it").all(null)).toEqual([{ it: null }]);
});
