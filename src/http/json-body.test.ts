import { describe, expect, test } from "vitest";
import type { SkillettError } from "#core/errors.js";
import { parseJsonBody } from "#http/json-body.js";

function issueOf(text: string | Buffer): { at: string; message: string } {
  try {
    parseJsonBody(Buffer.from(text));
  } catch (error) {
    return (error as SkillettError).issues![0]!;
  }
  throw new Error(`taken: ${text}`);
}

test.each<[text: string, value: unknown]>([
  ['{"a":[1,-2.5e3,true,null,"x"]}', { a: [1, -2500, true, null, "x"] }],
  [' \n{"a":{"a":{"a":1}}}\t', { a: { a: { a: 1 } } }],
  ['{"a:b":":","c":"\\":\\\\"}', { "a:b": ":", c: '":\\' }],
  ['[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
  ['{"":0,"constructor":1,"1":2}', { "": 0, constructor: 1, 1: 2 }],
  ['"\\ud83e\\udd8a"', "🦊"],
])("takes %s", (text, value) => {
  expect(parseJsonBody(Buffer.from(text))).toEqual(value);
});

test("takes a byte order mark", () => {
  expect(parseJsonBody(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
});

describe("names the place", () => {
  test.each([
    ['{"a":1,"a":2}', "a", "stands twice (line 1, column 8)"],
    ['{"a":{"b":1,\n"b":2}}', "a.b", "stands twice (line 2, column 1)"],
    ['{"a":[{},{"b":1,"\\u0062":2}]}', "a.1.b", "stands twice"],
    ['{"a":{"__proto__":1}}', "a.__proto__", "may not be named __proto__"],
    ['{"a":\n  x}', "body", "is not valid JSON: invalid symbol (line 2, column 3)"],
    ['{"a":1', "body", "close brace expected"],
    ["", "body", "is empty"],
  ])("of what is wrong in %j", (text, at, message) => {
    expect(issueOf(text)).toEqual({ at, message: expect.stringContaining(message) });
  });
});

test("64 deep is the deepest", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(() => parseJsonBody(Buffer.from(nested(64)))).not.toThrow();
  expect(issueOf(nested(65)).message).toBe("is nested more than 64 deep");
  expect(issueOf('{"a":'.repeat(100_000)).message).toBe("is nested more than 64 deep");
});

test("is not fooled about names by what stands in strings", () => {
  const text = '{"a":"\\\\","b":"{\\"a\\":1}"}';
  expect(parseJsonBody(Buffer.from(text))).toEqual({ a: "\\", b: '{"a":1}' });
});
