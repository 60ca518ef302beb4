import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readStdioServers } from "#main/stdio-server-settings.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "skillett-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  const file = path.join(folder, "servers.yaml");
  writeFileSync(file, text);
  const problems: string[] = [];
  const servers = readStdioServers(file, { PATH: "/bin", SKILLETT_MASTER_KEY: "k" }, problems);
  return { servers, problems: problems.map((it) => it.replace(`${folder}/`, "")) };
}

const git = {
  slug: "git",
  name: "git",
  description: "Tools of the MCP server git, which runs beside Skillett.",
  command: "uvx",
  args: ["mcp-server-git"],
  inherited: { PATH: "/bin" },
  env: {},
};

it("no setting and an empty file both mean that there are no servers", () => {
  expect(readStdioServers(undefined, {}, [])).toEqual([]);
  expect(read("servers: {}")).toEqual({ servers: [], problems: [] });
});

it.each([
  [
    "JSON, as clients of agents have it",
    '{"mcpServers":{"git":{"command":"uvx","args":["mcp-server-git"]}}}',
  ],
  [
    "with the type that some clients write",
    '{"servers":{"git":{"type":"stdio","command":"uvx","args":["mcp-server-git"]}}}',
  ],
  ["YAML", "servers:\n  git: { command: uvx, args: [mcp-server-git] }\n"],
])("a server may be %s", (_, text) => {
  expect(read(text)).toEqual({ servers: [git], problems: [] });
});

it("a server may have a name, a description and an environment", () => {
  const { servers } = read(
    "servers: { a: { command: /usr/bin/a, name: A, description: Does a., env: { TOKEN: t0ken } } }",
  );
  expect(servers).toEqual([
    {
      slug: "a",
      name: "A",
      description: "Does a.",
      command: "/usr/bin/a",
      args: [],
      inherited: { PATH: "/bin" },
      env: { TOKEN: "t0ken" },
    },
  ]);
});

it("everything that is wrong is told at once, with its line, and no secret of an environment", () => {
  const { servers, problems } = read(`mcpServers:
  Bad_Slug:
    command: x
  skills:
    command: x
  relative:
    command: ./x
    env: { TOKEN: secret-value }
`);
  expect(servers).toEqual([]);
  expect(problems).toEqual([
    expect.stringMatching(/^servers\.yaml:\d: mcpServers\.Bad_Slug: a slug is/),
    expect.stringMatching(/^servers\.yaml:\d: mcpServers\.skills: the slug is reserved/),
    expect.stringMatching(
      /^servers\.yaml:\d: mcpServers\.relative\.command: must be a name that is found in PATH/,
    ),
  ]);
});

it.each([
  ["no command", "servers: { a: { args: [x] } }"],
  ["a URL", "servers: { a: { url: 'https://mcp.example.com' } }"],
  ["another type", "servers: { a: { type: http, command: x } }"],
  ["a number among the arguments", "servers: { a: { command: x, args: [1] } }"],
  ["a variable that is no text", "servers: { a: { command: x, env: { DEBUG: true } } }"],
  ["a name for a variable that cannot be", "servers: { a: { command: x, env: { 'A=B': c } } }"],
  ["a field that there is not", "servers: { a: { command: x, disabled: true } }"],
  ["both keys", "servers: {}\nmcpServers: {}"],
  ["a list", "- command: x"],
  ["nothing", ""],
  ["no YAML", "servers: {"],
])("a file with %s is refused", (_, text) => {
  const { servers, problems } = read(text);
  expect(servers).toEqual([]);
  expect(problems.length).toBeGreaterThan(0);
});

it("a file that is not there is told by its name", () => {
  const problems: string[] = [];
  expect(readStdioServers(path.join(folder, "none.json"), {}, problems)).toEqual([]);
  expect(problems).toEqual([
    expect.stringMatching(/none\.json: cannot be read, and SKILLETT_MCP_SERVERS names it/),
  ]);
});
