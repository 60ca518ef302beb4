import { expect, test } from "vitest";
import { nextPath } from "#web/navigation/next-path.js";

const origin = "https://skills.example.com";

test.each([
  ["/device?user_code=BCDF-GHJK", "/device?user_code=BCDF-GHJK"],
  ["https://skills.example.com/account", "/account"],
  ["device", "/device"],
])("the next path %s leads to %s", (next, path) => {
  expect(nextPath(next, origin, "/other")).toBe(path);
});

test.each([
  undefined,
  "//evil.example/x",
  "/\\evil.example",
  "\t//evil.example",
  "https://evil.example/account",
  "https://skills.example.com.evil.example/",
  "https://skills.example.com@evil.example/",
  "http://skills.example.com/account",
  "javascript:alert(1)",
  "data:text/html,x",
  "https://",
])("the next path %s leads to the account instead", (next) => {
  expect(nextPath(next, origin)).toBe("/account");
});
