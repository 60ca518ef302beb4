import { describe, expect, test } from "vitest";
import type { Catalog } from "#catalog/catalog.js";
import { loadCatalog } from "#catalog/load/load.js";
import { endpointPage } from "#catalog/page.js";
import type { ListedTool } from "#mcp-servers/pin.js";
import { toFiles } from "#mcp-servers/tool-files.js";
import { withFiles } from "#support/catalog-fixtures.js";

const main = `name: Tracker
description: Tickets.
category: developer
protocol: mcp
base_url: https://mcp.tracker.example/mcp
auth: { none: {} }
`;
const skill = "---\nname: skillett-tracker\ndescription: Tickets. Use it in tests only.\n---\n# Tracker\n";

const tool = (name: string, inputSchema: object = { type: "object" }, more: Partial<ListedTool> = {}) => ({
  name,
  inputSchema,
  ...more,
});

/** The folder of these tools, loaded with all its examples checked. */
function loaded(tools: ListedTool[], known = new Map<string, string>()) {
  const { files, notes } = toFiles(tools, known);
  const texts = Object.fromEntries(files.map(({ path, text }) => [`tracker/${path}`, text]));
  const all = { ...texts, "tracker/integration.yaml": main, "tracker/SKILL.md": skill };
  const catalog: Catalog = withFiles({ "README.md": "" }, (ours) =>
    withFiles(all, (dir) => loadCatalog({ dirs: [ours, dir], baseUrls: {} })),
  );
  return { catalog, files, notes, names: files.map(({ name }) => name) };
}

function planned({ catalog }: { catalog: Catalog }, name: string, params: object): unknown {
  const plan = catalog.plan(catalog.endpoint("tracker", name), params);
  return JSON.parse(String(plan.body)).params;
}

const cyclic = {
  $ref: "#/$defs/node",
  $defs: {
    node: {
      type: "object",
      properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
      required: ["name"],
    },
  },
};
const doubling = {
  type: "object",
  properties: { a: { $ref: "#/$defs/x0" } },
  $defs: Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => {
      const next = { $ref: `#/$defs/x${i + 1}` };
      return [`x${i}`, { type: "object", properties: { l: next, r: next }, required: ["l"] }];
    }),
  ),
};
const hostile: [string, object][] = [
  ["a cycle", cyclic],
  ["schemas that double", doubling],
  [
    "a reference to a network",
    { type: "object", properties: { a: { $ref: "https://evil.example/x.json" } } },
  ],
  ["true and false as schemas", { type: "object", properties: { a: true, b: false }, required: ["a"] }],
  [
    "alternatives",
    {
      oneOf: [
        { properties: { a: { type: "string" } }, required: ["a"] },
        { properties: { b: { const: 1 } } },
      ],
    },
  ],
  [
    "an enum of many kinds",
    { type: "object", properties: { a: { enum: [1, "x", null, { y: 1 }] } }, required: ["a"] },
  ],
  [
    "a pattern that takes for ever",
    { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } } },
  ],
  [
    "keywords of ours",
    { type: "object", properties: { a: { type: "string", in: "path", segments: "many", accept: 1 } } },
  ],
  [
    "types that are none",
    { type: "object", properties: { a: { type: "int" }, b: { type: [] }, c: { type: 7 } } },
  ],
  ["lists in the place of objects", { type: "object", properties: [], required: "a", $defs: 7 }],
  [
    "needed fields in needed fields",
    {
      type: "object",
      properties: {
        a: {
          type: "object",
          properties: {
            b: { type: "object", properties: { c: { type: "integer", minimum: 3 } }, required: ["c"] },
          },
          required: ["b"],
        },
      },
      required: ["a"],
    },
  ],
  ["a name that is needed and not there", { type: "object", properties: {}, required: ["ghost"] }],
  ["any arguments", { type: "object", additionalProperties: true }],
];

