import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createThrottle, networkOf, type Throttle } from "#identity/throttle.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import { createThrottleRows, type ThrottleRows } from "#store/throttle-rows.js";

const rule = { max: 3, windowSeconds: 60 };

let directory: string;
let database: Database;
let throttles: ThrottleRows;
let throttle: Throttle;
let now: number;
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "skillett-throttle-"));
  database = await openDatabase({ url: undefined, directory });
  await migrate(database);
  now = 1_000_000;
  throttles = createThrottleRows(database);
  throttle = createThrottle({ throttles, clock: () => now });
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

const takeAll = (count: number, bucket = "b") =>
  Promise.all(Array.from({ length: count }, () => throttle.take(bucket, rule)));

test("attempts at once pass as often as the rule allows, and no oftener", async () => {
  const taken = await takeAll(20);
  expect(taken.filter(({ allowed }) => allowed)).toHaveLength(3);
  expect((await throttle.take("another", rule)).allowed).toBe(true);
});

test("the window begins with the first attempt, ends to the millisecond, and is not prolonged by others", async () => {
  await takeAll(3);
  now += 59_999;
  expect(await throttle.take("b", rule)).toEqual({ allowed: false, retryAfterSeconds: 1 });
  now += 1;
  expect(await throttle.take("b", rule)).toEqual({ allowed: true, retryAfterSeconds: 60 });
});

test("a refusal says when to come back", async () => {
  await takeAll(3);
  now += 15_500;
  await expect(throttle.refuse("b", rule)).rejects.toMatchObject({
    code: "rate_limit_reached",
    message: "Too many attempts. Try again in 45 seconds.",
    retryAfterSeconds: 45,
  });
  await expect(throttle.refuse("another", rule)).resolves.toBeUndefined();
});

test("an attempt that is given back does not count, and no more than all are given back", async () => {
  await takeAll(3);
  await throttle.giveBack("b");
  expect((await throttle.take("b", rule)).allowed).toBe(true);
  expect((await throttle.take("b", rule)).allowed).toBe(false);
  for (let times = 0; times < 10; times++) await throttle.giveBack("b");
  expect((await takeAll(4)).map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
});

test("a reset bucket lets attempts pass again", async () => {
  await takeAll(4);
  await throttle.reset("b");
  expect((await throttle.take("b", rule)).allowed).toBe(true);
});

test("old windows are cleared away", async () => {
  await throttle.take("old", rule);
  now += 10;
  await throttle.take("new", rule);
  await throttles.deleteBefore(now);
  const rows = await database.kysely.selectFrom("throttles").select("bucket").execute();
  expect(rows).toEqual([{ bucket: "new" }]);
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::1", "2001:db8:1:2::/64"],
  ["::1", "0:0:0:0::/64"],
  ["not an address", "not an address"],
])("the address %s counts as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
