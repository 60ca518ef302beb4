import { expect, test } from "vitest";
import { endpointProblems } from "#support/catalog-fixtures.js";

/** Problems of a list of things with these lines in its file, which shows an answer. */
const problems = (lines: string) =>
  endpointProblems(`summary: List things
request: GET /things
params: {}
effect: read
scopes: []
returns: Things.
${lines}
example:
  params: {}
  sends: { method: GET, url: /things }
  answer: { items: [{ name: Nuts }, { name: Bolts, note: { by: ada } }], mail: { mimeType: text/plain }, next: 2 }`);

test.each([
  "items: items",
  "untrusted: [items.name, items.note.by]",
  "views: { readable: { all: { from: items, fields: { name: name, by: note.by } }, text: { from: mail, as: mime_tree } } }",
  'views: { readable: { names: { from: items, each: name, join: ", " } } }',
  "views: { readable: { mail: { from: mail, as: mime_tree, fields: { text: text } } } }",
])("a file may read everything that its answer has: %s", (lines) => {
  expect(problems(lines)).toEqual([]);
});

test.each([
  ["items: things", "8: items: things is no list in example.answer"],
  ["items: next", "8: items: next is no list in example.answer"],
  ["untrusted: [items.name, items.nots.by]", "8: untrusted.1: items.nots.by is not in example.answer"],
  [
    "views: { readable: { count: total } }",
    "8: views.readable.count: reads total, which example.answer does not have",
  ],
  [
    "views: { readable: { all: { from: items, fields: { name: title } } } }",
    "8: views.readable.all.fields.name: reads title, which example.answer does not have",
  ],
  [
    "views: { readable: { names: { from: items, each: title } } }",
    "8: views.readable.names: reads title, which example.answer does not have",
  ],
])("a file cannot read anything that its answer lacks: %s", (lines, problem) => {
  expect(problems(lines)).toEqual([problem]);
});

test("everything that is missing is reported at once", () => {
  expect(problems("items: a\nuntrusted: [b]\nviews: { readable: { c: c, d: d } }")).toHaveLength(4);
});
