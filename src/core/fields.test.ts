import { expect, test } from "vitest";
import { parseFields, project } from "#core/fields.js";

test.each([
  ["a", '{"a":1,"b":2}', '{"a":1}'],
  ["b,a", '{"a":1,"b":2}', '{"b":2,"a":1}'],
  ["user.login", '{"user":{"login":"x","id":1},"b":2}', '{"user":{"login":"x"}}'],
  ["user.login,user.id", '{"user":{"login":"x","id":1,"z":0}}', '{"user":{"login":"x","id":1}}'],
  ["id", '[{"id":1,"x":2},{"id":2}]', '[{"id":1},{"id":2}]'],
  ["items.id", '{"items":[{"id":1,"x":0}],"total":1}', '{"items":[{"id":1}]}'],
  ["id", '{"id":12345678901234567890.10}', '{"id":12345678901234567890.10}'],
  ["id.x", '{"id":12345678901234567890}', '{"id":12345678901234567890}'],
  ["gone,a", '{"a":null}', '{"a":null}'],
  ["a.b", '{"a":null}', '{"a":null}'],
  ["a", '"text"', '"text"'],
  [" a , b ", '{"a":1,"b":2,"c":3}', '{"a":1,"b":2}'],
  ["toString,__proto__", '{"a":1}', "{}"],
  ["", '{"a":1}', '{"a":1}'],
  ["a", '{"a":1,"b":"}],\\"","a":2}', '{"a":2}'],
  ["é", '{"\\u00e9":[{},[]],"x":[[["]"]]]}', '{"é":[{},[]]}'],
  ["a.b", '[[{"a":{"b":-1.50e+3,"c":0}}],[],{}]', '[[{"a":{"b":-1.50e+3}}],[],{}]'],
])("%s of %s", (fields, data, expected) => {
  expect(project(data, parseFields(fields))).toBe(expected);
});

test("lists as deep as a service may nest them", () => {
  const depth = 1_000_000;
  const deep = "[".repeat(depth) + "]".repeat(depth);
  expect(project(deep, parseFields("a"))).toBe(deep);
});

test("objects as deep as they can be asked for", () => {
  const [depth, path] = [1_000, Array.from({ length: 1_000 }, () => "a").join(".")];
  const deep = `${'{"a":'.repeat(depth)}{"b":1}${"}".repeat(depth)}`;
  expect(project(deep, parseFields(path))).toBe(deep);
});
