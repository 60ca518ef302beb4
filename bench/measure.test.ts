import { expect, test } from "vitest";
import { measure, median, standings } from "./measure.js";

const load = (requestsPerSecond: number) => ({
  requestsPerSecond,
  p50Ms: 1000 / requestsPerSecond,
  p99Ms: 1,
});

test("the ratio is taken within each round: a slow spell that meets both does not show", () => {
  const loads = new Map([
    ["base", [load(1000), load(100), load(1000)]],
    ["half", [load(500), load(50), load(499)]],
  ]);
  expect(standings(loads, "base")).toEqual([
    {
      contestant: "base",
      requestsPerSecond: 1000,
      p50Ms: 1,
      p99Ms: 1,
      ratio: { requestsPerSecond: 1, p50Ms: 1, p99Ms: 1 },
    },
    {
      contestant: "half",
      requestsPerSecond: 499,
      p50Ms: 1000 / 499,
      p99Ms: 1,
      ratio: { requestsPerSecond: 0.5, p50Ms: 2, p99Ms: 1 },
    },
  ]);
});

test("the median of an even number of values is between the middle two", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

test("every contestant is warmed up, then has one turn a round, in another order each time", async () => {
  const turns: string[] = [];
  const generator = {
    run: async ({ url, connections }: { url: string; connections: number }) => {
      turns.push(`${url}${connections}`);
      return load(1);
    },
    stop: async () => {},
  };
  const contestant = (name: string) => ({
    name,
    request: () => ({ url: name, method: "GET" as const, headers: {} }),
  });
  const contestants = ["a", "b", "c"].map(contestant);
  await measure(
    generator,
    contestants,
    "a",
    { endpoint: "get_repo", connections: 1 },
    { rounds: 2, seconds: 7 },
  );
  expect(turns).toEqual(["a32", "b32", "c32", "a1", "b1", "c1", "b1", "c1", "a1"]);
});
