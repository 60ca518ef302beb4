import { describe, expect, test } from "vitest";
import { joinPieces } from "#catalog/pieces.js";
import { writeMessage } from "#catalog/request/rfc822.js";
import type { Values } from "#catalog/request/values.js";
import type { SchemaIssue } from "#core/schema-check.js";

function write(values: Values): string {
  const faults: SchemaIssue[] = [];
  const message = joinPieces(writeMessage(values, faults)).toString();
  expect(faults).toEqual([]);
  return message;
}

function header(name: string, message: string): string | undefined {
  const unfolded = message.split("\r\n\r\n")[0]!.replace(/\r\n(?=[ \t])/g, "");
  return unfolded
    .split("\r\n")
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
}

function faults(values: Values): string[] {
  const found: SchemaIssue[] = [];
  writeMessage(values, found);
  return found.map(({ path, message }) => `${path.join(".")} ${message}`);
}

/** Decodes encoded words the way RFC 2047 §6.2 has it: blanks between two of them vanish. */
function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/(?:=\?UTF-8\?B\?[^?]*\?=)+/g, (words) =>
      words.replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, base64) => Buffer.from(base64, "base64").toString()),
    );
}

test("plain ASCII stays readable", () => {
  expect(write({ to: "Ada <ada@acme.test>, bob@acme.test", subject: "Hello", text: "a\nb" })).toBe(
    [
      "To: Ada <ada@acme.test>,",
      " bob@acme.test",
      "Subject: Hello",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 7bit",
      "",
      "a",
      "b",
    ].join("\r\n"),
  );
});

test("the same params give the same bytes", () => {
  const values = { to: "a@b.test", subject: "ä", text: "x", html: "<p>x</p>" };
  expect(write(values)).toBe(write(values));
});

describe("subjects", () => {
  test.each([
    "Grüße aus Köln",
    "🎉".repeat(60),
    "x".repeat(300),
    "=?UTF-8?B?eA==?=",
    "日本語の件名".repeat(20),
  ])("the subject %s survives as encoded words in short lines", (subject) => {
    const message = write({ subject, text: "" });
    expect(decodeWords(header("Subject", message)!)).toBe(subject);
    for (const line of message.split("\r\n")) expect(line.length).toBeLessThanOrEqual(76);
    expect(message).toMatch(/^[\x20-\x7e\r\n]*$/);
  });
});

describe("addresses", () => {
  test.each([
    ["ada@acme.test", "ada@acme.test"],
    ['"Lovelace, Ada" <ada@acme.test>', '"Lovelace, Ada" <ada@acme.test>'],
    ["Ada B. C <ada@acme.test>", '"Ada B. C" <ada@acme.test>'],
    ['"a \\"b\\" c" <ada@acme.test>', '"a \\"b\\" c" <ada@acme.test>'],
    ["Zoë <zoe@acme.test>", `=?UTF-8?B?${Buffer.from("Zoë").toString("base64")}?= <zoe@acme.test>`],
    ["<ada@acme.test>", "ada@acme.test"],
    ["info@müller.test", "info@xn--mller-kva.test"],
    [" ,ada@acme.test,, ", "ada@acme.test"],
  ])("the address list %j is written as %j", (to, written) => {
    expect(header("To", write({ to }))).toBe(written);
  });

  test.each(["ada", "@acme.test", "a b@acme.test", "Ada <ada>", "Ada <a@b> x", "zoë@acme.test", "<a@b.test"])(
    "%s is refused as no email address",
    (cc) => {
      expect(faults({ cc })).toEqual([`cc has ${JSON.stringify(cc)}, which is no email address`]);
    },
  );
});

describe("injection of headers", () => {
  test.each(["to", "cc", "bcc", "reply_to", "subject", "in_reply_to", "references"])(
    "the param %s cannot inject a header",
    (param) => {
      for (const end of ["\r\n", "\r", "\n", "\0"]) {
        expect(faults({ [param]: `a@b.test${end}Bcc: evil@b.test` })).toEqual([
          `${param} must not have line breaks or other control characters`,
        ]);
      }
    },
  );
});

test("message ids are given with their brackets", () => {
  const message = write({ in_reply_to: "<1@a.test>", references: "<0@a.test>  <1@a.test>" });
  expect(header("In-Reply-To", message)).toBe("<1@a.test>");
  expect(header("References", message)).toBe("<0@a.test> <1@a.test>");
  expect(faults({ references: "1@a.test" })).toEqual([
    "references must be message ids such as <id@mail.example>",
  ]);
});

describe("bodies", () => {
  test.each(["Grüße\n🎉", "x".repeat(2000), "bell \x07"])("text %j goes as base64 in short lines", (text) => {
    const [head, body] = write({ text }).split("\r\n\r\n");
    expect(head).toContain("Content-Transfer-Encoding: base64");
    for (const line of body!.split("\r\n")) expect(line.length).toBeLessThanOrEqual(76);
    expect(Buffer.from(body!, "base64").toString()).toBe(text.replaceAll("\n", "\r\n"));
  });

  test("the line ends of a text become CRLF", () => {
    expect(write({ text: "a\rb\nc\r\nd" })).toMatch(/\r\n\r\na\r\nb\r\nc\r\nd$/);
  });

  test("a message with HTML alone has one part", () => {
    expect(header("Content-Type", write({ html: "<p>x</p>" }))).toBe("text/html; charset=utf-8");
  });

  test("text and HTML are alternatives, text first, under a boundary that neither has", () => {
    const message = write({ text: "see =_part_1", html: "<p>x</p>" });
    expect(header("Content-Type", message)).toBe('multipart/alternative; boundary="=_part_2"');
    const parts = message.split("\r\n--=_part_2");
    expect(parts).toHaveLength(4);
    expect(parts[1]).toMatch(/text\/plain.*see =_part_1$/s);
    expect(parts[2]).toMatch(/text\/html.*<p>x<\/p>$/s);
    expect(parts[3]).toBe("--\r\n");
  });
});
