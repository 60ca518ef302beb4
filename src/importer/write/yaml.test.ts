import { expect, it } from "vitest";
import { parse } from "yaml";
import { writeYaml } from "#importer/write/yaml.js";

const odd = [
  ...["", " ", "a ", " a", "- a", "a: b", "a:", "a #b", "#a", "null", "True", "yes", "~", "1", "1.5", "-1"],
  ...[
    "0x1",
    ".inf",
    "2020-01-01",
    "a\nb",
    "tab\there",
    '"q"',
    "it's",
    "'q'",
    "{a}",
    "[a]",
    "a, b",
    "&a",
    "*a",
  ],
  ...[
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "é",
    "…",
    "\u2028",
    "\u0000",
    "\u007f",
    "\ufeff",
    "e5",
    "---",
    "...",
  ],
];

it("odd texts, as values, names and items, are read as they were written", () => {
  const value = {
    texts: odd,
    nested: odd.map((text) => ({ text, list: [[text], { a: [] }], none: {} })),
    names: Object.fromEntries(odd.map((text, at) => [`${text}${text.startsWith(" ") ? at : ""}`, at])),
    scalars: [1, -1.5, 1e21, true, false, null],
    empty: [[], {}, [[]]],
  };
  expect(parse(writeYaml(value), { uniqueKeys: true })).toEqual(value);
});

it("a text that is written is easy to read", () => {
  const value = {
    summary: "List items",
    params: { q: { type: "string", required: true }, ids: { type: "array", items: { type: "string" } } },
    scopes: [],
    sends: [{ method: "GET", url: "/x?y" }],
    enum: ["a", "b"],
    absent: undefined,
  };
  expect(writeYaml(value)).toBe(`summary: List items
params:
  q:
    type: string
    required: true
  ids:
    type: array
    items:
      type: string
scopes: []
sends:
  - method: GET
    url: "/x?y"
enum: [a, b]
`);
});
