import { describe, expect, test } from "vitest";
import type { ViewYaml } from "#catalog/front-matter.js";
import { toView } from "#catalog/load/load-view.js";
import { project } from "#gateway/views/project.js";

const viewed = (json: string, view: ViewYaml) => project(json, toView(view));

test.each<[string, string, ViewYaml, string]>([
  ["picks and renames", '{"a":{"b":1},"c":2}', { x: "a.b" }, '{"x":1}'],
  ["keeps the order of the view", '{"a":1,"b":2}', { b: "b", a: "a" }, '{"b":2,"a":1}'],
  [
    "keeps every digit",
    '{"a":12345678901234567890,"b":1.10,"c":1e400}',
    { a: "a", c: "c", b: "b" },
    '{"a":12345678901234567890,"c":1e400,"b":1.10}',
  ],
  [
    "keeps what is there without a value",
    '{"a":null,"b":"","c":false}',
    { a: "a", b: "b", c: "c" },
    '{"a":null,"b":"","c":false}',
  ],
  ["leaves out what is not there", '{"a":1}', { a: "a", b: "b.c", c: "a.value" }, '{"a":1}'],
  ["maps through a list", '[{"a":1},{"b":2},3,null,[{"a":4}]]', { x: "a" }, '[{"x":1},{},[{"x":4}]]'],
  [
    "maps through a list below",
    '{"l":[{"a":1,"b":2}]}',
    { l: { from: "l", fields: { x: "b" } } },
    '{"l":[{"x":2}]}',
  ],
  ["groups", '{"a":1,"b":2}', { g: { fields: { x: "a", y: "b" } } }, '{"g":{"x":1,"y":2}}'],
  ["takes one of each", '{"l":[{"n":"x"},{},{"n":"y"}]}', { l: { from: "l", each: "n" } }, '{"l":["x","y"]}'],
  ["joins", '{"l":["x",7,true]}', { l: { from: "l", join: ", " } }, '{"l":"x, 7, true"}'],
  ["joins no objects", '{"l":[{"n":1}]}', { l: { from: "l", join: ", " } }, '{"l":[{"n":1}]}'],
  ["joins nothing that is no list", '{"l":"x"}', { l: { from: "l", join: ", " } }, '{"l":"x"}'],
  ["chooses from a list", '{"h":[{"n":7,"v":1},{"n":8,"v":2}]}', { x: "h.n=8.v" }, '{"x":2}'],
  ["decodes", '{"a":"SGk"}', { a: { from: "a", as: "base64url" } }, '{"a":"Hi"}'],
  ["decodes each item", '{"a":["SGk",1,"SGk="]}', { a: { from: "a", as: "base64url" } }, '{"a":["Hi","Hi"]}'],
  [
    "leaves out what it cannot decode",
    '{"a":"(:","b":1}',
    { a: { from: "a", as: "base64url" }, b: "b" },
    '{"b":1}',
  ],
  [
    "flattens, and its own names count more",
    '{"p":{"headers":[{"name":"Subject","value":"S"},{"name":"To","value":"T"}]},"s":1}',
    { subject: "s", mail: { from: "p", as: "mime_tree", flatten: true } },
    '{"subject":1,"to":"T"}',
  ],
  ["takes the last of several members with a name", '{"a":1,"a":2}', { a: "a" }, '{"a":2}'],
  [
    "is not fooled by names that objects have",
    '{"__proto__":{"x":1},"constructor":2,"l":[{"n":{"toString":1}},{"n":"k","v":3}]}',
    { p: "__proto__.x", c: "constructor", t: "toString", v: "l.n=k.v" },
    '{"p":1,"c":2,"v":3}',
  ],
])("a view of an answer %s", (_, json, view, expected) => {
  expect(viewed(json, view)).toBe(expected);
});

describe("data without a view", () => {
  test.each([
    ["text", '"{}"'],
    ["a number", "1"],
    ["nothing", "null"],
    ["an object with nothing of it", '{"b":1}'],
    ["a list with nothing of it", '[{"b":1},{}]'],
    ["lists that are too deep", `${"[".repeat(600)}{"a":1}${"]".repeat(600)}`],
    ["objects that are too deep", `${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`],
  ])("%s has no view", (_, json) => {
    expect(viewed(json, { a: "a" })).toBeUndefined();
  });
});

/** Every part of a view at once, over the names that decoders look at. */
const everything: ViewYaml = {
  id: "id",
  chosen: "parts.name=text.value",
  text: { from: "data", as: "base64url" },
  html: { from: "content", as: "html" },
  names: { from: "parts", each: "name", join: ", " },
  mail: { from: "payload", as: "mime_tree", flatten: true },
  parts: { from: "parts", as: "mime_tree", fields: { text: "text", files: "attachments" } },
  document: { as: "document_tree" },
  documents: { from: "tabs", as: "document_tree" },
  inner: { from: "payload", fields: { body: { from: "body", fields: { id: "id", data: "data" } } } },
};

