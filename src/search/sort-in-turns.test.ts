import { expect, test } from "vitest";
import { sortInTurns } from "#search/sort-in-turns.js";

test.each([0, 1, 2, 8_192, 8_193, 50_000])("%i words come out as sort() would have them", async (count) => {
  const words = Array.from({ length: count }, (_, at) => ((at * 7_919) % 104_729).toString(36));
  expect(await sortInTurns(words)).toEqual([...words].sort());
});
