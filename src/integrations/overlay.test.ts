import { expect, it } from "vitest";
import { loadFolder } from "#integrations/load-folder.js";
import { refine } from "#integrations/overlay.js";
import { acme } from "#support/catalog-fixtures.js";

const generated = new Map(
  Object.entries(acme).map(([path, text]) => [path.slice("acme/".length), { text }] as const),
);

function load(overlay: Record<string, string>, formerly: Record<string, string[]> = {}) {
  const { draft, refined, unused, problems } = refine(
    "acme",
    generated,
    new Map(Object.entries(overlay)),
    new Map(Object.entries(formerly)),
  );
  const loaded = loadFolder("acme", draft, { refined, isGenerated: true });
  return { ...loaded, unused, problems: [...problems, ...loaded.problems] };
}

const path = "endpoints/files/write_file.md";
const write = (overlay: Record<string, string>, formerly?: Record<string, string[]>) => {
  const { loaded, problems } = load(overlay, formerly);
  expect(problems).toEqual([]);
  return loaded!.integration.endpoints.get("write_file")!;
};

it("an overlay refines front matter key by key, and leaves the rest as it was generated", () => {
  const before = write({});
  const after = write({
    [path]: "---\nsummary: Save a file\nparams:\n  content: { description: What stands in it }\n---\n",
  });
  expect(after.summary).toBe("Save a file");
  expect(after.params.properties.content).toEqual({
    ...before.params.properties.content,
    description: "What stands in it",
  });
  expect(after.notes).toBe(before.notes);
  expect(after.example).toEqual(before.example);
});

it("null in an overlay removes a key and a param, and its body replaces that which was generated", () => {
  const after = write({ [path]: "---\nparams:\n  state: null\nerrors: null\n---\nMind the gap.\n" });
  expect(Object.keys(after.params.properties)).not.toContain("state");
  expect(after.notes).toContain("Mind the gap.");
});

it("a generated example makes the request of the refined endpoint", () => {
  const after = write({ [path]: "---\nparams:\n  content: { as: text }\n---\n" });
  expect(after.example.sends.json).toMatchObject({ text: "Hi" });
  const { problems } = load({
    [path]: `---\nparams:\n  content: { as: text }\nexample:\n  params: { repo: a/b, path: a, content: Hi }\n  sends: { method: PUT, url: /x }\n---\n`,
  });
  expect(problems).toMatchObject([
    { file: `acme/${path}`, line: 6, message: expect.stringMatching(/^example\.sends\.url/) },
    { file: `acme/${path}`, line: 6, message: expect.stringMatching(/^example\.sends\.json/) },
  ]);
});

it("a problem of an overlay has the line of the overlay", () => {
  expect(load({ [path]: "---\nsummary: Save\nefect: write\n---\n" }).problems).toEqual([
    { file: `acme/${path}`, line: 3, message: "efect: is unknown. Did you mean effect?" },
  ]);
  expect(load({ [path]: "no front matter" }).problems).toMatchObject([{ file: `acme/${path}`, line: 1 }]);
});

it("an overlay of an endpoint that is gone is named, and follows one that was renamed", () => {
  const overlay = { "endpoints/files/save_file.md": "---\nsummary: Save a file\n---\n" };
  expect(load(overlay)).toMatchObject({ unused: ["endpoints/files/save_file.md"], problems: [] });
  expect(write(overlay, { write_file: ["save_file"] }).summary).toBe("Save a file");
});

it("an overlay may add endpoints, and refine integration.yaml and SKILL.md", () => {
  const { loaded, problems } = load({
    "integration.yaml": "name: Acme Corp\nsuggested_skills: null\n",
    "SKILL.md": "---\ndescription: Ours.\n---\n",
    "search.yaml": "words: [gadget]\n",
    "endpoints/items/count_items.md":
      "---\nsummary: Count items\nrequest: GET /count\neffect: read\nscopes: []\nreturns: A number.\nexample: { params: {}, sends: { method: GET, url: /count } }\n---\nIt counts.\n",
  });
  expect(problems).toEqual([]);
  const { integration } = loaded!;
  expect(integration).toMatchObject({
    name: "Acme Corp",
    suggestedSkills: [],
    search: { words: ["gadget"] },
  });
  expect(integration.skill).toMatch(/description: Ours\..*Be kind\./s);
  expect([...integration.endpoints.keys()]).toContain("count_items");
});
