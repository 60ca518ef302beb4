import { expect, test } from "vitest";
import { decodeWords } from "#gateway/views/encoded-words.js";

test.each([
  ["Grüße", "Grüße"],
  ["=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"],
  ["=?iso-8859-1?Q?Gr=FC=DFe_aus?= Bonn", "Grüße aus Bonn"],
  ["=?utf-8*de?q?Gr=C3=BC?= \r\n =?utf-8?Q?=C3=9Fe?=", "Grüße"],
  ["=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"],
  ["Re: =? what?= =?utf-8?x?y?= =?utf-8?q?", "Re: =? what?= =?utf-8?x?y?= =?utf-8?q?"],
  ["=?no-such?q?a=E4?=", "a\ufffd"],
])("the header field %j reads %j", (value, expected) => {
  expect(decodeWords(value)).toBe(expected);
});
