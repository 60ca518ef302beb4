import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Catalog } from "#catalog/catalog.js";
import { endpointFrontMatter, providerYaml } from "#catalog/front-matter.js";
import { step } from "#catalog/front-matter-steps.js";
import { loadCatalog } from "#catalog/load/load.js";
import { decoders, mailHeaders } from "#catalog/view.js";
import { endpointProblems, withFiles } from "#support/catalog-fixtures.js";

const manual = readFileSync(fileURLToPath(new URL("../../../docs/integrations.md", import.meta.url)), "utf8");

/** The files of the manual: a path in backticks, then the content in a fence. */
const files = Object.fromEntries(
  [...manual.matchAll(/^`([\w/-]+\.\w+)`\n\n```\w+\n([\s\S]*?)^```$/gm)].map(([, path, content]) => [
    path!,
    content!,
  ]),
);

/** Parts of an integration.yaml, each of which begins with its name. */
const parts = [...manual.matchAll(/^```yaml\n((\w+):\n[\s\S]*?)^```$/gm)]
  .filter(([, , name]) => ["auth", "account", "refusals", "refused", "rate_limit"].includes(name!))
  .map(([, text, name]) => ({ name: name!, text: text! }));

/** Base URLs with settings, and what goes with them. */
const hosted = [...manual.matchAll(/^```yaml\n(base_url: [\s\S]*?)^```$/gm)].map(([, text]) => text!);

/** Parts of an endpoint's front matter, by the first of their fields. */
const endpointParts = [...manual.matchAll(/^```yaml\n((\w+):[\s\S]*?)^```$/gm)]
  .filter(([, , name]) => ["constants", "request"].includes(name!))
  .map(([, text]) => text!);

/** After another directory, since the examples of the first one are not checked. */
function load(more: Record<string, string>): Catalog {
  return withFiles({ "README.md": "" }, (ours) =>
    withFiles({ ...files, ...more }, (dir) => loadCatalog({ dirs: [ours, dir], baseUrls: {} })),
  );
}

describe("docs/integrations.md", () => {
  test("the manual has a first integration and a provider that load", () => {
    const catalog = load({});
    expect([...catalog.integrations.keys()]).toEqual(["inventory"]);
    expect([...catalog.providers.keys()]).toEqual(["acme"]);
  });

  test.each(parts)("the manual has a $name that loads: $text", ({ name, text }) => {
    const file = "inventory/integration.yaml";
    const others = files[file]!.replace(new RegExp(`^${name}:\\n(?: .*\\n)*`, "m"), "");
    expect(load({ [file]: others + text }).integrations.size).toBe(1);
  });

  test.each(hosted)("the manual has settings that load: %s", (text) => {
    const file = "inventory/integration.yaml";
    const names = [...text.matchAll(/^(\w+):/gm)].map(([, name]) => name);
    const others = files[file]!.replace(new RegExp(`^(${names.join("|")}):.*\\n(?: .*\\n)*`, "gm"), "");
    const { settings } = load({ [file]: others + text }).integration("inventory");
    expect(Object.keys(settings)).toHaveLength(1);
  });

  test.each(endpointParts)("the manual has a part of an endpoint that loads: %s", (text) => {
    const given = new Set([...text.matchAll(/^(\w+):/gm)].map(([, name]) => name));
    const others = Object.entries({
      summary: "Try it",
      request: "POST /try",
      params: "{}",
      effect: "write",
      scopes: "[]",
      returns: "It.",
      example: "{ params: {}, sends: { method: POST, url: /try } }",
    }).flatMap(([name, value]) => (given.has(name) ? [] : [`${name}: ${value}\n`]));
    const problems = endpointProblems(text + others.join(""));
    expect(problems.filter((problem) => given.has("example") || !/ example\b/.test(problem))).toEqual([]);
  });

  test("the manual names every field of an endpoint", () => {
    const names = Object.keys(endpointFrontMatter.properties).filter((name) => name !== "idempotency");
    expect(names.filter((name) => !new RegExp(`\\| \`${name}\``).test(manual))).toEqual([]);
  });

  test("the manual shows steps of endpoints that ship, and names every field of a step", () => {
    const shown = [...manual.matchAll(/^```yaml\n(steps:\n[\s\S]*?)^```$/gm)].map(([, text]) => text!);
    const shipped = [
      "github/endpoints/repos/create_branch.md",
      "gmail/endpoints/messages/list_message_summaries.md",
    ];
    const texts = shipped.map((path) =>
      readFileSync(fileURLToPath(new URL(`../../../integrations/${path}`, import.meta.url)), "utf8"),
    );
    expect(shown).toHaveLength(2);
    for (const [at, text] of shown.entries()) expect(texts[at]).toContain(text);
    expect(Object.keys(step.properties).filter((name) => !manual.includes(`| \`${name}\` |`))).toEqual([]);
  });

  test("the manual names every field of a provider", () => {
    const { revoke, assertion, ...fields } = providerYaml.properties;
    const names = [
      ...Object.keys(fields),
      ...Object.keys(revoke.properties),
      ...Object.keys(assertion.properties),
    ];
    expect(names.filter((name) => !manual.includes(`| \`${name}\` |`))).toEqual([]);
  });

  test("the manual has views that load, and names every part and decoder of them", () => {
    const file = "inventory/endpoints/articles/get_article.md";
    const [view] = /^views:\n(?: .*\n)*/m.exec(manual)!;
    const { views } = load({ [file]: files[file]!.replace("example:", `${view}example:`) }).endpoint(
      "inventory",
      "get_article",
    );
    expect(Object.keys(views.readable!)).toEqual(["id", "labels", "body", "comments", "mail"]);
    const parts = Object.keys(views.readable!.id!);
    expect([...parts, ...decoders].filter((name) => !manual.includes(`| \`${name}\` |`))).toEqual([]);
    expect(mailHeaders.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  });
});