const names =
  "id name value data content parts payload body headers mimeType filename size attachmentId tabs documentTab lists paragraph elements textRun textStyle bold link url bullet listId nestingLevel table tableRows tableCells paragraphStyle namedStyleType toString valueOf constructor length __proto__ hasOwnProperty 0".split(
    " ",
  );
const scalars = [
  ...[
    '""',
    '"text"',
    '"SGk"',
    '"multipart/alternative"',
    '"text/html"',
    '"<p>a<b>"',
    '"Subject"',
    '"HEADING_1"',
  ],
  ...['"\\ud800"', '"\\u0000"', "0", "-1", "1e999", "12345678901234567890", "true", "false", "null"],
];

/** Numbers that look like chance, and are the same each time. @see Park and Miller, "Random number generators" (1988) */
function createChance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function anything(chance: (below: number) => number, depth: number): string {
  const kind = depth === 0 ? 2 : chance(3);
  if (kind === 2) return scalars[chance(scalars.length)]!;
  const parts = Array.from({ length: chance(6) }, () => anything(chance, depth - 1));
  if (kind === 1) return `[${parts.join(",")}]`;
  return `{${parts.map((part) => `${JSON.stringify(names[chance(names.length)])}:${part}`).join(",")}}`;
}

test("no data whatever makes a view throw, and what it gives is JSON", () => {
  const view = toView(everything);
  let projected = 0;
  for (let seed = 1; seed <= 3_000; seed++) {
    const json = anything(createChance(seed), 7);
    const result = project(json, view);
    if (result === undefined) continue;
    projected += 1;
    JSON.parse(result);
  }
  expect(projected).toBeGreaterThan(500);
});

/** Each decoder has everything here that it looks at. */
const complete = {
  id: "1",
  data: "SGk",
  content: "<p>Hi",
  payload: {
    mimeType: "multipart/alternative",
    headers: [
      { name: "Subject", value: "=?utf-8?q?Hi?=" },
      { name: "Content-Disposition", value: "inline" },
    ],
    body: { size: 0, id: "x", data: "" },
    parts: [
      {
        mimeType: "text/plain",
        headers: [{ name: "Content-Type", value: "a; charset=x" }],
        body: { data: "5A" },
      },
      { mimeType: "text/html", filename: "a.html", body: { data: "PHA-", size: 3, attachmentId: "a1" } },
    ],
  },
  lists: { l: { listProperties: { nestingLevels: [{ glyphType: "DECIMAL" }] } } },
  tabs: [
    {
      body: {
        content: [
          {
            paragraph: {
              elements: [
                { textRun: { content: " a ", textStyle: { bold: true, italic: true, link: { url: "u" } } } },
                { person: { personProperties: { name: "n", email: "e" } } },
                { richLink: { richLinkProperties: { title: "t", uri: "u" } } },
                { footnoteReference: { footnoteNumber: "1" } },
              ],
              paragraphStyle: { namedStyleType: "HEADING_1" },
              bullet: { listId: "l", nestingLevel: 1 },
            },
          },
          { table: { tableRows: [{ tableCells: [{ content: [] }] }] } },
          { tableOfContents: { content: [] } },
        ],
      },
      lists: { l: { listProperties: { nestingLevels: [{ glyphType: "DECIMAL" }] } } },
    },
  ],
};

/** The value with each part of it, one after the other, replaced. */
function* replaced(value: unknown, by: unknown): Generator<unknown> {
  yield by;
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    for (const other of replaced(part, by)) {
      const copy = Array.isArray(value) ? [...value] : { ...value };
      yield Object.assign(copy, { [name]: other });
    }
  }
}

test.each([
  ...[
    "null",
    "true",
    '""',
    '"\\n"',
    '"text"',
    '"__proto__"',
    "0",
    "-1",
    "1.5",
    "1e21",
    "12345678901234567890",
  ],
  ...["[]", "{}", "[[]]", "[null]", '{"toString":1,"valueOf":1}'],
])("an answer of which any part is %s has a view, or none", (by) => {
  const view = toView(everything);
  let count = 0;
  for (const value of replaced(complete, "replaced")) {
    count += 1;
    const json = JSON.stringify(value).replace('"replaced"', by);
    JSON.parse(project(json, view) ?? "0");
  }
  expect(count).toBeGreaterThan(80);
});

test("a message of 8 MB is read", () => {
  const data = Buffer.from("Some text, which is long.\n".repeat(2_000)).toString("base64url");
  const part = { mimeType: "text/plain", body: { data } };
  const parts = Array.from({ length: Math.floor(8_000_000 / data.length) }, () => part);
  const json = JSON.stringify({ payload: { mimeType: "multipart/mixed", parts } });
  const { text } = JSON.parse(viewed(json, { mail: { from: "payload", as: "mime_tree", flatten: true } })!);
  expect(text.split("\n\n")).toHaveLength(parts.length);
});
