import { expect, test } from "vitest";
import { beginningOf, countCharacters, isLongerThan } from "#core/characters.js";

test("an emoji counts as one character, as in JSON Schema", () => {
  expect(countCharacters("añ🦊漢")).toBe(4);
  expect(countCharacters("")).toBe(0);
});

test.each<[string, number, boolean]>([
  ["", 0, false],
  ["🦊🦊", 2, false],
  ["🦊🦊🦊", 2, true],
  ["a🦊", 2, false],
  ["abc", 2, true],
  ["🦊".repeat(100), 100, false],
  ["🦊".repeat(101), 100, true],
])("the text %j is measured against a maximum of %i characters", (text, max, isLonger) => {
  expect(isLongerThan(text, max)).toBe(isLonger);
});

test("the beginning of a text never ends with half a character", () => {
  const text = `a${"🦊".repeat(5)}`;
  for (let max = 0; max <= 7; max++) {
    const beginning = beginningOf(text, max);
    expect(beginning).not.toMatch(/\p{Surrogate}/u);
    expect(countCharacters(beginning)).toBe(Math.min(max, 6));
    expect(text.startsWith(beginning)).toBe(true);
  }
});
