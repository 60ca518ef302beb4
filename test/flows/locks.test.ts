import { sql } from "kysely";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { createCleanup } from "#support/cleanup.js";
import { usePostgres } from "#support/postgres.js";

/** Connecting anew may take a moment. */
const patiently = { timeout: 10_000, interval: 20 };

const ask = ({ kysely }: Database) => sql`select 1`.execute(kysely);

/** Two processes on one PostgreSQL, as two handles: what one does under a name, the other does not. */

describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)("named locks on PostgreSQL", () => {
  let cleanup = createCleanup();
  let one: Database;
  let other: Database;
  let observer: pg.Client;
  beforeEach(async () => {
    const { url, drop } = (await usePostgres())!;
    cleanup.add(drop);
    [one, other] = await Promise.all([openIt(url), openIt(url)]);
    observer = new pg.Client({ connectionString: url });
    await observer.connect();
    cleanup.add(() => observer.end());
  });
  afterEach(async () => {
    await cleanup.run();
    cleanup = createCleanup();
  });

  async function openIt(url: string): Promise<Database> {
    const database = await openDatabase({ url, directory: "" });
    cleanup.add(() => database.close());
    return database;
  }

  /** Sessions that have last asked for a lock, whether they got it or not. */
  const askers = async () =>
    (
      await observer.query(
        "select pid from pg_stat_activity where datname = current_database() and query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid()",
      )
    ).rows.map(({ pid }) => pid as number);
  const holders = async () =>
    (
      await observer.query(
        "select distinct pid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())",
      )
    ).rows.map(({ pid }) => pid as number);
  const terminate = (pids: number[]) =>
    observer.query("select pg_terminate_backend(pid) from unnest($1::int[]) as pid", [pids]);

  it("a lock excludes another process under the same name, and under no other", async () => {
    const events: string[] = [];
    let second: Promise<number> | undefined;
    const first = one.locked("x", async () => {
      events.push("one begins");
      second = other.locked("x", async () => events.push("other"));
      await expect.poll(async () => (await askers()).length, patiently).toBe(2);
      await other.locked("y", async () => events.push("other under another name"));
      await ask(one);
      events.push("one ends");
    });
    await first;
    await second;
    expect(events).toEqual(["one begins", "other under another name", "one ends", "other"]);
  });

  it("a lock lets in one at a time when many want it", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await ask(one);
      inside -= 1;
    };
    const all = Array.from({ length: 20 }, (_, at) => (at % 2 ? one : other).locked("x", work));
    await Promise.all(all);
    expect(most).toBe(1);
  });

  it("a lock is free again when its work fails, and a closed process is not alive", async () => {
    await expect(one.locked("x", () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    await expect(other.locked("x", async () => "in")).resolves.toBe("in");

    await one.enlist(7);
    expect(await other.isAlive(7)).toBe(true);
    expect(await one.isAlive(7)).toBe(true);
    await one.close();
    await expect.poll(() => other.isAlive(7), patiently).toBe(false);
    await expect(one.locked("x", async () => {})).rejects.toThrow("closed");
  });

  it("the wait for a lock takes no connection of the pool, however many wait", async () => {
    const waiters: Promise<unknown>[] = [];
    await one.locked("x", async () => {
      for (let at = 0; at < 50; at++) waiters.push(other.locked("x", () => ask(other)));
      await ask(other);
    });
    await Promise.all(waiters);
  });

  it("a lock is taken again when its session is ended, and its work is alone", async () => {
    await one.enlist(7);
    const events: string[] = [];
    let second: Promise<number> | undefined;
    await one.locked("x", async () => {
      const [before] = await holders();
      await terminate([before!]);
      // A new session holds both again.
      await expect.poll(holders, patiently).not.toEqual([before]);
      await expect.poll(() => other.isAlive(7), patiently).toBe(true);
      await expect.poll(countLocks, patiently).toBe(2);
      const asked = (await askers()).length;
      second = other.locked("x", async () => events.push("other"));
      await expect.poll(async () => (await askers()).length, patiently).toBe(asked + 1);
      events.push("one ends");
    });
    await second;
    expect(events).toEqual(["one ends", "other"]);
    await expect(one.locked("x", async () => "again")).resolves.toBe("again");
    expect(await countLocks()).toBe(1);
  });

  it("a process that waits gets the lock also when its session is ended meanwhile", async () => {
    let second: Promise<string> | undefined;
    await one.locked("x", async () => {
      const [holder] = await holders();
      second = other.locked("x", async () => "in");
      await expect.poll(async () => (await askers()).length, patiently).toBe(2);
      await terminate((await askers()).filter((pid) => pid !== holder));
    });
    await expect(second).resolves.toBe("in");
  });

  it("a lock works again after every session was ended", async () => {
    await one.locked("x", async () => {});
    await observer.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await expect(one.locked("x", async () => "in")).resolves.toBe("in");
  });

  async function countLocks(): Promise<number> {
    const { rows } = await observer.query(
      "select count(*)::int as held from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())",
    );
    return rows[0].held;
  }
});
