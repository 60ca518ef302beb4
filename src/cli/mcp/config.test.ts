import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { runCli } from "#cli/cli.js";
import { mcpClientNames } from "#cli/mcp/config.js";
import { saveProfile } from "#cli/server/config-file.js";
import { createTestHost, type HostOptions } from "#support/cli.js";

const directory = mkdtempSync(join(tmpdir(), "skillett-mcp-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const file = join(directory, "config.json");
saveProfile(file, "default", { url: "http://127.0.0.1:4747", apiKey: "sk_secret" });
saveProfile(file, "my work", { url: "https://skills.example.com", apiKey: "sk_other_secret" });

/** JSON as its value, other formats as they are. */
const parsed = (text: string) => (text.startsWith("{") ? JSON.parse(text) : text);

async function printed(args: string[], options: HostOptions = {}) {
  const env = { SKILLETT_CONFIG_FILE: file, ...options.env };
  const { host, output } = createTestHost({ directory, ...options, env });
  const code = await runCli(["mcp", "--print-config", ...args], host);
  return { code, json: parsed(output.stdout), ...output };
}

const command = "/usr/bin/node";
const args = ["/opt/skillett/dist/skillett.js", "mcp"];
const env = { SKILLETT_CONFIG_FILE: file };

test.each([
  ["claude", { mcpServers: { skillett: { command, args, env } } }, ".mcp.json"],
  ["cursor", { mcpServers: { skillett: { command, args, env } } }, "~/.cursor/mcp.json"],
  ["windsurf", { mcpServers: { skillett: { command, args, env } } }, "mcp_config.json"],
  ["vscode", { servers: { skillett: { type: "stdio", command, args, env } } }, ".vscode/mcp.json"],
  ["amp", { "amp.mcpServers": { skillett: { command, args, env } } }, "~/.config/amp/settings.json"],
  ["claude-desktop", { mcpServers: { skillett: { command, args, env } } }, "claude_desktop_config.json"],
  ["cline", { mcpServers: { skillett: { command, args, env } } }, "cline_mcp_settings.json"],
  ["gemini", { mcpServers: { skillett: { command, args, env } } }, "~/.gemini/settings.json"],
  ["junie", { mcpServers: { skillett: { command, args, env } } }, ".junie/mcp/mcp.json"],
  ["kiro", { mcpServers: { skillett: { command, args, env } } }, "~/.kiro/settings/mcp.json"],
  ["zed", { context_servers: { skillett: { command, args, env } } }, "~/.config/zed/settings.json"],
  [
    "opencode",
    { mcp: { skillett: { type: "local", command: [command, ...args], environment: env } } },
    "opencode.json",
  ],
])("%s gets its own form of configuration, and its file is named", async (client, config, place) => {
  const { code, json, stdout, stderr } = await printed([client]);
  expect({ code, json }).toEqual({ code: 0, json: config });
  expect(stderr).toContain(place);
  expect(stdout + stderr).not.toContain("secret");
});

test.each([
  ["claude", { mcpServers: { skillett: { type: "http", url: "https://skills.example.com/mcp" } } }],
  ["cursor", { mcpServers: { skillett: { url: "https://skills.example.com/mcp" } } }],
  ["windsurf", { mcpServers: { skillett: { serverUrl: "https://skills.example.com/mcp" } } }],
  ["vscode", { servers: { skillett: { type: "http", url: "https://skills.example.com/mcp" } } }],
  ["amp", { "amp.mcpServers": { skillett: { url: "https://skills.example.com/mcp" } } }],
  ["cline", { mcpServers: { skillett: { type: "streamableHttp", url: "https://skills.example.com/mcp" } } }],
  ["gemini", { mcpServers: { skillett: { type: "http", url: "https://skills.example.com/mcp" } } }],
  ["junie", { mcpServers: { skillett: { url: "https://skills.example.com/mcp" } } }],
  ["kiro", { mcpServers: { skillett: { url: "https://skills.example.com/mcp" } } }],
  ["zed", { context_servers: { skillett: { url: "https://skills.example.com/mcp" } } }],
  ["opencode", { mcp: { skillett: { type: "remote", url: "https://skills.example.com/mcp" } } }],
])("%s gets the server's address with --http", async (client, config) => {
  const { json, stdout, stderr } = await printed([client, "--http", "--profile", "my work"]);
  expect(json).toEqual(config);
  expect(stdout + stderr).not.toContain("secret");
});

test("Codex gets TOML and its own command", async () => {
  const { stdout, stderr } = await printed(["codex"]);
  expect(stdout).toBe(
    `[mcp_servers.skillett]\ncommand = "${command}"\nargs = ["${args.join('", "')}"]\n\n` +
      `[mcp_servers.skillett.env]\nSKILLETT_CONFIG_FILE = ${JSON.stringify(file)}\n`,
  );
  expect(stderr).toContain("~/.codex/config.toml");
  expect(stderr).toContain(`codex mcp add skillett --env SKILLETT_CONFIG_FILE=${file} -- ${command}`);
  const remote = await printed(["codex", "--http", "--profile", "my work"]);
  expect(remote.stdout).toBe('[mcp_servers.skillett]\nurl = "https://skills.example.com/mcp"\n');
  expect(remote.stderr).toContain("codex mcp add skillett --url https://skills.example.com/mcp");
});

test("Goose gets its configuration as YAML", async () => {
  const entry = { name: "skillett", type: "stdio", enabled: true, cmd: command, args, envs: env };
  const { stdout } = await printed(["goose"]);
  expect(parse(stdout)).toEqual({ extensions: { skillett: entry } });
  const remote = await printed(["goose", "--http", "--profile", "my work"]);
  expect(parse(remote.stdout).extensions.skillett).toEqual({
    name: "skillett",
    type: "streamable_http",
    enabled: true,
    uri: "https://skills.example.com/mcp",
  });
});

test("Claude Desktop is told how to add an address, which its file does not take", async () => {
  const { code, stdout, stderr } = await printed(["claude-desktop", "--http", "--profile", "my work"]);
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  expect(stderr).toContain("Add custom connector: https://skills.example.com/mcp");
});

test("every client of the table is served", async () => {
  for (const name of mcpClientNames) expect((await printed([name])).code).toBe(0);
  expect(mcpClientNames).toHaveLength(14);
});

test("the profile comes along, whether it is named by flag or by environment", async () => {
  const words = [...args, "--profile", "my work"];
  const byFlag = await printed(["claude", "--profile", "my work"]);
  expect(byFlag.json.mcpServers.skillett.args).toEqual(words);
  expect(byFlag.stderr).toContain(`-- ${command} ${args.join(" ")} --profile "my work"\n`);
  const byEnvironment = await printed(["claude"], { env: { SKILLETT_PROFILE: "my work" } });
  expect(byEnvironment.json.mcpServers.skillett.args).toEqual(words);
});

test("the usual config file needs no env, and a relative path to another one becomes absolute", async () => {
  const usual = await printed(["cursor"], { env: { SKILLETT_CONFIG_FILE: undefined } });
  expect(usual.json.mcpServers.skillett).toEqual({ command, args });
  const relative = await printed(["cursor"], { env: { SKILLETT_CONFIG_FILE: "config.json" } });
  expect(relative.json.mcpServers.skillett.env).toEqual(env);
});

test("a program that npx unpacked is not relied upon", async () => {
  const program = ["/usr/bin/node", "/var/cache/npm/_npx/0a1b/node_modules/.bin/skillett"] as const;
  const { json } = await printed(["cursor"], { program });
  expect(json.mcpServers.skillett).toMatchObject({ command: "npx", args: ["-y", "skillett", "mcp"] });
});

test("a login that only the environment has is warned of", async () => {
  const environment = { SKILLETT_URL: "http://127.0.0.1:1", SKILLETT_API_KEY: "sk_environment" };
  const none = join(directory, "none.json");
  const { code, stderr } = await printed(["vscode"], {
    env: { ...environment, SKILLETT_CONFIG_FILE: none },
  });
  expect(code).toBe(0);
  expect(stderr).toContain("There is no login for it yet");
  expect(stderr).toContain("`skillett login`");
  expect((await printed(["vscode"])).stderr).not.toContain("no login");
});

test.each([
  [["clade"], "Did you mean claude?"],
  [["emacs"], "There are amp, claude, claude-desktop, cline, codex"],
  [[], "argument missing"],
])("an unknown or missing client is answered with those there are: %j", async (words, sentence) => {
  const { code, stdout, stderr } = await printed(words);
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  expect(stderr).toContain(sentence);
});

test("--http goes with --print-config alone", async () => {
  const { host, output } = createTestHost({ env });
  expect(await runCli(["mcp", "--http"], host)).toBe(64);
  expect(output).toEqual({ stdout: "", stderr: "✗ --http goes with --print-config.\n" });
});
