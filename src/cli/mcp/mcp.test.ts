import { expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { createTestHost } from "#support/cli.js";

const login = { SKILLETT_URL: "https://skills.example.com", SKILLETT_API_KEY: "sk_secret" };

test.each([
  [
    "a terminal is told what this is, and for which server",
    login,
    true,
    /^Speaking .*skills\.example\.com.*\n$/,
  ],
  [
    "a terminal is told that there is no login",
    {},
    true,
    /^Speaking .* No server is configured: log in.*\n$/,
  ],
  ["a client is told nothing", login, false, /^$/],
])("skillett mcp speaks to people on stderr alone: %s", async (_, given, terminal, words) => {
  const env = { SKILLETT_CONFIG_FILE: "/nowhere/config.json", ...given };
  const { host, output } = createTestHost({ env, terminal });
  expect(await runCli(["mcp"], host)).toBe(0);
  expect(output.stdout).toBe("");
  expect(output.stderr).toMatch(words);
  expect(output.stderr).not.toContain("secret");
});
