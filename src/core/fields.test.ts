import { expect, test } from "vitest";
import { parseFields, pick } from "#core/fields.js";

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
  ["toString,__proto__", '{"a":1}', '{"a":1}'],
  ["", '{"a":1}', '{"a":1}'],
  ["a", '{"a":1,"b":"}],\\"","a":2}', '{"a":2}'],
  ["é", '{"\\u00e9":[{},[]],"x":[[["]"]]]}', '{"é":[{},[]]}'],
  ["a.b", '[[{"a":{"b":-1.50e+3,"c":0}}],[],{}]', '[[{"a":{"b":-1.50e+3}}],[],{}]'],
])("the fields %j picked of %s are %s", (fields, data, expected) => {
  expect(pick(data, parseFields(fields)).json).toBe(expected);
});

test.each([
  [
    "titel",
    '{"title":1,"id":2}',
    "There is no field titel in the data, so all of it is shown. Known: title, id.",
  ],
  [
    "titel,x.y",
    '{"title":1}',
    "There are no fields titel, x.y in the data, so all of it is shown. Known: title.",
  ],
  ["id,titel", '[{"id":1,"title":2}]', "There is no field titel in the data. Known: id, title."],
  [
    "user.logn",
    '{"user":{"login":1}}',
    "There is no field user.logn in the data, so all of it is shown. Known: user.login.",
  ],
  [
    "user.logn,id",
    '{"user":{"login":1},"id":1}',
    "There is no field user.logn in the data. Known: user.login.",
  ],
])("the fields %j of %s are warned of as unknown", (fields, data, warning) => {
  const picked = pick(data, parseFields(fields));
  expect(picked.warning).toBe(warning);
  if (warning.includes("all of it")) expect(picked.json).toBe(data);
});

test.each([
  ["a", '[{"a":1},{"b":2}]'],
  ["a.b", '{"a":null}'],
  ["a.b", '{"a":[]}'],
  ["a", "[]"],
  ["a", "{}"],
  ["a", "null"],
])("the fields %j of %s are nothing to warn of", (fields, data) => {
  expect(pick(data, parseFields(fields)).warning).toBeUndefined();
});

test("lists may be nested as deeply as a service sends them", () => {
  const depth = 1_000_000;
  const deep = "[".repeat(depth) + "]".repeat(depth);
  expect(pick(deep, parseFields("a"))).toEqual({ json: deep, warning: undefined });
});

test("objects may be nested as deeply as fields can ask for", () => {
  const [depth, path] = [1_000, Array.from({ length: 1_000 }, () => "a").join(".")];
  const deep = `${'{"a":'.repeat(depth)}{"b":1}${"}".repeat(depth)}`;
  expect(pick(deep, parseFields(path)).json).toBe(deep);
});
