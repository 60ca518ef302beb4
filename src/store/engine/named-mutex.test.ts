import { expect, test } from "vitest";
import { createTurns } from "#store/engine/named-mutex.js";

test("jobs of one name run one after the other in order of arrival, also after a failure", async () => {
  const inTurn = createTurns();
  const events: string[] = [];
  const job = (name: string) =>
    inTurn("name", async () => {
      events.push(`${name} begins`);
      await new Promise(setImmediate);
      events.push(`${name} ends`);
      if (name === "b") throw new Error("b failed");
      return name;
    });
  const results = await Promise.allSettled([job("a"), job("b"), job("c")]);
  expect(events).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await expect(job("d")).resolves.toBe("d");
});

test("jobs of another name do not wait", async () => {
  const inTurn = createTurns();
  await inTurn("one", () => inTurn("other", async () => {}));
});
