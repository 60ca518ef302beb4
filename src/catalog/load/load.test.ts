import { describe, expect, test } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import { acme, problemsIn, withFiles } from "#support/catalog-fixtures.js";

const issueFile = "acme/endpoints/items/list_items.md";

/** Acme, with a text of one of its files replaced. */
function changed(file: string, from: string, to: string): Record<string, string> {
  const text = acme[file]!;
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { ...acme, [file]: text.replace(from, to) };
}

test("a good folder becomes an integration", () => {
  const catalog = withFiles(acme, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} }));
  const integration = catalog.integration("acme");
  expect(integration).toMatchObject({
    slug: "acme",
    baseUrl: "https://api.acme.test/v1",
    account: { method: "GET", path: "/me", id: "user.id", name: "user.login" },
    refusals: [{ class: "dead", body: { error: ["bad_token", "gone"] } }],
    suggestedSkills: ["tidy-up"],
  });
  expect([...integration.endpoints.keys()]).toEqual([
    "write_file",
    "delete_item",
    "list_items",
    "post_form",
    "send_mail",
  ]);
  const { params, placements } = catalog.endpoint("acme", "write_file");
  expect(params.required).toEqual(["repo", "path", "content"]);
  expect(params.properties.author).toMatchObject({
    required: ["name"],
    properties: { name: { type: "string" } },
  });
  expect(params.properties.content).toEqual({ type: "string", description: "Text of the file" });
  expect(placements.repo).toEqual({
    in: "path",
    name: "repo",
    segments: 2,
    array: "repeat",
    style: null,
    encode: null,
    part: null,
    file: null,
  });
});

test("a base URL can be replaced, and its last slash does not count", () => {
  const baseUrls = { acme: "http://127.0.0.1:9/api/" };
  const catalog = withFiles(acme, (dir) => loadCatalog({ dirs: [dir], baseUrls }));
  expect(catalog.integration("acme").baseUrl).toBe("http://127.0.0.1:9/api");
});

