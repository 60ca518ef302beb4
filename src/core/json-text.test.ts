import { expect, test } from "vitest";
import { compact, eachItem, eachMember, findMember, replaceSpan, valueEnd } from "#core/json-text.js";

test.each([
  ['{ "a" : [ 1 ,\r\n\t2 ] }', '{"a":[1,2]}'],
  [' "a  b" ', '"a  b"'],
  ['["\\" , \\\\" , "x"]', '["\\" , \\\\","x"]'],
  ['{"a":1}', '{"a":1}'],
  [" 12345678901234567890.10 ", "12345678901234567890.10"],
])("%j loses its white space, but for that in strings", (json, expected) => {
  expect(compact(json)).toBe(expected);
});

test.each([
  "1.50",
  "-0",
  "true",
  '"],}"',
  '"\\\\\\""',
  '""',
  "[]",
  "{}",
  '[[1,"]"],{"a":[]}]',
  '{"}":{"]":1}}',
])("the end of the value %s is found", (value) => {
  expect(valueEnd(value, 0)).toBe(value.length);
  for (const [before, after] of [
    ["[", "]"],
    ["[0,", ",0]"],
    ['{"a":', "}"],
    ['{"a":', ',"b":1}'],
  ] as const) {
    expect(valueEnd(before + value + after, before.length)).toBe(before.length + value.length);
  }
});

test("items and members are found in order", () => {
  const list = '[1,"a,b",[2,3],{"c":4}]';
  const items: string[] = [];
  eachItem(list, { from: 0, to: list.length }, ({ from, to }) => items.push(list.slice(from, to)));
  expect(items).toEqual(["1", '"a,b"', "[2,3]", '{"c":4}']);

  const object = '{"a":1,"\\u0062":"x","c,d":[{}]}';
  const members: [string, string][] = [];
  eachMember(object, { from: 0, to: object.length }, (name, { from, to }) =>
    members.push([name, object.slice(from, to)]),
  );
  expect(members).toEqual([
    ["a", "1"],
    ["b", '"x"'],
    ["c,d", "[{}]"],
  ]);
});

test("an empty list and an empty object have nothing in them", () => {
  const fail = () => {
    throw new Error("there is nothing to visit");
  };
  eachItem("[]", { from: 0, to: 2 }, fail);
  eachMember("{}", { from: 0, to: 2 }, fail);
  expect(findMember("{}", "a")).toBeUndefined();
});

test("the last of two members with one name counts", () => {
  const json = '{"a":1,"b":2,"a":3}';
  const span = findMember(json, "a")!;
  expect(replaceSpan(json, span, "null")).toBe('{"a":1,"b":2,"a":null}');
});
