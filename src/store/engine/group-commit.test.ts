import { expect, test } from "vitest";
import { createGroupCommit } from "#store/engine/group-commit.js";

test("operations that arrive while a batch is written share the next one, and each gets its own result", async () => {
  const batches: number[][] = [];
  const { write } = createGroupCommit<number, number>(async (ops) => {
    batches.push(ops);
    await new Promise(setImmediate);
    return ops.map((op) => op * 10);
  });
  const first = [1, 2, 3].map(write);
  await new Promise(setImmediate);
  const second = [4, 5].map(write);
  expect(await Promise.all([...first, ...second])).toEqual([10, 20, 30, 40, 50]);
  expect(batches).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});

test("a batch is never larger than its limit", async () => {
  const sizes: number[] = [];
  const { write } = createGroupCommit<number, number>(
    async (ops) => {
      sizes.push(ops.length);
      return ops;
    },
    { maxBatch: 4 },
  );
  await Promise.all(Array.from({ length: 10 }, (_, at) => write(at)));
  expect(sizes).toEqual([4, 4, 2]);
});

test("a batch that fails is an error for its own writers alone", async () => {
  const { write } = createGroupCommit<string, string>(async (ops) => {
    if (ops.includes("bad")) throw new Error("disk full");
    return ops;
  });
  const [bad, beside] = [write("bad"), write("beside")];
  await expect(bad).rejects.toThrow("disk full");
  await expect(beside).rejects.toThrow("disk full");
  expect(await write("good")).toBe("good");
});

test("a write that may wait joins a batch or makes one, and is there when all is settled", async () => {
  const batches: string[][] = [];
  const { write, writeSoon, settled } = createGroupCommit<string, string>(
    async (ops) => {
      batches.push(ops);
      return ops;
    },
    { soonMs: 60_000 },
  );
  const later = writeSoon("end");
  await write("next");
  expect(await later).toBe("end");
  void writeSoon("last");
  await settled();
  expect(batches).toEqual([["end", "next"], ["last"]]);
});
