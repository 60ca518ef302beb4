import { expect, test } from "vitest";
import { parseFormBody } from "#http/form-body.js";

const fields = (count: number, name = (at: number) => `f${at}`) =>
  Array.from({ length: count }, (_, at) => `${name(at)}=${at}`).join("&");

test.each<[text: string, fields: Record<string, string | string[]>]>([
  ["", {}],
  ["a=1&b=two%20words&c=%2B+%2B", { a: "1", b: "two words", c: "+ +" }],
  ["a=1&b=2&a=&a=3", { a: ["1", "", "3"], b: "2" }],
  ["=x&novalue&&a==", { "": "x", novalue: "", a: "=" }],
])("the form %j is read as %j", (text, expected) => {
  expect(parseFormBody(text)).toEqual(expected);
});

test("a field named __proto__ is a field and no prototype", () => {
  const form = parseFormBody("__proto__=1&a=2");
  expect(Object.keys(form)).toEqual(["__proto__", "a"]);
  expect(Object.getPrototypeOf(form)).toBe(Object.prototype);
});

test("1,000 fields are taken, the next one is refused, whatever they are called", () => {
  expect(Object.keys(parseFormBody(fields(1000)))).toHaveLength(1000);
  expect(parseFormBody(fields(1000, () => "same"))).toEqual({
    same: expect.objectContaining({ length: 1000 }),
  });
  expect(() => parseFormBody(fields(1001))).toThrow("has more than 1000 fields");
  expect(() => parseFormBody(fields(1001, () => "same"))).toThrow("has more than 1000 fields");
  expect(() => parseFormBody("&".repeat(1000))).toThrow("has more than 1000 fields");
});
