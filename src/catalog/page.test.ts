import { expect, test } from "vitest";
import { parse } from "yaml";
import { commandLine } from "#catalog/command-line.js";
import { loadCatalog } from "#catalog/load/load.js";
import { endpointPage, skillFiles } from "#catalog/page.js";
import { acme, withFiles } from "#support/catalog-fixtures.js";

const catalog = withFiles(acme, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} }));
const endpoint = catalog.endpoint("acme", "write_file");

test("a page has everything needed for a call", () => {
  const lines = endpointPage(endpoint).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "# acme write_file",
      "Write a file.",
      "- Request: `PUT /repos/{repo}/files/{path}`",
      "- Effect: write",
      "- Scopes: `files`",
      "| `content` | string | yes | Text of the file |",
      "| `state` | string |  | State of the file. One of `draft`, `final` |",
      "| `author` | object |  | Who wrote it |",
      "| `author.name` | string | yes | Name |",
      "| `author.mail_address` | string |  | Address. Format email |",
      "The file.",
      'skillett run acme write_file --repo a/b --path "docs/read me.md" --content Hi',
      "Read it first.",
    ]),
  );
});

test("the page of a destructive endpoint says that it cannot be undone", () => {
  expect(endpointPage(catalog.endpoint("acme", "delete_item"))).toContain(
    "- Effect: destructive (cannot be undone)",
  );
});

test("the download is SKILL.md with a table of endpoints, then their pages", () => {
  const [skill, ...pages] = skillFiles(catalog.integration("acme"));
  expect(skill!.path).toBe("SKILL.md");
  expect(skill!.content).toMatch(/^---\nname: skillett-acme\n.*Be kind\.\n\n## Endpoints\n\n\| Resource/s);
  expect(skill!.content).toContain("| files | [write_file](endpoints/files/write_file.md) | Write a file |");
  expect(pages.map(({ path }) => path)).toContain("endpoints/files/write_file.md");
  expect(pages).toHaveLength(5);
  for (const { content } of pages) {
    const [, matter, page] = /^---\n(.*?)\n---\n\n(.*)$/s.exec(content)!;
    expect(matter).toMatch(/^name: \w+\nmethod: [A-Z]+\nintegration: acme\nsummary: .+\neffect: \w+$/);
    const { name, summary } = parse(matter!);
    expect(catalog.endpoint("acme", name)).toMatchObject({ summary });
    expect(endpointPage(catalog.endpoint("acme", name))).toBe(page);
  }
});

test("a command line survives a shell", () => {
  const params = { a: 'it\'s "$HOME" `x` \\', b: [1, "-x"], c: false, d: true, e: { f: ["g h"] }, h: [] };
  expect(commandLine(endpoint, params).replaceAll(" \\\n ", "")).toBe(
    `skillett run acme write_file --a 'it'\\''s "$HOME" \`x\` \\' --b 1 --b=-x --no-c --d --e '{"f":["g h"]}' --h "[]"`,
  );
});
