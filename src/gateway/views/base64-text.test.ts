import { expect, test } from "vitest";
import { base64Bytes, decodeBase64Text, decodeText } from "#gateway/views/base64-text.js";

const text = "Grüße 🦊?>~";

test.each([
  ["base64url", Buffer.from(text).toString("base64url")],
  ["base64", Buffer.from(text).toString("base64")],
  [
    "base64 in lines",
    `${Buffer.from(text)
      .toString("base64")
      .replace(/(.{4})/g, "$1\n")}\n`,
  ],
])("text in %s is read", (_, encoded) => {
  expect(decodeBase64Text(encoded)).toBe(text);
});

test.each([
  ["bytes that are no text", Buffer.from([0x89, 0x50, 0xff]).toString("base64")],
  ["bytes with a zero", Buffer.from("a\0b").toString("base64")],
  ["no Base64", "not (at all)"],
  ["a megabyte of white space and no Base64", `${" ".repeat(1_000_000)}(`],
  ["a megabyte of padding and more", `${"= ".repeat(500_000)}A`],
  ["a number", 7],
  ["nothing", undefined],
  ["a list", ["QQ=="]],
])("no text is made of %s", (_, value) => {
  expect(decodeBase64Text(value)).toBeUndefined();
});

test("an empty text is a text", () => {
  expect(decodeBase64Text("")).toBe("");
  expect(base64Bytes("====QQ")).toBeUndefined();
});

test.each([
  ["utf-8 that says it is latin1", Buffer.from("ä"), "iso-8859-1", "ä"],
  ["latin1", Buffer.from([0xe4]), "iso-8859-1", "ä"],
  ["Japanese in seven bits", Buffer.from('\x1b$B$"\x1b(B'), "ISO-2022-JP", "あ"],
  ["a charset nobody knows", Buffer.from([0x61, 0xe4]), "x-unknown", "a\ufffd"],
  ["no charset", Buffer.from([0x61, 0xe4]), undefined, "a\ufffd"],
])("bytes become text: %s", (_, bytes, charset, expected) => {
  expect(decodeText(bytes, charset)).toBe(expected);
});
