import { describe, expect, it, test } from "vitest";
import { endpointPage } from "#catalog/page.js";
import { endpointProblems, tryEndpoint } from "#support/catalog-fixtures.js";

/** A file with steps says what can be known to be wrong, each with its line. */

const good = `summary: Tidy up
params:
  org: { type: string, description: Whose items }
  repo: { type: string, required: true, description: owner/name }
steps:
  list:
    call: list_items
    params: { org: "{org}", limit: 5 }
  written:
    call: write_file
    params: { repo: "{repo}", path: items.json, content: "{list.items.0.name}" }
returns: The file.
example:
  params: { repo: a/b }
  answers:
    list: { items: [{ name: Hi }] }
  sends:
    - { method: GET, url: /orgs/me/items, query: { limit: "5" } }
    - { method: PUT, url: /repos/a/b/files/items.json, json: { content: Hi } }`;

const reading = `summary: Look
params:
  q: { type: string, description: Words }
steps:
  list:
    call: list_items
    params: { q: "{q}" }
  others:
    call: list_items
    each: "{list.items}"
    params: { q: "{item.name}" }
returns: The items.
example:
  params: { q: x }
  answers:
    list: { items: [{ name: a }, { name: b }] }
  sends:
    - { method: GET, url: /orgs/me/items, query: { query: x } }
    - { method: GET, url: /orgs/me/items, query: { query: a } }
    - { method: GET, url: /orgs/me/items, query: { query: b } }`;

describe("a file with steps", () => {
  it("a composite has what its calls have together", () => {
    const { endpoint } = tryEndpoint(good);
    expect(endpoint).toMatchObject({
      method: "PUT",
      path: "/repos/{repo}/files/{path}",
      effect: "write",
      irreversible: false,
      reaches: "outsiders",
      scopes: ["files"],
      params: { required: ["repo"] },
      composite: { answer: null },
    });
    expect(endpoint.composite!.steps).toEqual([
      { name: "list", call: "list_items", params: { org: "{org}", limit: 5 }, each: null, view: null },
      expect.objectContaining({ name: "written", call: "write_file", each: null }),
    ]);
    expect(endpointPage(endpoint)).toContain("It calls `list_items`, then `write_file`.");
    expect(endpointPage(endpoint)).not.toContain("Request:");
    expect([endpointProblems(good), endpointProblems(reading)]).toEqual([[], []]);
  });

  it("steps read the name and the size of a file that is given, and nothing else of it", () => {
    const withFile = (content: string) =>
      good
        .replace(
          "params:\n",
          "params:\n  file: { type: string, format: file, required: true, description: F }\n",
        )
        .replace("{list.items.0.name}", `{list.items.0.name} ${content}`)
        .replace(
          "{ repo: a/b }",
          "{ repo: a/b, file: file_1 }\n  files: { file_1: { name: a.txt, media_type: text/plain, text: Hi } }",
        )
        .replace("content: Hi }", "content: Hi a.txt 2 }");
    expect(endpointProblems(withFile("{file.name} {file.size}"))).toEqual([]);
    expect(endpointProblems(withFile("{file.sizes}"))).toEqual([
      expect.stringContaining("{file.sizes}: of a file there is name, size, media_type. Did you mean size?"),
    ]);
  });

  it("a composite that only reads reaches nobody, and asks ten times at most unless it says so", () => {
    const { endpoint } = tryEndpoint(reading);
    expect([endpoint.effect, endpoint.reaches, endpoint.composite!.steps[1]!.each]).toEqual([
      "read",
      "self",
      { list: "list.items", max: 10 },
    ]);
  });
});

const steps = (text: string) => [/steps:\n(?: .*\n)*/, `steps:\n${text}\n`] as const;
const called = "list: { call: list_items }";
const third = (params: string) =>
  ["returns:", `  third: { call: post_form, params: { ${params} } }\nreturns:`] as const;

