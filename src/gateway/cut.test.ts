import { describe, expect, test } from "vitest";
import { cutData, cutText, type Page } from "#gateway/cut.js";

function allPages(data: string, maxChars: number): Page[] {
  const pages = cutData(data, maxChars);
  return Array.from({ length: pages.count }, (_, at) => pages.page(at + 1));
}
const parsed = (pages: Page[]) => pages.map(({ data }) => JSON.parse(data));
const listOf = (count: number) => JSON.stringify(Array.from({ length: count }, (_, id) => ({ id })));

test("data that fits is one page, to the letter", () => {
  const data = '{"a":1.10}';
  expect(allPages(data, data.length)).toEqual([{ data, part: "All" }]);
});

describe("a list", () => {
  test.each([11, 12, 30, 100, 899])("a list in pages of %i is whole, in order, within the size", (size) => {
    const data = listOf(100);
    const pages = allPages(data, size);
    expect(parsed(pages).flat()).toEqual(JSON.parse(data));
    for (const page of pages) expect(page.data.length).toBeLessThanOrEqual(size);
  });

  test("a page of a list says which items are on it", () => {
    expect(allPages("[10,20,30,40,50]", 8).map(({ part }) => part)).toEqual([
      "Items 1 to 2 of 5",
      "Items 3 to 4 of 5",
      "Items 5 to 5 of 5",
    ]);
  });

  test("a list in pages keeps the digits of its numbers", () => {
    const pages = allPages("[12345678901234567890,1.10,-0.0]", 24);
    expect(pages.map(({ data }) => data)).toEqual(["[12345678901234567890]", "[1.10,-0.0]"]);
  });

  test("a list with an item longer than a page is cut as text", () => {
    const data = `[1,2,"${"x".repeat(30)}"]`;
    const pages = allPages(data, 20);
    expect(parsed(pages).join("")).toBe(data);
    expect(pages[0]!.part).toBe(`Characters 1 to 20 of ${data.length} of the JSON, given as text`);
  });
});

describe("an object", () => {
  test("an object whose list is most of it has that in pages, and the rest on each", () => {
    const data = `{"kind":"x","items":${listOf(100)},"nextPageToken":"t"}`;
    const pages = parsed(allPages(data, 200));
    expect(pages.length).toBeGreaterThan(4);
    expect(pages.flatMap(({ items }) => items)).toEqual(JSON.parse(data).items);
    for (const page of pages) {
      expect(page).toMatchObject({ kind: "x", nextPageToken: "t" });
      expect(Object.keys(page)).toEqual(["kind", "items", "nextPageToken"]);
      expect(JSON.stringify(page).length).toBeLessThanOrEqual(200);
    }
  });

  test.each([
    ["without such a list", JSON.stringify({ a: "x".repeat(90), b: [1, 2, 3] })],
    ["with two of a size", `{"a":${listOf(20)},"b":${listOf(20)}}`],
    ["whose other members leave no room", `{"a":${listOf(20)},"b":"${"x".repeat(98)}"}`],
    ["of objects", JSON.stringify({ a: { b: JSON.parse(listOf(30)) } })],
  ])("an object %s is cut as text", (_, data) => {
    expect(parsed(allPages(data, 100)).join("")).toBe(data);
  });
});

describe("a text", () => {
  test("a text is cut as what it says, not as its JSON", () => {
    const text = 'a "quoted" line\n'.repeat(50);
    const pages = allPages(JSON.stringify(text), 100);
    expect(parsed(pages).join("")).toBe(text);
    expect(pages[0]!.part).toBe("Characters 1 to 100 of 800 of the text");
  });

  test("a page of text counts UTF-16 units, so that no way of counting finds more on it than was asked for", () => {
    const pages = allPages(JSON.stringify("🦊".repeat(300)), 100);
    expect(pages.map(({ part }) => part)[1]).toBe("Characters 101 to 200 of 600 of the text");
    for (const text of parsed(pages)) {
      expect(text.length).toBeLessThanOrEqual(100);
      expect([...text].length).toBe(50);
    }
  });

  test.each([100, 101, 102, 103, 104, 105])("a page of text never has half a character (%i)", (size) => {
    const text = `a${"🦊".repeat(300)}`;
    for (const data of [JSON.stringify(text), `{"a":${JSON.stringify(text)}}`]) {
      const pages = parsed(allPages(data, size));
      for (const page of pages) expect(page).not.toMatch(/\p{Surrogate}/u);
      expect(pages.join("")).toBe(data.startsWith("{") ? data : text);
    }
  });

  test("a text of Base64 is cut so that each page can be decoded", () => {
    const bytes = Buffer.from(Array.from({ length: 500 }, (_, at) => at % 256));
    const pages = parsed(allPages(JSON.stringify(bytes.toString("base64")), 103));
    expect(Buffer.concat(pages.map((page) => Buffer.from(page, "base64")))).toEqual(bytes);
  });
});

test("data as deep and as long as a service may answer is cut", () => {
  const depth = 500_000;
  const deep = "[".repeat(depth) + "]".repeat(depth);
  expect(parsed(allPages(deep, 100_000)).join("")).toBe(deep);
  const many = `[${"1,".repeat(500_000)}1]`;
  const pages = allPages(many, 100_000);
  expect(parsed(pages).flat()).toHaveLength(500_001);
});

test("the beginning of any data is a text", () => {
  expect(cutText("[1,2,3,4,5]", 4)).toBe('"[1,2"');
  expect(cutText('"long text"', 4)).toBe('"long"');
  expect(cutText("1", 4)).toBe('"1"');
});
