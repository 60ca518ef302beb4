import { expect, test } from "vitest";
import { compareFiles } from "#skills/registry/diff.js";

const names = { from: "1.0.0", to: "1.1.0" };
const file = (path: string, text: string) => ({ path, bytes: Buffer.from(text), executable: false });

test("a comparison shows a megabyte of diffs, and names the files beyond it", () => {
  const files = Array.from({ length: 30 }, (_, at) =>
    file(`${String(at).padStart(2, "0")}.md`, "x".repeat(100_000)),
  );
  const changes = compareFiles([], files, names);
  expect(changes).toHaveLength(30);
  const shown = changes.filter(({ diff }) => diff !== undefined);
  expect(shown.map(({ path }) => path)).toEqual(changes.slice(0, shown.length).map(({ path }) => path));
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.reduce((sum, { diff }) => sum + diff!.length, 0)).toBeLessThanOrEqual(1024 * 1024);
});
