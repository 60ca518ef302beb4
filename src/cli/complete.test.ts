import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { saveProfile } from "#cli/server/config-file.js";
import { createTestHost, startServer } from "#support/cli.js";

const replies: Record<string, unknown> = {
  "/v1/skills": { integrations: [{ slug: "github" }, { slug: "gmail" }, { slug: "slack" }] },
  "/v1/skills/github": { endpoints: [{ name: "create_issue" }, { name: "get_issue" }] },
  "/v1/skills/github/create_issue": {
    params: {
      properties: {
        title: { type: "string" },
        state: { enum: ["open", "closed"] },
        draft: { type: "boolean" },
      },
    },
  },
  "/v1/integrations": {
    integrations: [
      { integration: "github", kind: "shipped" },
      { integration: "acme", kind: "import" },
    ],
  },
  "/v1/integrations/github": {
    endpoints: [
      { name: "get_pull", enabled: true },
      { name: "merge_pull", enabled: false },
    ],
  },
  "/api-keys": [
    { id: "key_1", revoked_at: null },
    { id: "key_2", revoked_at: "2026-01-01T00:00:00.000Z" },
  ],
  "/v1/agent/skills": { skills: [{ slug: "notes" }, { slug: "glossary" }] },
  "/v1/connections": { connections: [{ id: "conn_1" }] },
  "/v1/admin/providers": { providers: [{ provider: "github" }, { provider: "google" }] },
};

let file: string;
let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  file = join(mkdtempSync(join(tmpdir(), "skillett-")), "config.json");
  for (const name of ["home", "work"]) saveProfile(file, name, { url: "http://a.test", apiKey: "sk_1" });
  server = await startServer(({ url }) => ({ json: replies[url] ?? {} }));
});
afterEach(async () => {
  await server.close();
  rmSync(join(file, ".."), { recursive: true });
});

async function complete(...words: string[]) {
  const env = { SKILLETT_URL: server.url, SKILLETT_API_KEY: "sk_1", SKILLETT_CONFIG_FILE: file };
  const { host, output } = createTestHost({ env });
  expect(await runCli(["complete", "--", ...words], host)).toBe(0);
  expect(output.stderr).toBe("");
  return output.stdout.split("\n").slice(0, -1);
}

test.each([
  [["conn"], ["connect", "connections"]],
  [
    ["run", "g"],
    ["github", "gmail"],
  ],
  [
    ["skills", ""],
    ["github", "gmail", "slack"],
  ],
  [["run", "github", "cr"], ["create_issue"]],
  [["request", "sl"], ["slack"]],
  [
    ["request", "github", "P"],
    ["POST", "PUT", "PATCH"],
  ],
  [["run", "github", "create_issue", "--t"], ["--title"]],
  [
    ["run", "github", "create_issue", "--title", "--dr"],
    ["--draft", "--dry-run"],
  ],
  [["run", "github", "create_issue", "--title", "x", "--no"], ["--no-draft"]],
  [
    ["run", "github", "create_issue", "--state", ""],
    ["open", "closed"],
  ],
  [["run", "github", "create_issue", "--title", ""], []],
  [["disconnect", ""], ["conn_1"]],
  [
    ["integrations", "disable", ""],
    ["github", "acme"],
  ],
  [["integrations", "remove", ""], ["acme"]],
  [["integrations", "disable", "github", ""], ["get_pull"]],
  [["integrations", "enable", "github", ""], ["merge_pull"]],
  [["integrations", "list", "github", ""], []],
  [
    ["pull", "g"],
    ["github", "gmail", "glossary"],
  ],
  [["pull", "github", ""], []],
  [["pull", "--pl"], ["--platform"]],
  [["init", "--f"], ["--force"]],
  [["skill", "v"], ["validate"]],
  [
    ["skill", "push", "--"],
    ["--profile", "--version", "--notes", "--help"],
  ],
  [
    ["connections", ""],
    ["default", "share", "unshare"],
  ],
  [["connections", "share", ""], ["conn_1"]],
  [["connections", "share", "conn_1", ""], []],
  [["connections", "nonsense", ""], []],
  [["connect", "--cre"], ["--credentials"]],
  [
    ["connect", "github", "--s"],
    ["--scopes", "--setting", "--shared"],
  ],
  [
    ["admin", "r"],
    ["revoke", "rotate-keys"],
  ],
  [["admin", "revoke", "--o"], ["--older-than"]],
  [
    ["admin", "provider", "g"],
    ["github", "google"],
  ],
  [["help", "comp"], ["completion"]],
  [["nonsense", "--"], []],
  [["completion", "z"], ["zsh"]],
  [["log"], ["login", "logout"]],
  [
    ["login", "--no"],
    ["--no-browser", "--no-init"],
  ],
  [
    ["keys", "r"],
    ["revoke", "rotate"],
  ],
  [["keys", "rotate", ""], ["key_1"]],
  [["keys", "create", "ci", "--e"], ["--expires"]],
  [
    ["profiles", "use", ""],
    ["home", "work"],
  ],
  [
    ["admin", "plan", "ada", ""],
    ["free", "pro", "unlimited"],
  ],
  [["admin", "plan", ""], []],
  [["calls", "--l"], ["--limit"]],
  [["calls", ""], []],
  [["nonsense", ""], []],
])("the words %j are completed with %j", async (words, candidates) => {
  expect(await complete(...words)).toEqual(candidates);
});

test("a server that is not there gives no candidates and no noise", async () => {
  await server.close();
  expect(await complete("run", "")).toEqual([]);
});

test("skillett complete is hidden from what it offers", async () => {
  expect(await complete("comp")).toEqual(["completion"]);
});
