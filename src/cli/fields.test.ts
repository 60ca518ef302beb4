import { parse, stringify } from "lossless-json";
import { expect, test } from "vitest";
import { parseFields, project } from "#cli/fields.js";

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
])("%s of %s", (fields, data, expected) => {
  expect(stringify(project(parse(data), parseFields(fields)))).toBe(expected);
});
