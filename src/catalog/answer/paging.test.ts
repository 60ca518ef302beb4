import { expect, test } from "vitest";
import { nextPage, pagingOf } from "#catalog/answer/paging.js";
import { loadCatalog } from "#catalog/load/load.js";
import { type PageYaml, toPaging } from "#catalog/load/paging-rules.js";
import type { ParamsSchema } from "#catalog/schema.js";
import { acme, withFiles } from "#support/catalog-fixtures.js";

/** An integration whose one list takes everything that a page can be asked for with. */
const catalog = withFiles(acme, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} }));
const acmeItself = catalog.integration("acme");
const list = catalog.endpoint("acme", "list_items");
const params: ParamsSchema["properties"] = {
  after: { type: "string" },
  offset: { type: "integer" },
  page: { type: "integer" },
  text_page: { type: "string" },
  limit: { type: "integer", default: 2 },
};
const inQuery = list.placements[Object.keys(list.placements)[0]!]!;
const endpoint = {
  ...list,
  params: { type: "object" as const, properties: params, required: [], additionalProperties: false as const },
  placements: Object.fromEntries(
    Object.keys(params).map((name) => [name, { ...inQuery, in: "query" as const, name }]),
  ),
};

const url = "https://api.acme.test/v1/items?limit=2";
const next = (page: PageYaml, body: unknown, given = {}, items: string | null = "items") =>
  nextPage(
    acmeItself,
    { ...endpoint, page: toPaging(page), items },
    { headers: {}, url, body, exact: () => ({ next: bigId }), params: given },
  );
const bigId = "9007199254740993";
const two = [{ id: "a" }, { id: "b", deep: { id: 7 } }];

test.each<[string, PageYaml, unknown, object, object | undefined]>([
  ["a cursor", { after: "meta.next" }, { meta: { next: "c" } }, {}, { after: "c" }],
  ["a cursor, at length", { kind: "cursor", params: { after: "next" } }, { next: 5 }, {}, { after: 5 }],
  ["no cursor: null", { after: "next" }, { next: null }, {}, undefined],
  ["no cursor: empty", { after: "next" }, { next: "" }, {}, undefined],
  ["no cursor: false", { after: "next" }, { next: false }, {}, undefined],
  ["no cursor: missing", { after: "next" }, {}, {}, undefined],
  [
    "a number with more digits than a double",
    { after: "next" },
    { next: Number(bigId) },
    {},
    { after: bigId },
  ],
  ["such a number for a param that takes none", { page: "next" }, { next: Number(bigId) }, {}, undefined],
  [
    "a cursor where more is false",
    { kind: "cursor", params: { after: "next" }, more: "more" },
    { next: "c", more: false },
    {},
    undefined,
  ],
  [
    "a cursor where last is true",
    { kind: "cursor", params: { after: "next" }, last: "isLast" },
    { next: "c", isLast: true },
    {},
    undefined,
  ],
  [
    "a URL",
    { kind: "next_url", url: "next" },
    { next: "https://api.acme.test/other?after=c&key=k" },
    {},
    { after: "c" },
  ],
  [
    "a URL without its host",
    { kind: "next_url", url: "next" },
    { next: "/v1/items?page=2" },
    {},
    { page: 2 },
  ],
  [
    "a URL elsewhere",
    { kind: "next_url", url: "next" },
    { next: "https://evil.test/?after=c" },
    {},
    undefined,
  ],
  ["no URL", { kind: "next_url", url: "next" }, { next: null }, {}, undefined],
  ["the last item", { kind: "last_item", param: "after" }, { items: two }, {}, { after: "b" }],
  ["a path in it", { kind: "last_item", param: "after", id: "deep.id" }, { items: two }, {}, { after: 7 }],
  ["no item", { kind: "last_item", param: "after" }, { items: [] }, {}, undefined],
  [
    "fewer items than the limit",
    { kind: "last_item", param: "after", limit: "limit" },
    { items: [two[0]] },
    {},
    undefined,
  ],
  [
    "fewer than were asked for",
    { kind: "last_item", param: "after", limit: "limit" },
    { items: two },
    { limit: 3 },
    undefined,
  ],
  [
    "fewer, and it says more",
    { kind: "last_item", param: "after", limit: "limit", more: "more" },
    { items: [two[0]], more: true },
    {},
    { after: "a" },
  ],
  ["an offset", { kind: "offset", param: "offset" }, { items: two }, {}, { offset: 2 }],
  [
    "an offset that goes on",
    { kind: "offset", param: "offset" },
    { items: two },
    { offset: "4" },
    { offset: 6 },
  ],
  ["an offset from one on", { kind: "offset", param: "offset", first: 1 }, { items: two }, {}, { offset: 3 }],
  [
    "all items",
    { kind: "offset", param: "offset", total: "total" },
    { items: two, total: 4 },
    { offset: 2 },
    undefined,
  ],
  [
    "all but one",
    { kind: "offset", param: "offset", total: "total" },
    { items: two, total: 5 },
    { offset: 2 },
    { offset: 4 },
  ],
  ["a number", { kind: "page", param: "page" }, { items: two }, {}, { page: 2 }],
  ["a number from none on", { kind: "page", param: "page", first: 0 }, { items: two }, {}, { page: 1 }],
  [
    "a number as text",
    { kind: "page", param: "text_page" },
    { items: two },
    { text_page: "2" },
    { text_page: "3" },
  ],
  ["no number", { kind: "page", param: "text_page" }, { items: two }, { text_page: "x" }, undefined],
  [
    "the last page",
    { kind: "page", param: "page", pages: "pages" },
    { items: two, pages: 2 },
    { page: 2 },
    undefined,
  ],
  [
    "the last page by items",
    { kind: "page", param: "page", limit: "limit", total: "total" },
    { items: two, total: 4 },
    { page: 2 },
    undefined,
  ],
  ["what is no list", { kind: "page", param: "page" }, { items: "none" }, {}, undefined],
])("%s leads to the next page, or is its end", (_, page, body, given, expected) => {
  expect(next(page, body, given)).toEqual(expected);
});

test("a list that is the answer itself needs no path", () => {
  expect(next({ kind: "offset", param: "offset" }, two, {}, null)).toEqual({ offset: 2 });
});

test("the page of an integration is that of endpoints that take its param", () => {
  const said = { ...acmeItself, page: toPaging({ kind: "page", param: "page" }) };
  expect(pagingOf(said, { ...endpoint, page: null })?.kind).toBe("page");
  expect(
    pagingOf({ ...said, page: toPaging({ kind: "page", param: "pages" }) }, { ...endpoint, page: null }),
  ).toBeNull();
  const cursors = { ...acmeItself, page: toPaging({ after: "next", before: "previous" }) };
  expect(pagingOf(cursors, { ...endpoint, page: null })?.params).toEqual({ after: "next" });
});
