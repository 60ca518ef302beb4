import { describe, expect, it, test } from "vitest";
import { exactValue, jsonAt, jsonItems } from "#core/json-path.js";

const json =
  '{"a":{"b":[{"id":1,"big":9007199254740993001,"name":"x=y"},{"id":2,"main":true}],"":0},"a.b":1,"c":"[1]","d":null}';

test.each([
  ["a.b.0.id", "1"],
  ["a.b.1", '{"id":2,"main":true}'],
  ["a.b.0.big", "9007199254740993001"],
  ["a.b.main=true.id", "2"],
  ["a.b.name=x=y.id", "1"],
  ["c", '"[1]"'],
  ["d", "null"],
  ["a.b.2", undefined],
  ["a.b.id", undefined],
  ["a.b.id=3", undefined],
  ["a.lost.b", undefined],
  ["c.0", undefined],
  ["d.x", undefined],
  ["__proto__", undefined],
  ["a.b.length", undefined],
  ["a.b.00", undefined],
])("the JSON at %s is %s", (path, found) => {
  expect(jsonAt(json, path)).toBe(found);
});

test("a list has its items, and an empty one none", () => {
  expect(jsonItems('[1,[2,3],{"a":[4]},"5,6"]')).toEqual(["1", "[2,3]", '{"a":[4]}', '"5,6"']);
  expect(jsonItems("[]")).toEqual([]);
});

describe("the value of JSON", () => {
  it("the value has a text of digits for a number that JavaScript would not keep", () => {
    expect(exactValue('{"a":[9007199254740993001,1.5,12345678901234567]}')).toEqual({
      a: ["9007199254740993001", 1.5, "12345678901234567"],
    });
    expect(exactValue('{"a":"9007199254740993001"}')).toEqual({ a: "9007199254740993001" });
    expect(exactValue("7")).toBe(7);
  });

  it("the value is none where it is nested too deep", () => {
    expect(exactValue("[".repeat(600) + "]".repeat(600))).toBeUndefined();
  });
});
