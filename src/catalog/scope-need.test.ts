import { expect, test } from "vitest";
import { type ScopeNeed, scopesInWords, scopesToRequest } from "#catalog/scope-need.js";

test.each<[ScopeNeed[], string[], string[], string]>([
  [[], [], [], ""],
  [["a", "b"], ["a"], ["a", "b"], "a, b"],
  [["a", ["b", "c"]], [], ["a", "b"], "a, one of b / c"],
  [["a", ["b", "c"]], ["c", "d"], ["a", "c"], "a, one of b / c"],
  [
    [
      ["a", "b"],
      ["b", "a"],
    ],
    ["b"],
    ["b"],
    "one of a / b, one of b / a",
  ],
])("the scopes %j with %j granted lead to a request for %j", (needs, granted, requested, text) => {
  expect(scopesToRequest(needs, granted)).toEqual(requested);
  expect(scopesInWords(needs)).toBe(text);
});
