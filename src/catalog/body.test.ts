import { expect, test } from "vitest";
import { matches, parseJson, readPath } from "#catalog/body.js";

test.each([
  [{ user: { id: 7 } }, "user.id", 7],
  [{ list: [{ a: null }] }, "list.0.a", null],
  [{ user: "x" }, "user.length", undefined],
  [{}, "constructor.name", undefined],
  [null, "a", undefined],
  ["text", "0", undefined],
  [{ items: [{ id: 1 }, { id: 2, primary: true }] }, "items.primary=true.id", 2],
  [{ items: [{ id: 1 }] }, "items.primary=true.id", undefined],
  [{ items: [null, "x", { kind: "a=b", id: 3 }] }, "items.kind=a=b.id", 3],
])("the value of %j at the path %s is %j", (body, path, value) => {
  expect(readPath(body, path)).toBe(value);
});

test("a body matches when every field has one of its values", () => {
  const match = { ok: [false], error: ["invalid_auth", "token_revoked"] };
  expect(matches({ ok: false, error: "token_revoked" }, match)).toBe(true);
  expect(matches({ ok: false, error: "ratelimited" }, match)).toBe(false);
  expect(matches({ error: "token_revoked" }, match)).toBe(false);
  expect(matches("token_revoked", match)).toBe(false);
});

test("JSON that is nested too deeply is not read", () => {
  const nested = (levels: number) => Buffer.from("[".repeat(levels) + "]".repeat(levels));
  expect(parseJson(nested(1_000))).toBeInstanceOf(Array);
  expect(parseJson(nested(1_001))).toBeUndefined();
  expect(parseJson(Buffer.from('"[[["'))).toBe("[[[");
});

test("an element whose own toString is no function is not chosen, and does no harm", () => {
  const odd = { toString: 1, valueOf: 1 };
  expect(readPath([{ n: odd }, { n: [odd] }, { n: null }, { n: "x", v: 2 }], "n=x.v")).toBe(2);
  expect(readPath([{ n: null, v: 3 }], "n=null.v")).toBe(3);
});
