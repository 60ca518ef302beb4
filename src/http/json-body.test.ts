import { describe, expect, test } from "vitest";
import type { SkillettError } from "#core/errors.js";
import { parseJsonBody, readJsonBody } from "#http/json-body.js";

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
])("the JSON body %s is read as its value", (text, value) => {
  expect(parseJsonBody(Buffer.from(text))).toEqual(value);
});

test("a JSON body may begin with a byte order mark", () => {
  expect(parseJsonBody(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
});

describe("places of problems", () => {
  test.each([
    ['{"a":1,"a":2}', "a", "stands twice (line 1, column 8)"],
    ['{"a":{"b":1,\n"b":2}}', "a.b", "stands twice (line 2, column 1)"],
    ['{"a":[{},{"b":1,"\\u0062":2}]}', "a.1.b", "stands twice"],
    ['{"a":{"__proto__":1}}', "a.__proto__", "may not be named __proto__"],
    ['{"a":\n  x}', "body", "is not valid JSON: invalid symbol (line 2, column 3)"],
    ['{"a":1', "body", "close brace expected"],
    ["", "body", "is empty"],
  ])("a problem in %j is reported with its place", (text, at, message) => {
    expect(issueOf(text)).toEqual({ at, message: expect.stringContaining(message) });
  });
});

test("a JSON body may be nested 64 deep and no deeper", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(() => parseJsonBody(Buffer.from(nested(64)))).not.toThrow();
  expect(issueOf(nested(65)).message).toBe("is nested more than 64 deep");
  expect(issueOf('{"a":'.repeat(100_000)).message).toBe("is nested more than 64 deep");
});

test("names that stand in strings are not taken for members", () => {
  const text = '{"a":"\\\\","b":"{\\"a\\":1}"}';
  expect(parseJsonBody(Buffer.from(text))).toEqual({ a: "\\", b: '{"a":1}' });
});

test("a JSON body may have 100,000 values and names, however they are arranged", () => {
  const lists = (count: number) => `[${Array.from({ length: count }, () => "0").join(",")}]`;
  expect(() => parseJsonBody(Buffer.from(lists(99_999)))).not.toThrow();
  const excess = "has more than 100000 values and names";
  const many = (one: string) => `[${Array.from({ length: 100_000 }, () => one).join(",")}]`;
  for (const one of ["0", "[]", "{}", '""', '{"a":0}', "[[]]"])
    expect(issueOf(many(one)).message).toBe(excess);
  const object = `{${Array.from({ length: 50_001 }, (_, at) => `"${at}":0`).join(",")}}`;
  expect(issueOf(object).message).toBe(excess);
});

describe("a body too long to look for the place", () => {
  const long = `"long":"${"x".repeat(100_000)}"`;
  test.each([
    [`{${long},"a":1,"a":2}`, "has a name twice in one object"],
    [`{${long},"__proto__":1}`, "may not have a member named __proto__"],
    [`{${long},"a":[{"__proto__":1}]}`, "may not have a member named __proto__"],
    [`{${long},}`, "is not valid JSON"],
    [`${" ".repeat(100_000)}`, "is not valid JSON"],
  ])("a problem in a long body is reported without its place (%#)", (text, message) => {
    expect(issueOf(text)).toEqual({ at: "body", message });
  });
});

test("a long body is read the same way in steps", async () => {
  const long = `"long":"${"x".repeat(300_000)}"`;
  expect(await readJsonBody(Buffer.from(`{${long},"a":1}`))).toEqual({ long: "x".repeat(300_000), a: 1 });
  for (const wrong of [`{${long},"a":1,"a":1}`, `{${long}`, `{${long},"b":${"[".repeat(65)}`]) {
    await expect(readJsonBody(Buffer.from(wrong))).rejects.toMatchObject({ code: "bad_request" });
  }
});
