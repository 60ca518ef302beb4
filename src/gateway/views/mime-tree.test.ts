import { expect, test } from "vitest";
import { readMimeTree } from "#gateway/views/mime-tree.js";

const data = (text: string | Buffer) => ({ data: Buffer.from(text).toString("base64url") });
const plain = (text: string) => ({ mimeType: "text/plain", body: data(text) });
const html = (text: string) => ({ mimeType: "text/html", body: data(text) });
const tree = (subtype: string, ...parts: unknown[]) => ({ mimeType: `multipart/${subtype}`, parts });
const textOf = (value: unknown) => readMimeTree(value)?.text;

test("header fields are found in whatever case they have", () => {
  const headers = [
    { name: "FROM", value: "Ada <ada@acme.example>" },
    { name: "Message-Id", value: "<1@acme.example>" },
    { name: "in-reply-to", value: "<0@acme.example>" },
    { name: "DKIM-Signature", value: "v=1; a=rsa-sha256" },
  ];
  expect(readMimeTree({ headers })).toEqual({
    from: "Ada <ada@acme.example>",
    message_id: "<1@acme.example>",
    in_reply_to: "<0@acme.example>",
  });
});

test.each([
  ["a message of one part", plain("Hello\r\nyou"), "Hello\r\nyou"],
  ["HTML alone", html("<p>Hello <b>you</b>"), "Hello you"],
  ["alternatives", tree("alternative", plain("plain"), html("<p>rich")), "plain"],
  ["alternatives in another order", tree("alternative", html("<p>rich"), plain("plain")), "plain"],
  ["an empty alternative", tree("alternative", plain(" \r\n"), html("<p>rich")), "rich"],
  [
    "alternatives of which one has images",
    tree(
      "alternative",
      plain("plain"),
      tree("related", html("<p>rich"), { mimeType: "image/png", body: {} }),
    ),
    "plain",
  ],
  ["several texts", tree("mixed", plain("one"), html("<p>two"), plain("three")), "one\n\ntwo\n\nthree"],
  ["a text of an unknown type", { body: data("Hello") }, "Hello"],
  [
    "a message within",
    tree("mixed", plain("see"), { mimeType: "message/rfc822", parts: [plain("old")] }),
    "see\n\nold",
  ],
  [
    "a charset",
    {
      ...plain(""),
      headers: [{ name: "Content-Type", value: 'text/plain; format=flowed; charset="iso-8859-1"' }],
      body: data(Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65])),
    },
    "Grüße",
  ],
])("the text of %s is read", (_, message, text) => {
  expect(textOf(message)).toBe(text);
});

test("attachments are listed, and are no text", () => {
  const named = { ...plain("not shown"), filename: "notes.txt" };
  const disposed = {
    ...plain("not shown"),
    headers: [{ name: "content-disposition", value: "attachment" }],
  };
  const report = { mimeType: "application/pdf", filename: "a.pdf", body: { size: 9, attachmentId: "x1" } };
  const invitation = {
    mimeType: "text/calendar",
    filename: "",
    body: { ...data("BEGIN:VCALENDAR"), size: 15 },
  };
  const elsewhere = { mimeType: "text/plain", filename: "", body: { size: 99_999, attachmentId: "x2" } };
  expect(readMimeTree(tree("mixed", plain("see"), named, disposed, report, invitation, elsewhere))).toEqual({
    text: "see",
    attachments: [
      { filename: "notes.txt", media_type: "text/plain" },
      { media_type: "text/plain" },
      { filename: "a.pdf", media_type: "application/pdf", size: 9, attachment_id: "x1" },
      { media_type: "text/calendar", size: 15 },
      { media_type: "text/plain", size: 99_999, attachment_id: "x2" },
    ],
  });
});

test.each([
  ["a list", []],
  ["a text", "payload"],
  ["nothing", null],
])("%s is no tree", (_, value) => {
  expect(readMimeTree(value)).toBeUndefined();
});

test.each([
  ["types", { mimeType: 1, headers: { name: "from" }, body: "x", parts: "y", filename: [] }],
  ["header fields", { headers: [1, null, { name: 2, value: 3 }, { name: "subject", value: {} }] }],
  ["parts", tree("mixed", 1, null, "x", [plain("no")], { body: { data: 5 } }, { body: { data: "(:" } })],
])("a tree whose %s are wrong has nothing in it", (_, message) => {
  expect(readMimeTree(message)).toEqual({});
});

test("parts in each other are read to a depth, and the rest is left", () => {
  let message: object = plain("deepest");
  for (let depth = 0; depth < 400; depth++) message = tree("mixed", plain(`at ${depth}`), message);
  const text = textOf(message) as string;
  expect(text.split("\n\n")[0]).toBe("at 399");
  expect(text).not.toContain("deepest");
});
