import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { toolFrontMatter } from "#catalog/front-matter-tools.js";
import { loadCatalog, readCatalog } from "#catalog/load/load.js";
import { withFiles } from "#support/catalog-fixtures.js";

const manual = readFileSync(fileURLToPath(new URL("../../../docs/mcp-servers.md", import.meta.url)), "utf8");
const file = (path: string) =>
  new RegExp(`^\`${path}\`\n\n\`\`\`\\w+\n([\\s\\S]*?)^\`\`\`$`, "m").exec(manual)![1]!;
const [main, endpoint] = ["tracker/integration.yaml", "tracker/endpoints/tools/find_tickets.md"];
const shown = {
  [main]: file(main).concat("account: { request: GET /me, id: id, name: name }\n"),
  [endpoint]: file(endpoint),
  "tracker/SKILL.md":
    "---\nname: skillett-tracker\ndescription: Tickets. Use it in tests only.\n---\n# Tracker\n",
};

function problemsOf(changed: Record<string, string>): string[] {
  return withFiles({ "README.md": "" }, (ours) =>
    withFiles({ ...shown, ...changed }, (dir) =>
      readCatalog([ours, dir]).problems.map((it) => `${it.file}:${it.line} ${it.message}`),
    ),
  );
}

describe("files of tools", () => {
  test("docs/mcp-servers.md has files that load, and a call of the tool is planned from them", () => {
    const catalog = withFiles({ "README.md": "" }, (ours) =>
      withFiles(shown, (dir) => loadCatalog({ dirs: [ours, dir], baseUrls: {} })),
    );
    const found = catalog.endpoint("tracker", "find_tickets");
    expect(found.untrusted).toEqual(["data"]);
    expect(found.tool).toEqual({
      name: "tickets.find",
      isRepeatable: false,
      pin: null,
      headers: { region: "Region" },
    });
    const plan = catalog.plan(found, { words: "late", region: "eu" });
    expect(plan).toMatchObject({ method: "POST", url: "https://mcp.tracker.example/mcp" });
    expect(JSON.parse(String(plan.body))).toEqual({
      jsonrpc: "2.0",
      method: "tools/call",
      params: { name: "tickets.find", arguments: { query: "late", region: "eu" } },
    });
  });

  test("the manual names every field of a tool", () => {
    const names = Object.keys(toolFrontMatter.properties);
    expect(names.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  });

  const withRequest = `---
summary: Try it
request: POST /try
effect: write
scopes: []
returns: It.
example: { params: {}, sends: { method: POST, url: /try } }
---
Try.
`;
  test.each([
    ["a tool of a service that speaks HTTP", main, "protocol: mcp\n", "", "needs protocol: mcp"],
    ["a URL with a fragment", main, "example/mcp", "example/mcp#x", "must not have a fragment"],
    [
      "a further base URL",
      main,
      "auth:",
      "base_urls: { x: https://x.example }\nauth:",
      "is not for protocol: mcp",
    ],
    [
      "arguments that differ",
      endpoint,
      "query: late",
      "words: late",
      "example.sends.arguments: the params make it",
    ],
    [
      "a header of an object",
      endpoint,
      "type: string, header",
      "type: object, header",
      "params.region.header: is for",
    ],
    ["a place of a param", endpoint, "header: Region", "in: query", "params.region.in: is not for"],
    [
      "two ways to be called",
      endpoint,
      "tool: tickets.find",
      "tool: x\nrequest: GET /x",
      "request: is unknown",
    ],
  ])("%s is a problem of its file", (...given) => {
    const [, path, before, after, problem] = given;
    expect(problemsOf({ [path]: shown[path]!.replace(before, after) }).join("\n")).toContain(problem);
  });

  test("a request to an MCP server is a problem of its file", () => {
    const path = "tracker/endpoints/tools/try_it.md";
    expect(problemsOf({ [path]: withRequest }).join("\n")).toContain("request: is not for protocol: mcp");
  });

  test("a URL has its slash and its query to the letter", () => {
    const url = "https://mcp.tracker.example/mcp/?read_only=true";
    const changed = { ...shown, [main]: shown[main]!.replace("https://mcp.tracker.example/mcp", url) };
    withFiles({ "README.md": "" }, (ours) =>
      withFiles(changed, (dir) => {
        const catalog = loadCatalog({ dirs: [ours, dir], baseUrls: {} });
        const plan = catalog.plan(catalog.endpoint("tracker", "find_tickets"), { words: "a" });
        expect(plan.url).toBe(url);
      }),
    );
  });
});
