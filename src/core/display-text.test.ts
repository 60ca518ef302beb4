import { describe, expect, test } from "vitest";
import { asName, nameIssue, textIssue } from "#core/display-text.js";

const character = (code: number) => String.fromCodePoint(code);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Every one of them, between letters and at the end. */
const misleading = [
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
  ...[0x200b, 0x200e, 0x200f, 0x061c, 0x00ad, 0x034f, 0x115f, 0x1160, 0x17b4, 0x180e, 0x3164, 0xffa0, 0xfeff],
  ...range(0x2028, 0x2029),
  ...range(0x2060, 0x2065),
  ...range(0x206a, 0x206f),
  ...range(0xfff9, 0xfffb),
  ...range(0x1d173, 0x1d17a),
  ...range(0xe0000, 0xe007f),
].map((code): [string, string] => [`U+${code.toString(16).toUpperCase().padStart(4, "0")}`, character(code)]);

describe("characters that mislead in a name", () => {
  test.each(misleading)("a name may not have the invisible or reordering character %s", (code, one) => {
    for (const name of [`ad${one}min`, `admin${one}`, `${one}admin`, `س${one}`]) {
      expect(nameIssue(name)).toContain(code);
      expect(asName(name)).toBe(name.replace(one, ""));
    }
  });

  test.each(["\u200c", "\u200d"])("a name may not have the joiner %j where nothing is joined", (joiner) => {
    for (const name of [
      `ad${joiner}min`,
      `админ${joiner}а`,
      `a ${joiner}b`,
      `${joiner}می`,
      `می${joiner}`,
      joiner,
    ])
      expect(nameIssue(name)).toMatch(/U\+200[CD]/);
    expect(asName(`ad${joiner}min`)).toBe("admin");
  });

  test("a name may not have variation selectors in which something could be hidden", () => {
    expect(nameIssue("a\ufe00\ufe01\ufe02")).toContain("U+FE0");
    expect(nameIssue("\ufe0f")).toContain("U+FE0F");
  });

  test.each([..."\0\t\n\r\x1b\x7f\x80\x9f"])("a name may not have the control character %j", (one) => {
    expect(nameIssue(`a${one}b`)).toContain("control characters");
    expect(asName(`a${one}b`)).toBe("a b");
  });

  test("a name may not have halves of characters", () => {
    expect(nameIssue("a\ud800")).toContain("half a character");
    expect(asName("a\ud800")).toBe("a\ufffd");
  });
});

test.each([
  ...["Zoë 🦊 / ⌘", "O'Neil & Söhne", "日本語", "한국어", "שלום", "Ωmega", "naïve", "ﷺ", "a-b_c.d"],
  ...["می‌خواهم", "क्‍ष", "👩‍🚀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "👩🏽‍💻", "❤️", "❤️‍🔥", "葛󠄀飾", "1️⃣", "😶‍🌫️"],
])("%s is a name as it stands", (name) => {
  expect(nameIssue(name)).toBeNull();
  expect(asName(name)).toBe(name);
});

test("the characters that are kept of a name stand where they stood", () => {
  expect(asName("\u202e👩‍🚀 می‌خواهم\u200b x\u200dy ❤️\u2066")).toBe("👩‍🚀 می‌خواهم xy ❤️");
});

test("a text of several lines may have lines, and no other control characters", () => {
  expect([textIssue("a\r\n\tb", true), textIssue("a\nb"), textIssue("a\0b", true)]).toEqual([
    null,
    "must not have line breaks or other control characters",
    "must not have control characters",
  ]);
});
