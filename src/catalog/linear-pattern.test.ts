import { expect, test } from "vitest";
import { LinearPattern, linearPatterns, patternIssue } from "#catalog/linear-pattern.js";
import { loadCatalog, readCatalog } from "#catalog/load/load.js";
import { createSchemaCompiler } from "#core/schema-check.js";
import { acme, endpointProblems, paramIssues, tryEndpoint, withFiles } from "#support/catalog-fixtures.js";

const endpoint = (schema: string, example = "ok") => `summary: Try
request: POST /try
params:
  text: { type: string, description: A text, ${schema} }
  deep: { type: object, description: An object, properties: { text: { type: string, ${schema} } } }
effect: write
scopes: []
returns: It.
example:
  params: { text: ${example} }
  sends: { method: POST, url: /try, json: { text: ${example} } }`;

// A backtracking engine takes longer than the age of the universe for each of these.
const evil = "a".repeat(5_000);

test.each(["^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(.*a){20}$", "^(?:a*)*$"])(
  "the pattern %s of a param takes no time that grows beyond the text",
  (pattern) => {
    const { plan } = tryEndpoint(endpoint(`pattern: "${pattern}"`));
    expect(paramIssues(plan, { text: `${evil}!`, deep: { text: `${evil}!` } })).toEqual([
      `params.text must match pattern "${pattern}"`,
      `params.deep.text must match pattern "${pattern}"`,
    ]);
    expect(plan({ text: "a".repeat(25) })).toMatchObject({ method: "POST" });
  },
);

test.each([
  ["^[a-z0-9_+-]{1,40}$", "tada", "Tada"],
  ["^\\\\d{4}-\\\\d{2}$", "2026-11", "2026-1"],
  ["^\\\\p{L}+$", "Grüße", "a1"],
  ["^[\\\\u00e0-\\\\u00ff]$", "ä", "a"],
  ["^(heads|tags)/.+", "heads/main", "main"],
  ["^[^:\\\\s]+(::[^:\\\\s]+)?$", "thumbsup::skin", "a b"],
  ["x", "axb", "ab"],
])("the pattern %s takes %s, and not %s", (pattern, good, bad) => {
  const { plan } = tryEndpoint(endpoint(`pattern: "${pattern}"`));
  expect(plan({ text: good })).toMatchObject({ method: "POST" });
  expect(paramIssues(plan, { text: bad })).toHaveLength(1);
});

test("patterns of one compiler are told apart", () => {
  const compile = createSchemaCompiler({ regExp: linearPatterns });
  const properties = { a: { type: "string", pattern: "^a$" }, b: { type: "string", pattern: "^b$" } };
  expect(compile({ type: "object", properties })({ a: "a", b: "b" })).toEqual([]);
  expect(compile({ type: "object", properties })({ a: "b", b: "a" })).toHaveLength(2);
  expect(compile({ type: "string", pattern: "^c$" })("c")).toEqual([]);
});

test("every example that ships is taken by these patterns", () => {
  const { problems } = withFiles({ "README.md": "" }, (ours) => readCatalog([ours, "integrations"]));
  expect(problems).toEqual([]);
});

test.each(["(?=a)b", "(?!a)b", "(a)\\\\1", "a{1,1001}", "((a{1,99}){1,99})", "(", "(?i)a", "[z-a]"])(
  "the pattern %s is a problem of the file",
  (pattern) => {
    const problems = endpointProblems(endpoint(`pattern: "${pattern}"`));
    expect(problems).not.toEqual([]);
    expect(problems.join("\n")).toMatch(/^\d+: params\.(text|deep)/m);
  },
);

test("the pattern of a setting is held to the same", () => {
  const withSetting = (pattern: string) => ({
    ...acme,
    "acme/integration.yaml": acme["acme/integration.yaml"]!.replace(
      "base_url: https://api.acme.test/v1\n",
      `base_url: https://{site}.acme.test/v1\nsettings: { site: { label: Site, help: It., pattern: "${pattern}" } }\n`,
    ),
  });
  const load = (pattern: string) =>
    withFiles(withSetting(pattern), (dir) => loadCatalog({ dirs: [dir], baseUrls: {} }));
  const { pattern } = load("(a+)+").integration("acme").settings.site!;
  expect([pattern!.test(`${evil}!`), pattern!.test("aaa")]).toEqual([false, true]);
  expect(() => load("(?=a)a")).toThrow(
    "acme/integration.yaml:5: settings.site.pattern: is no regular expression that can be used",
  );
});

test("a pattern that cannot be used is known as such", () => {
  expect(patternIssue("^a$")).toBeNull();
  expect(patternIssue("(?i)a")).toMatch(/^is no regular expression that can be used: /);
  expect(() => new LinearPattern("(?=a)").test("a")).toThrow(/patterns are of RE2/);
});

test("several patterns in one schema, and in several, are each their own", () => {
  const compile = createSchemaCompiler({ regExp: linearPatterns });
  const check = compile({
    type: "object",
    properties: { a: { type: "string", pattern: "^a+$" }, b: { type: "string", pattern: "^b+$" } },
  });
  expect(check({ a: "a", b: "b" })).toEqual([]);
  expect(check({ a: "b", b: "a" })).toHaveLength(2);
  expect(compile({ type: "string", pattern: "^c+$" })("c")).toEqual([]);
});
