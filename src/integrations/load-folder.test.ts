import { expect, it } from "vitest";
import { loadFolder } from "#integrations/load-folder.js";
import { acme } from "#support/catalog-fixtures.js";

const texts = Object.entries(acme).map(([path, text]) => [path.slice("acme/".length), text] as const);
const load = (changes: Record<string, string | null> = {}) => {
  const files = new Map<string, string>(texts);
  for (const [path, text] of Object.entries(changes))
    text === null ? files.delete(path) : files.set(path, text);
  return loadFolder("acme", new Map([...files].map(([path, text]) => [path, { text }])));
};
const problems = (changes: Record<string, string | null>) =>
  load(changes).problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
const yaml = acme["acme/integration.yaml"]!;

it("a folder of text is an integration", () => {
  const { loaded, problems } = load({ "README.md": "For people." });
  expect(problems).toEqual([]);
  expect([...loaded!.integration.endpoints.keys()]).toContain("write_file");
});

it("a folder is told all that is wrong with it, with files and lines", () => {
  expect(
    problems({
      "integration.yaml": yaml.replace("category:", "categroy:"),
      "endpoints/items/list_items.md": "no front matter",
      "endpoints/loose.md": "x",
      "SKILL.md": null,
    }),
  ).toEqual([
    "acme/integration.yaml:1: category: is required",
    "acme/integration.yaml:3: categroy: is unknown. Did you mean category?",
    "acme/SKILL.md:null: is missing",
    "acme/endpoints/loose.md:null: is misplaced: endpoints are endpoints/<resource>/<name>.md",
    expect.stringMatching(/^acme\/endpoints\/items\/list_items\.md:1: has no front matter/),
  ]);
});

it("a folder of a tenant names no service of this program and no sign-in client of the instance", () => {
  expect(
    problems({
      "integration.yaml": yaml
        .replace("https://api.acme.test/v1", "inside://sandbox")
        .replace("auth:\n", "auth:\n  oauth2: { provider: google, scopes: [mail] }\n"),
    }).filter((it) => /of a service|of the operator/.test(it)),
  ).toEqual([
    expect.stringMatching(/^acme\/integration\.yaml:4: base_url: is of a service of this program/),
    expect.stringMatching(
      /^acme\/integration\.yaml:8: auth\.oauth2\.provider: is for folders of the operator/,
    ),
  ]);
});

it("the example of an endpoint must make the request that it says", () => {
  const path = "endpoints/files/write_file.md";
  const text = acme[`acme/${path}`]!;
  expect(problems({ [path]: text.replace("method: PUT", "method: POST") })).toHaveLength(1);
});

it.each([
  "../x.md",
  "/etc/x.md",
  "endpoints/../../x.md",
  "a\\b.md",
  "a\nb.md",
  "a\u202eb.md",
  "__proto__",
  "endpoints//x.md",
  "x".repeat(300),
])("the path %j is refused", (path) => {
  expect(problems({ [path]: "x" })).toEqual([expect.stringMatching(/:null: has a path that is (not|too)/)]);
});

it("a folder that is too large is refused before it is read", () => {
  expect(problems({ "endpoints/a/b.md": "x".repeat(65 * 1024) })).toEqual([
    "acme/endpoints/a/b.md:null: is over 64 KiB",
  ]);
  const many = new Map(Array.from({ length: 20_001 }, (_, at) => [`${at}.md`, { text: "" }] as const));
  expect(loadFolder("acme", many).problems).toEqual([
    { file: "acme", line: null, message: "has over 20000 files" },
  ]);
});

it.each([
  ["base_url: stdio://notes\nprotocol: mcp", "must be an http or https URL"],
  ["base_url: stdio://notes", "must be an http or https URL"],
  [
    "base_url: 'stdio:{part}'\nprotocol: mcp\nsettings: { part: { label: Part, help: Its part. } }",
    "must be",
  ],
])("a folder names no command of the operator (%s)", (url, why) => {
  const named = yaml.replace(/base_url: .*/, url);
  expect(problems({ "integration.yaml": named }).join("\n")).toContain(why);
});