describe("files of tools", () => {
  test.each(hostile)("%s in a schema become an endpoint that loads and plans its example", (_, schema) => {
    const it = loaded([tool("try_it", schema)]);
    expect(it.names).toEqual(["try_it"]);
    const endpoint = it.catalog.endpoint("tracker", "try_it");
    expect(planned(it, "try_it", endpoint.example.params)).toMatchObject({ name: "try_it" });
  });

  test("names of tools become names of endpoints, each of its own, and lead back to the tool", () => {
    const names = [
      "listIssues",
      "list-issues",
      "tickets.find",
      "../../etc",
      "__proto__",
      "download",
      "日本",
      "HTTPServer",
      "9lives",
      "a".repeat(200),
      "constructor",
      "-",
    ];
    const it = loaded(names.map((name) => tool(name)));
    expect(it.names).toEqual([
      "list_issues",
      "list_issues_2",
      "tickets_find",
      "etc",
      "proto",
      "download_tool",
      "tool",
      "http_server",
      "tool_9lives",
      "a".repeat(64),
      "constructor_tool",
      "tool_2",
    ]);
    expect(it.names.map((name) => (planned(it, name, {}) as { name: string }).name)).toEqual(names);
  });

  test("a tool keeps its name when another one comes that would be called so", () => {
    const known = new Map([["list-issues", "list_issues"]]);
    expect(loaded([tool("listIssues"), tool("list-issues")], known).names).toEqual([
      "list_issues_2",
      "list_issues",
    ]);
  });

  test("arguments with odd names are params, and arrive by their own names", () => {
    const names = ["user-id", "a.b", "fields", "1st", "ünïcödé", "toString"];
    const properties = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
    const it = loaded([tool("try_it", { type: "object", properties })]);
    const params = Object.keys(it.catalog.endpoint("tracker", "try_it").params.properties);
    expect(params).toEqual(["user_id", "a_b", "fields_param", "param_1st", "n_c_d", "toString_param"]);
    const given = Object.fromEntries(params.map((name) => [name, "x"]));
    const sent = Object.fromEntries(names.map((name) => [name, "x"]));
    expect(planned(it, "try_it", given)).toEqual({ name: "try_it", arguments: sent });
  });

  test("a tool that needs an argument of a name that cannot be sent is left out, and that is said", () => {
    const properties = JSON.parse('{"__proto__":{"type":"string"}}');
    const { files, notes } = toFiles(
      [tool("try_it", { type: "object", properties, required: ["__proto__"] })],
      new Map(),
    );
    expect(files).toEqual([]);
    expect(notes).toEqual(['The tool "try_it" needs an argument that cannot be a param.']);
  });

  test("any arguments are one param, which is all of them", () => {
    const it = loaded([tool("try_it", { type: "object", additionalProperties: true })]);
    expect(planned(it, "try_it", { arguments: { a: 1, b: [2] } })).toEqual({
      name: "try_it",
      arguments: { a: 1, b: [2] },
    });
  });

  test.each<[string, object | undefined, object]>([
    ["no hints", undefined, { effect: "destructive", irreversible: true, reaches: "outsiders" }],
    [
      "reading",
      { readOnlyHint: true, destructiveHint: true },
      { effect: "read", irreversible: false, reaches: "self" },
    ],
    [
      "adding",
      { destructiveHint: false, openWorldHint: false },
      { effect: "write", irreversible: false, reaches: "tenant" },
    ],
    ["hints that are none", { readOnlyHint: "yes" }, { effect: "destructive" }],
  ])(
    "the effect of a tool with %s is what its annotations say, or else the gravest",
    (_, annotations, expected) => {
      const { catalog } = loaded([tool("try_it", undefined, { annotations })]);
      expect(catalog.endpoint("tracker", "try_it")).toMatchObject(expected);
    },
  );

  test("words of a server cannot leave their place in a file", () => {
    const words =
      "--- \n---\nsummary: x\n\u202Eevil <script>alert(1)</script> | `code` {{x}} \u0000 end. And more.";
    const schema = {
      type: "object",
      properties: { a: { type: "string", title: words, description: words } },
    };
    const { catalog } = loaded([tool("try_it", schema, { title: words, description: words })]);
    const endpoint = catalog.endpoint("tracker", "try_it");
    expect(endpoint.summary).not.toMatch(/\n/);
    const page = endpointPage(endpoint);
    for (const hidden of ["\u202E", "\u0000", "<script"]) expect(page).not.toContain(hidden);
  });

  test("a change of anything that people have seen changes the pin, and the order of members does not", () => {
    const pin = (it: ListedTool) => /^pin: (\w{64})$/m.exec(toFiles([it], new Map()).files[0]!.text)![1];
    const base = {
      name: "a",
      description: "d",
      inputSchema: { type: "object", properties: {} },
      annotations: { readOnlyHint: true },
    };
    expect(pin({ ...base, inputSchema: { properties: {}, type: "object" } })).toBe(pin(base));
    const changes = [
      { title: "t" },
      { description: "e" },
      { outputSchema: {} },
      { annotations: {} },
      { inputSchema: { type: "object" } },
    ];
    expect(new Set(changes.map((change) => pin({ ...base, ...change }))).add(pin(base)).size).toBe(6);
  });
});
