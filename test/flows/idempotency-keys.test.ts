import { afterAll, beforeAll, expect, it } from "vitest";
import { createIdempotencyRows } from "#store/idempotency-rows.js";
import type { IdempotencyRow } from "#store/schema/tables.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

onEachEngine("an idempotency key", (engine) => {
  let skillett: Skillett;
  beforeAll(async () => {
    skillett = await startSkillett(engine);
  });
  afterAll(() => skillett.close());

  it("an idempotency key has one holder at a time, and is free when the last has released it", async () => {
    const keys = createIdempotencyRows(skillett.app.database);
    const row = (call: number): IdempotencyRow => ({
      tenant_id: "t",
      profile_id: "p",
      key_hash: "k",
      fingerprint: "f",
      call_id: `call_${call}`,
      answer: null,
      created_at: call,
    });
    let holders = 0;
    const use = async (call: number) => {
      const earlier = await keys.take(row(call));
      if (earlier) return expect(earlier.call_id).not.toBe(`call_${call}`);
      holders += 1;
      expect(holders).toBe(1);
      await new Promise(setImmediate);
      holders -= 1;
      await keys.release(row(call));
    };
    await Promise.all(Array.from({ length: 300 }, (_, call) => use(call)));
    expect(await keys.take(row(300))).toBeUndefined();
  });
});