describe("problems of an integration", () => {
  test.each<[string, string, string, string]>([
    [issueFile, "summary: List", "sumary: List", `${issueFile}:2: sumary: is unknown. Did you mean summary?`],
    [
      issueFile,
      "effect: read",
      "effect: reads",
      "12: effect: must be one of read, write, destructive. Did you mean read?",
    ],
    [issueFile, "returns: The items.", "returns: 7", "14: returns: must be a string, not a number"],
    [issueFile, "request: GET", "request: GETS", "3: request: must match pattern"],
    [issueFile, "{org}", "{organ}", "3: request: {organ} is not in params"],
    [issueFile, "/items\n", "//items\n", "3: request: the path has an empty segment"],
    [issueFile, "/items\n", "/../items\n", "3: request: the path has an empty segment"],
    [issueFile, "/items\n", "/{items\n", "3: request: path params are written {name}"],
    [
      issueFile,
      "done: { type: boolean",
      "done: { in: path, type: boolean",
      "9: params.done.in: the path of the request has no {done}",
    ],
    [issueFile, "org: { type", "org: { in: query, type", "5: params.org.in: it stands in the path"],
    [issueFile, "done: {", "url: {", "9: params.url: is a reserved name"],
    [issueFile, "done: {", "toString: {", "9: params.toString: is a name JavaScript objects have"],
    [issueFile, "done: {", "done-or: {", "9: params.done-or: is not a valid name"],
    [
      issueFile,
      "done: { type: boolean",
      "done: { type: object",
      "9: params.done.type: a query param is string",
    ],
    [
      issueFile,
      "done: { type: boolean",
      "done: { as: query, type: boolean",
      "9: params.done: goes to the same place as q",
    ],
    [
      issueFile,
      "done: { type: boolean",
      "done: { segments: 2, type: boolean",
      "9: params.done.segments: is for path params only",
    ],
    [issueFile, "as: x-trace", "as: Authorization", "as: a header name is lower-case"],
    [issueFile, "as: x-trace", "as: authorization", "as: the header authorization is not for params"],
    [issueFile, "in: header", "in: body", "in: a GET has no body"],
    [issueFile, "Read the first page only.\n", "", "has no text after the front matter"],
    [issueFile, "---\nsummary", "summary", `${issueFile}:1: has no front matter`],
    [issueFile, "scopes: []", "scopes: [", "YAML: "],
    [issueFile, "scopes: []", "scopes: [a, [b]]", "13: scopes.1: must NOT have fewer than 2 items"],
    [issueFile, "scopes: []", "scopes: [a, [b, b]]", "13: scopes.1: must NOT have duplicate items"],
    [
      issueFile,
      "scopes: []",
      `scopes: &a [${"x, ".repeat(20)}]\nb: &b [${"*a, ".repeat(20)}]\nc: [${"*b, ".repeat(20)}]`,
      `${issueFile}:2: YAML: Excessive alias count`,
    ],
    [issueFile, "scopes: []", "scopes: []\nscopes: []", "14: YAML: Map keys must be unique"],
    [issueFile, "params: { q: a b", "parms: { q: a b", "16: example.parms: is unknown. Did you mean params?"],
    [
      "acme/endpoints/items/post_form.md",
      "text: { type: string",
      "text: { type: object",
      "6: params.text.type: a form has no objects",
    ],
    [
      "acme/endpoints/mail/send_mail.md",
      "to: { type: string",
      "to: { type: array",
      "7: params.to.type: this part of a message is a string",
    ],
    [
      "acme/integration.yaml",
      "category: developer",
      "category: Developer",
      "acme/integration.yaml:3: category: must match",
    ],
    [
      "acme/integration.yaml",
      "base_url: https://",
      "base_url: ftp://",
      "4: base_url: must be an http or https URL",
    ],
    [
      "acme/integration.yaml",
      "https://",
      "https://u:p@",
      "4: base_url: must not hold a user name or password",
    ],
    ["acme/integration.yaml", "acme.test/v1", "acme.test/v1?a=b", "4: base_url: must not have a query"],
    [
      "acme/integration.yaml",
      "Bearer {token}",
      "Bearer {tokn}",
      "12: auth.token.headers.authorization: {tokn} is not among the fields",
    ],
    [
      "acme/integration.yaml",
      "Bearer {token}",
      "Bearer",
      "10: auth.token.fields.token: is asked for but sent nowhere",
    ],
    [
      "acme/integration.yaml",
      "name: user.login",
      "name: user..login",
      "24: account.name: must match pattern",
    ],
    [
      "acme/integration.yaml",
      "name: user.login",
      'name: "{user.login"',
      "24: account.name: must match pattern",
    ],
    [
      "acme/integration.yaml",
      "suggested_skills:",
      "rate_limit: { remainig: a }\nsuggested_skills:",
      "27: rate_limit.remainig: is unknown. Did you mean remaining?",
    ],
    ["acme/integration.yaml", "name: Acme\n", "", "acme/integration.yaml:1: name: is required"],
    ["acme/SKILL.md", "name: skillett-acme", "name: acme", "acme/SKILL.md:2: name: must be skillett-acme"],
    ["acme/SKILL.md", "license:", "version: 1\nlicense:", "acme/SKILL.md:4: version: is unknown."],
    [
      "acme/SKILL.md",
      "Work with Acme.",
      "x".repeat(1025),
      "acme/SKILL.md:3: description: must have at most 1024 characters",
    ],
  ])("%s with %j written as %j is refused with file, line and place", (file, from, to, expected) => {
    const found = problemsIn(changed(file, from, to));
    expect(found.map((line) => line.startsWith(`${file}:`))).not.toContain(false);
    expect(found.join("\n")).toContain(expected);
  });
});

