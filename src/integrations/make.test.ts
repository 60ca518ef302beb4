import { expect, it } from "vitest";
import { readMarkdown } from "#catalog/load/source.js";
import { importDescription } from "#importer/import-description.js";
import { make, toRoutes } from "#integrations/make.js";
import { described } from "#support/imported.js";

const things = {
  operationId: "listThings",
  parameters: [{ name: "q", in: "query", schema: { type: "string" } }],
};
const { files } = importDescription(
  { text: described([things, { ...things, method: "post", operationId: "addThing" }]) },
  { slug: "shop" },
);
const generated = new Map(files.map(({ path, ...file }) => [path, file]));
const sources = { slug: "shop", generated, isGenerated: true };
const nothing = { routes: [] };

it("the content that comes with a generated file is what its text says", () => {
  const known = files.filter((file) => file.known);
  expect(known).toHaveLength(2);
  for (const { path, text, known: content } of known) {
    const { source, body } = readMarkdown(path, text, [])!;
    expect({ value: source.value, body }).toEqual(content);
  }
});

it("a generated file that does not load is left out, and named", () => {
  const broken = new Map(generated).set("endpoints/things/bad_thing.md", { text: "---\nsummary: x\n---\n" });
  const { loaded, dropped } = make({ ...sources, generated: broken, overlay: new Map() }, nothing);
  expect([...loaded!.integration.endpoints.keys()].sort()).toEqual(["add_thing", "list_things"]);
  expect(dropped[0]).toMatchObject({ file: "shop/endpoints/things/bad_thing.md" });
});

it("a file of an overlay that fits nothing keeps to the bounds as well", () => {
  const overlay = new Map([["endpoints/../../x.md", "---\nsummary: x\n---\n"]]);
  expect(make({ ...sources, overlay }, nothing)).toMatchObject({
    loaded: null,
    problems: [{ message: "has a path that is not one of a folder" }],
  });
});

it("the former name of an endpoint stands in its file, also when somebody wrote that", () => {
  const made = make({ ...sources, overlay: new Map() }, nothing);
  const before = toRoutes(made).map((it) => ({
    ...{ ...it, name: it.name.replace("list", "find"), formerly: [] },
    ...{ enabled: true, offReason: null, path: null, text: null },
  }));
  const written = new Map([...generated].map(([path, { text }]) => [path, { text }]));
  for (const files of [generated, written]) {
    const anew = make({ ...sources, generated: files, overlay: new Map() }, { routes: before });
    expect(anew.loaded!.integration.endpoints.get("list_things")!.formerly).toEqual(["find_things"]);
    const [, { text }] = [...anew.generated].find(([path]) => path.endsWith("list_things.md"))!;
    expect(readMarkdown("x", text, [])!.source.value).toMatchObject({ formerly: ["find_things"] });
  }
});
