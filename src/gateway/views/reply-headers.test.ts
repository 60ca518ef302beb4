import { expect, test } from "vitest";
import { readReplyHeaders } from "#gateway/views/reply-headers.js";

/** The header fields of a reply, by RFC 5322. */

const reply = (fields: Record<string, string>) =>
  readReplyHeaders({ headers: Object.entries(fields).map(([name, value]) => ({ name, value })) });

test("a reply goes to its sender, with one Re:, and refers to the thread", () => {
  expect(
    reply({
      from: "Ada <ada@acme.example>",
      Subject: "Plan",
      "Message-ID": "<b@x>",
      References: "<r@x>\r\n <a@x>",
    }),
  ).toEqual({
    to: "Ada <ada@acme.example>",
    subject: "Re: Plan",
    in_reply_to: "<b@x>",
    references: "<r@x> <a@x> <b@x>",
  });
});

test.each([
  ["to", { From: "a@x", "Reply-To": "list@x" }, "list@x"],
  ["to", { From: "a@x", "Reply-To": "" }, "a@x"],
  ["to", { Subject: "x" }, undefined],
  ["to", { From: "=?UTF-8?B?R3LDvMOfZQ==?= <a@x>" }, '"Grüße" <a@x>'],
  ["to", { From: "=?UTF-8?Q?Byron=2C_=22Ada=22?= <a@x>, b@x" }, '"Byron, \\"Ada\\"" <a@x>, b@x'],
  ["to", { From: '"Byron, Ada" <a@x>' }, '"Byron, Ada" <a@x>'],
  ["to", { From: "a@x\r\nBcc: eve@x" }, "a@x Bcc: eve@x"],
  ["subject", { Subject: "RE: Plan" }, "RE: Plan"],
  ["subject", { Subject: "re : Plan" }, "re : Plan"],
  ["subject", { Subject: "Results" }, "Re: Results"],
  ["subject", { Subject: "Plan\r\nBcc: eve@x\u0000\u2028" }, "Re: Plan Bcc: eve@x"],
  ["subject", { Subject: "=?UTF-8?Q?a=0D=0ABcc:_eve@x?=" }, "Re: a Bcc: eve@x"],
  ["subject", { From: "a@x" }, undefined],
  ["references", { "Message-ID": "<b@x>" }, "<b@x>"],
  ["references", { "Message-ID": "<b@x>", "In-Reply-To": "<a@x>" }, "<a@x> <b@x>"],
  ["references", { "Message-ID": "<b@x>", "In-Reply-To": "<a@x> <c@x>" }, "<b@x>"],
  ["references", { "Message-ID": "<b@x>", References: "<b@x> nonsense <ä@x> <a@x>" }, "<a@x> <b@x>"],
  ["references", { References: "<a@x>" }, undefined],
  ["in_reply_to", { "Message-ID": "<b@x> (comment)" }, "<b@x>"],
  ["in_reply_to", { "Message-ID": "none" }, undefined],
] as const)("%s of a reply to %j is %s", (name, fields, value) => {
  expect(reply(fields)?.[name]).toBe(value);
});

test("a thread of thousands is known by its beginning and its end", () => {
  const ids = Array.from({ length: 3_000 }, (_, i) => `<m${i}@x>`);
  const { references } = reply({ "Message-ID": "<last@x>", References: ids.join(" ") }) as {
    references: string;
  };
  const named = references.split(" ");
  expect([named.length, named[0], named.at(-1)]).toEqual([50, "<m0@x>", "<last@x>"]);
});

test.each([[undefined], [null], ["text"], [7], [[]]])("%j is no tree of a message", (value) => {
  expect(readReplyHeaders(value)).toBeUndefined();
});
