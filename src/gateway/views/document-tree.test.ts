import { expect, test } from "vitest";
import { readDocumentTree } from "#gateway/views/document-tree.js";

const run = (content: string, textStyle: object = {}) => ({ textRun: { content, textStyle } });
const paragraph = (elements: unknown[], more: object = {}) => ({ paragraph: { elements, ...more } });
const heading = (namedStyleType: string, text: string) =>
  paragraph([run(`${text}\n`)], { paragraphStyle: { namedStyleType } });
const item = (text: string, bullet: object) => paragraph([run(`${text}\n`)], { bullet });
const cell = (...content: unknown[]) => ({ content });
const document = (...content: unknown[]) => ({
  title: "Plan",
  body: { content },
  lists: {
    numbers: { listProperties: { nestingLevels: [{ glyphType: "DECIMAL" }, { glyphType: "ALPHA" }] } },
    dots: { listProperties: { nestingLevels: [{ glyphSymbol: "●" }] } },
  },
});

test("a document becomes Markdown", () => {
  const plan = document(
    { sectionBreak: {} },
    heading("TITLE", "Plan"),
    heading("HEADING_2", "Why"),
    paragraph([
      run("It is "),
      run("very ", { bold: true }),
      run("late", { bold: true, italic: true }),
      run(", see "),
      run("the page", { link: { url: "https://a.example" } }),
      run(".\vReally.\n"),
    ]),
    paragraph([run("\n")]),
    item("first", { listId: "numbers" }),
    item("within", { listId: "numbers", nestingLevel: 1 }),
    item("dot", { listId: "dots" }),
    {
      table: {
        tableRows: [
          { tableCells: [cell(paragraph([run("Who\n")])), cell(paragraph([run("When|where\n")]))] },
          {
            tableCells: [
              cell(paragraph([run("Ada\n")])),
              cell(paragraph([run("a\n")]), paragraph([run("b\n")])),
            ],
          },
        ],
      },
    },
    paragraph([
      { person: { personProperties: { name: "Ada", email: "ada@acme.example" } } },
      run(" wrote "),
      { richLink: { richLinkProperties: { title: "Budget", uri: "https://b.example" } } },
      run("\n"),
    ]),
  );
  expect(readDocumentTree(plan)).toBe(
    [
      "# Plan",
      "## Why",
      "It is **very** ***late***, see [the page](https://a.example).\nReally.",
      "1. first\n   1. within\n- dot",
      "| Who | When\\|where |\n| --- | --- |\n| Ada | a b |",
      "Ada wrote [Budget](https://b.example)",
    ].join("\n\n"),
  );
});

test("the tabs of a document follow each other", () => {
  const tab = (text: string) => ({ documentTab: document(paragraph([run(text)])) });
  expect(readDocumentTree({ tabs: [tab("one"), tab("two")] })).toBe("one\n\ntwo");
});

test.each([[null], ["text"], [[]], [{}], [{ body: "x" }], [{ tabs: [{ documentTab: 1 }] }]])(
  "%j is no document",
  (value) => {
    expect(readDocumentTree(value)).toBeUndefined();
  },
);

test.each([
  [[1, null, "x", []]],
  [[{ paragraph: 1 }, { paragraph: { elements: "x" } }, { table: [] }, { table: { tableRows: [1, {}] } }]],
  [[paragraph([{ textRun: 1 }, { textRun: { content: 2, textStyle: 3 } }, { person: {} }, { richLink: 1 }])]],
  [[item("", { listId: "__proto__", nestingLevel: {} })]],
])("a document whose parts are wrong is empty: %j", (content) => {
  expect(readDocumentTree(document(...content))).toMatch(/^(\| {2}\|\n\| {2}\|)?$/);
});

test.each([-1, 0.5, 1e9, "x", { valueOf: 1, toString: 1 }, null])(
  "a list item of level %j is one",
  (nestingLevel) => {
    const list = { listId: "numbers", nestingLevel };
    expect(readDocumentTree(document(item("item", list)))).toMatch(/^ {0,24}(-|1\.) item$/);
  },
);

test("a cell of a megabyte of white space is read", () => {
  const text = `a${" ".repeat(1_000_000)}b`;
  const table = { tableRows: [{ tableCells: [cell(paragraph([run(text)]))] }] };
  expect(readDocumentTree(document({ table }))).toContain(text);
});

test("tables in each other are read to a depth", () => {
  let content: unknown = paragraph([run("deepest")]);
  for (let depth = 0; depth < 200; depth++)
    content = { table: { tableRows: [{ tableCells: [cell(content)] }] } };
  expect(readDocumentTree(document(content))).not.toContain("deepest");
});