test("all problems of all files are reported together", () => {
  const files = {
    ...changed(issueFile, "effect: read", "effect: reads"),
    "acme/SKILL.md": "no front matter",
    "acme/endpoints/stray.md": "",
    "acme/endpoints/items/notes.txt": "",
    "acme/endpoints/items/download.md": acme[issueFile]!,
    "acme/endpoints/files/delete_item.md": acme["acme/endpoints/items/delete_item.md"]!,
    "acme/endpoints/items/Bad-Name.md": acme[issueFile]!,
    "skills/integration.yaml": acme["acme/integration.yaml"]!,
    "admin/README.md": "",
    "Bad/README.md": "",
    "README.md": "plain files beside the folders are nobody's business",
    ".git/config": "nor are hidden ones",
  };
  const found = problemsIn(files, { baseUrls: { acne: "https://x.test", acme: "nowhere" } });
  expect(found.map((line) => line.replace(/:\d+:/, ":"))).toEqual([
    "Bad: a slug is lower-case letters, digits and dashes",
    "Bad/integration.yaml: is missing",
    "Bad/SKILL.md: is missing",
    "Bad/endpoints: has no endpoint files",
    "acme/SKILL.md: has no front matter: start with ---, YAML, and --- again",
    "acme/endpoints/items/notes.txt: is misplaced: endpoints are endpoints/<resource>/<name>.md",
    "acme/endpoints/stray.md: is misplaced: endpoints are endpoints/<resource>/<name>.md",
    "acme/endpoints/items/Bad-Name.md: the file name Bad-Name is not of the form verb_object",
    "acme/endpoints/items/download.md: the name download is reserved",
    "acme/endpoints/items/list_items.md: effect: must be one of read, write, destructive. Did you mean read?",
    "acme/endpoints/items/delete_item.md: the name delete_item is taken by acme/endpoints/files/delete_item.md",
    "admin: the slug is reserved",
    "admin/integration.yaml: is missing",
    "admin/SKILL.md: is missing",
    "admin/endpoints: has no endpoint files",
    "skills: the slug is reserved",
    "skills/SKILL.md: is missing",
    "skills/endpoints: has no endpoint files",
    "base URL of acne: there is no such integration. Did you mean acme?",
    "base URL of acme: must be an http or https URL",
  ]);
});

describe("a further directory", () => {
  const load = (files: Record<string, string>) =>
    withFiles(acme, (ours) =>
      withFiles(files, (theirs) => loadCatalog({ dirs: [ours, theirs], baseUrls: {} })),
    );
  const other = (text: (content: string) => string = (content) => content) =>
    Object.fromEntries(
      Object.entries(acme).map(([path, content]) => [
        path.replace("acme", "other"),
        text(content.replace("skillett-acme", "skillett-other")),
      ]),
    );

  test("a further directory adds its integrations", () => {
    expect([...load(other()).integrations.keys()]).toEqual(["acme", "other"]);
  });

  test("a further directory cannot replace an integration", () => {
    expect(() => load(acme)).toThrow("acme: there is an integration of this slug in another directory");
  });

  test.each([
    ["query: a b", "query: a c", 'list_items.md:20: example.sends.query: the params make it {"query":"a b"'],
    [
      "params: { q: a b",
      "params: { q: 1",
      "list_items.md:16: example.params.q: must be a string, not a number",
    ],
    [
      "description: Only these",
      "descripton: x, description: y",
      "list_items.md:9: params.done.descripton: is unknown. Did you mean description?",
    ],
    [
      "maximum: 100, default: 30",
      "maximum: 20, default: 30",
      "list_items.md:10: params.limit.default: must be <= 20",
    ],
    ["type: integer, minimum", "type: integr, minimum", "list_items.md:10: params.limit"],
    [
      "message: |\n      To: Ada",
      "message: |\n      To: Bob",
      "send_mail.md:25: example.sends.message: the params make it",
    ],
  ])("an example of a further directory is checked: %j written as %j", (from, to, expected) => {
    expect(() => load(other((content) => content.replace(from, to)))).toThrow(expected);
  });
});

test("a directory that is not there is a problem", () => {
  const dir = withFiles({}, (path) => path);
  expect(() => loadCatalog({ dirs: [dir], baseUrls: {} })).toThrow(`${dir}: is not a directory`);
});