/** The change to the good file, and the problem that it makes. */
const problems: [change: readonly [string | RegExp, string], problem: string][] = [
  [
    ["call: list_items", "call: list_item"],
    "8: steps.list.call: there is no endpoint list_item in this integration. Did you mean list_items?",
  ],
  [["call: list_items", "call: try_it"], "steps.list.call: try_it has steps itself"],
  [["limit: 5", "limitt: 5"], "steps.list.params.limitt: is no param of list_items. Did you mean limit?"],
  [["path: items.json, ", ""], "steps.written.params: write_file requires path"],
  [
    ['repo: "{repo}"', 'repo: "{org}"'],
    "steps.written.params.repo: write_file requires it, and {org} need not be given",
  ],
  [
    ["{list.items.0.name}", "{written.id}"],
    "steps.written.params.content: {written.id} is not known yet: written comes later",
  ],
  [['org: "{org}"', 'org: "{written.id}"'], "steps.list.params.org: {written.id} is not known yet"],
  [
    ["{list.items.0.name}", "{lost.items}"],
    "{lost.items} is neither a param nor an earlier step. Did you mean list?",
  ],
  [["{list.items.0.name}", "{list.}"], "{list.} is no placeholder"],
  [["{list.items.0.name}", "{}"], "{} is no placeholder"],
  [["{list.items.0.name}", "{item.name}{list.a}"], "{item} is for a step with each"],
  [["{list.items.0.name}", "nothing"], "steps.list: is called for nothing: nobody reads its answer"],
  [['org: "{org}", ', ""], "params.org: is read by no step"],
  [["limit: 5 }", "limit: 5 }\n    max: 3"], "steps.list.max: is for a step with each"],
  [["limit: 5 }", "limit: 5 }\n    view: readable"], "steps.list.view: list_items has no readable view"],
  [["limit: 5 }", "limit: 5 }\n    view: readble"], 'steps.list.view: must match pattern "^readable$"'],
  [
    ["limit: 5 }", "limit: 5 }\n    view: { id: { join: x } }"],
    "steps.list.view.id: says where its value is",
  ],
  [["limit: 5 }", "limit: 5 }\n    view: { id: id }"], "{list.items.0.name}: the view of list has no items"],
  [
    ["limit: 5 }", "limit: 5 }\n    repeatable: true"],
    "steps.list.repeatable: is for a write before the last step",
  ],
  [["limit: 5 }", "limit: 5 }\n    when: x"], "steps.list.when: is unknown"],
  [["  written:", "  item:"], "steps.item: is the name of the item of a list: take another"],
  [["  written:", "  repo:"], "steps.repo: is the name of a param: take another"],
  [["  written:", "  Written:"], "steps.Written: is not a valid name"],
  [["summary:", "request: GET /x\nsummary:"], "request: a file has a request or steps, not both"],
  [
    ["returns:", "scopes: []\nreturns:"],
    "scopes: is not for steps: the endpoints that they call have their own",
  ],
  [["returns:", "stpes: []\nreturns:"], "stpes: is unknown. Did you mean steps?"],
  [["org: { type: string", "org: { in: query, type: string"], "params.org.in: is for a request"],
  [["  org:", "  dry_run:"], "params.dry_run: is a reserved name: take another"],
  [["returns:", "effect: read\nreturns:"], "effect: is weaker than that of its calls, which is write"],
  [
    ["returns:", "reaches: self\nreturns:"],
    "reaches: is narrower than that of its calls, which is outsiders",
  ],
  [["returns:", 'target: "{repoo}"\nreturns:'], "target: {repoo} is not in params. Did you mean repo?"],
  [
    ["returns:", "answer: { a: lst.items }\nreturns:"],
    "answer.a: begins with the name of a step. Did you mean list?",
  ],
  [
    ["returns:", "answer: { a: list.items }\nreturns:"],
    "answer.a: an endpoint that changes something answers with its last step alone",
  ],
  [steps(`  ${called}`), "steps: has 1: an endpoint has two or three steps, or a request"],
  [steps(["a", "b", "c", "d"].map((name) => `  ${name}: { call: list_items }`).join("\n")), "steps: has 4"],
  [steps("  a: { call: list_items }\n  b: 7"), "steps.b: must be an object"],
  [steps("  - call: list_items"), "steps: must be an object, not an array"],
  [
    third('text: "{written.id}"'),
    "steps.written.call: write_file changes something, which only the last step may",
  ],
  [
    ["    params: { org", '    each: "{list.items}"\n    params: { org'],
    "steps.list.each: {list.items} is not known yet",
  ],
  [
    ["    params: { org", '    each: "{repo}"\n    params: { org'],
    "steps.list.each: is the list of an earlier step: {step.path}",
  ],
  [
    ["    params: { repo", '    each: "{list.items}"\n    params: { repo'],
    "steps.written.each: is for reading, and write_file is no read",
  ],
  [
    ["    params: { repo", '    each: "{list.a}{list.b}"\n    params: { repo'],
    "steps.written.each: is the list of an earlier step",
  ],
  [
    ["    params: { repo", '    each: "{list.a}"\n    max: 26\n    params: { repo'],
    "steps.written.max: must be <= 25",
  ],
  [['limit: "5"', 'limit: "6"'], 'example.sends.0.query: the params make it {"limit":"5"}'],
  [
    ["url: /repos/a/b/files/items.json", "url: /repos"],
    'example.sends.1.url: the params make it "/repos/a/b/files/items.json"',
  ],
  [[/ {4}- \{ method: GET.*\n/, ""], "example.sends: has 1: the params and answers make 2"],
  [
    ["repo: a/b }\n  answers", "repo: ab }\n  answers"],
    "16: example.answers: with them and the params, params.repo of write_file must have 2 parts",
  ],
  [
    ["[{ name: Hi }]", "[]"],
    "example.answers: with them and the params, params.content of write_file is required",
  ],
  [["    list: { items", "    lst: { items"], "example.answers.lst: is no step. Did you mean list?"],
];

test.each(problems)("%j is a problem", ([from, to], problem) => {
  const changed = good.replace(from, to);
  expect(changed).not.toBe(good);
  expect(endpointProblems(changed).join("\n")).toContain(problem);
});

describe("effects of a composite", () => {
  const sending = `summary: Send
params:
  id: { type: string, required: true, description: Id }
steps:
  read: { call: read_note, params: { id: "{id}" } }
  sent: { call: send_note, params: { text: "{read.text}" } }
returns: What was sent.
example:
  params: { id: "1" }
  answers: { read: { text: Hi } }
  sends:
    - { method: GET, url: /notes/1 }
    - { method: POST, url: /notes, json: { text: Hi } }`;
  const note = (name: string, request: string, more: string, sends: string) => ({
    [`acme/endpoints/notes/${name}.md`]: `---
summary: Note
request: ${request}
params: { ${request.startsWith("GET") ? "id" : "text"}: { type: string, description: It } }
${more}
scopes: []
returns: It.
example: { params: { ${request.startsWith("GET") ? 'id: "1"' : "text: Hi"} }, sends: { ${sends} } }
---
Text.
`,
  });
  const files = {
    ...note("read_note", "GET /notes/{id}", "effect: read\nuntrusted: [text]", "method: GET, url: /notes/1"),
    ...note(
      "send_note",
      "POST /notes",
      "effect: write\nirreversible: true",
      "method: POST, url: /notes, json: { text: Hi }",
    ),
  };

  it.each<[change: [string, string], problems: string[]]>([
    [["returns:", "returns:"], []],
    [["returns:", "effect: destructive\nreturns:"], []],
    [["returns:", "irreversible: false\nreturns:"], ["8: irreversible: one of its calls cannot be undone"]],
    [
      [
        / {2}sent:.*\n/.exec(sending)![0],
        '  more: { call: read_note, params: { id: "{read.next}" } }\nanswer: { text: more.text }\n',
      ],
      ["2: untrusted: is missing: in the answer of more others write text"],
    ],
  ])("a file with %j has the problems %j", (change, expected) => {
    const found = endpointProblems(sending.replace(...change), files);
    expect(found.filter((it) => !it.includes("example"))).toEqual(expected);
  });
});

test("all problems of a file are said at once, each with its line", () => {
  const changed = good
    .replace("limit: 5", "limitt: 5")
    .replace("path: items.json, ", "")
    .replace("{list.items.0.name}", "{lost}");
  expect(endpointProblems(changed)).toEqual([
    "9: steps.list.params.limitt: is no param of list_items. Did you mean limit?",
    "12: steps.written.params: write_file requires path",
    "12: steps.written.params.content: {lost} is neither a param nor an earlier step. Did you mean list?",
    "7: steps.list: is called for nothing: nobody reads its answer",
  ]);
});

test("an endpoint whose own file has a problem is not said to be missing", () => {
  const problems = endpointProblems(good.replace("call: write_file", "call: broken"), {
    "acme/endpoints/items/broken.md": "---\nsummary: Broken\n---\nText.\n",
  });
  expect(problems.filter((it) => it.includes("there is no endpoint"))).toEqual([]);
  expect(problems.join("\n")).toContain("broken.md:2: request: is required");
});
