import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { echo, fail, hoard, loop, refuse, small } from "#support/worker-jobs.js";
import { createSlots } from "#workers/lanes.js";
import { createWorkerPool, type PoolOptions, type WorkerPool } from "#workers/pool.js";

const file = fileURLToPath(new URL("../../test/support/worker-program.ts", import.meta.url));
const open = (more: Partial<PoolOptions> = {}) =>
  createWorkerPool({ file, execArgv: ["--import", "tsx"], ...more });

describe("a pool", () => {
  let pool: WorkerPool;
  beforeAll(() => {
    pool = open();
  });
  afterAll(() => pool.close());

  it("a pool gives and takes plain data and bytes as they are", async () => {
    const sent = () => ({
      files: [
        { path: "a", bytes: Buffer.from("small") },
        { path: "b", bytes: Buffer.alloc(100_000, "x") },
        { path: "c", bytes: Buffer.alloc(0) },
      ],
      none: null,
      text: "🦊",
      tree: new Map([["a", new Map()]]),
    });
    const back = (await pool.run("t", echo, sent)) as ReturnType<typeof sent>;
    expect(back).toEqual(sent());
    expect(back.files.every(({ bytes }) => Buffer.isBuffer(bytes))).toBe(true);
    expect(await pool.run("t", echo, () => Buffer.alloc(100_000, "y"))).toEqual(Buffer.alloc(100_000, "y"));
    expect(await pool.run("t", echo, () => Buffer.from("tiny"))).toEqual(Buffer.from("tiny"));
  });

  it("a pool hands on refusals and other failures, and goes on", async () => {
    await expect(pool.run("t", refuse, () => "is odd")).rejects.toMatchObject({
      code: "bad_request",
      message: "archive: is odd",
      issues: [{ at: "archive", message: "is odd" }],
      next: ["skillett doctor"],
      retryable: false,
    });
    await expect(pool.run("t", fail, () => "broken")).rejects.toThrow("broken");
    await expect(
      pool.run("t", echo, () => {
        throw new Error("not loaded");
      }),
    ).rejects.toThrow("not loaded");
    expect(await pool.run("t", echo, () => "still there")).toBe("still there");
  });

  it("a small job stays in the thread that asks for it", async () => {
    expect(await pool.run("t", small, () => null)).toMatch(/worker-jobs\.ts$/);
  });

  it("a job that needs too much memory is ended, and the pool goes on", async () => {
    const narrow = open({ heapMegabytes: 32 });
    await expect(narrow.run("t", hoard, () => null)).rejects.toMatchObject({
      code: "unavailable",
      retryable: false,
    });
    expect(await narrow.run("t", echo, () => 1)).toBe(1);
    await narrow.close();
  });
});

describe("a pool with a deadline", () => {
  it("a job that never ends is ended at the deadline, and the pool goes on for its tenant and others", async () => {
    const deadlines: AbortController[] = [];
    const pool = open({
      deadline: () => {
        const controller = new AbortController();
        deadlines.push(controller);
        return controller.signal;
      },
    });
    const loopFor = (tenant: string) =>
      expect(pool.run(tenant, loop, () => null)).rejects.toMatchObject({
        code: "unavailable",
        retryable: false,
        message: expect.stringContaining("too much work"),
      });
    const echoForAll = () =>
      Promise.all(["t", "u", "v", "w"].map((tenant) => pool.run(tenant, echo, () => tenant)));
    await echoForAll();
    // One thread is taken for good, the other one works.
    const one = loopFor("t");
    expect(await pool.run("u", echo, () => 1)).toBe(1);
    deadlines.at(-2)!.abort();
    await one;
    expect(await echoForAll()).toEqual(["t", "u", "v", "w"]);

    const both = [loopFor("t"), loopFor("u")];
    const waiting = pool.run("v", echo, () => "waited");
    await expect.poll(() => deadlines.length).toBe(12);
    for (const deadline of deadlines.slice(-2)) deadline.abort();
    await Promise.all(both);
    expect(await waiting).toBe("waited");
    expect(await echoForAll()).toEqual(["t", "u", "v", "w"]);
    await pool.close();
  });
});

describe("closing a pool", () => {
  it("a pool that is closed ends what still runs", async () => {
    const pool = open();
    const running = pool.run("t", loop, () => null);
    const ended = expect(running).rejects.toThrow();
    await pool.run("u", echo, () => 1);
    await pool.close();
    await ended;
  });
});

describe("tenants", () => {
  it("a tenant has one job of a lane at a time and a few waiting, whatever others have", async () => {
    const pool = open();
    const gates: (() => void)[] = [];
    const begun: string[] = [];
    const enter = (tenant: string, name: string) =>
      pool.run(tenant, small, async () => {
        begun.push(name);
        await new Promise<void>((resolve) => gates.push(resolve));
      });
    const first = enter("a", "a1");
    const second = enter("a", "a2");
    const third = enter("a", "a3");
    await expect(enter("a", "a4")).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
      retryAfterSeconds: 5,
    });
    const other = enter("b", "b1");
    await turns();
    expect(begun).toEqual(["a1", "b1"]);
    for (const each of [first, second, third]) {
      gates.shift()!();
      if (each === first) gates.shift()!();
      await each;
      await turns();
    }
    await other;
    expect(begun).toEqual(["a1", "b1", "a2", "a3"]);
    const again = enter("a", "a5");
    await turns();
    gates.shift()!();
    await again;
    await pool.close();
  });
});

it("slots are given away in the order they were asked for, and never more than there are", async () => {
  const inSlot = createSlots(2);
  const gates: (() => void)[] = [];
  const begun: number[] = [];
  const all = [1, 2, 3, 4].map((number) =>
    inSlot(async () => {
      begun.push(number);
      await new Promise<void>((resolve) => gates.push(resolve));
      if (number === 1) throw new Error("fails");
    }),
  );
  await turns();
  expect(begun).toEqual([1, 2]);
  gates.shift()!();
  await expect(all[0]).rejects.toThrow("fails");
  await turns();
  expect(begun).toEqual([1, 2, 3]);
  while (gates.length > 0) {
    gates.shift()!();
    await turns();
  }
  await Promise.all(all.slice(1));
  expect(begun).toEqual([1, 2, 3, 4]);
});

/** Lets everything go on that waits for nothing but its turn. */
const turns = () => new Promise((resolve) => setImmediate(resolve));
