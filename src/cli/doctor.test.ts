import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import type { Check } from "#cli/doctor.js";
import { saveProfile } from "#cli/server/config-file.js";
import { type Answer, createTestHost, startServer } from "#support/cli.js";

let file: string;
let answers: Record<string, Answer>;
let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  file = join(mkdtempSync(join(tmpdir(), "skillett-")), "config.json");
  const limits = {
    calls_per_minute: null,
    calls_per_day: null,
    connections: null,
    api_keys: null,
    storage_bytes: null,
  };
  answers = {
    "/health": { json: { status: "ok", version: "1.2.3" } },
    "/v1/me": {
      json: {
        profile: { id: "p", email: "ada@example.com", display_name: null, plan: "pro" },
        tenant: { id: "t", name: "Acme", role: "owner" },
        api_key: { id: "key_1", name: "laptop", scopes: ["*"], expires_at: "2027-01-31T00:00:00.000Z" },
      },
    },
    "/v1/usage": {
      json: { plan: "unlimited", limits, storage: { bytes: 0 }, today: { calls: 7, resets_at: "" } },
    },
    "/v1/connections": {
      json: { connections: [{ integration: "github", account: "ada", status: "connected" }] },
    },
  };
  server = await startServer(({ url }) => answers[url] ?? { status: 404 });
  saveProfile(file, "default", { url: server.url, apiKey: "sk_1" });
});
afterEach(async () => {
  await server.close();
  rmSync(join(file, ".."), { recursive: true });
});

async function doctor(env = {}) {
  const { host, output } = createTestHost({ env: { SKILLETT_CONFIG_FILE: file, ...env } });
  const code = await runCli(["doctor"], host);
  const { ok, checks } = JSON.parse(output.stdout) as { ok: boolean; checks: Check[] };
  return { code, ok, checks, bad: checks.filter((check) => !check.ok), words: output.stderr };
}

test("a sound setup passes every check, and its key and plan are shown", async () => {
  const { code, ok, checks, words } = await doctor();
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  expect(checks.map(({ name }) => name)).toEqual(["settings", "config_file", "server", "key", "connections"]);
  expect(words.match(/✓/g)).toHaveLength(5);
  expect(words).toContain("1.2.3");
  expect(words).toContain(
    'Logged in as ada@example.com (owner of Acme) with the key "laptop", which ends 2027-01-31T00:00:00.000Z',
  );
  expect(words).toContain("plan pro, 7 calls today");
});

test.each([
  ["nearly full", 95, true],
  ["full", 100, false],
])("a storage that is %s is reported with how full it is", async (_how, bytes, ok) => {
  const usage = (answers["/v1/usage"] as { json: { limits: object } }).json;
  const json = { ...usage, limits: { ...usage.limits, storage_bytes: 100 }, storage: { bytes } };
  answers["/v1/usage"] = { json };
  const { checks } = await doctor();
  expect(checks.find(({ name }) => name === "storage")).toMatchObject({
    ok,
    message: expect.stringContaining(`${bytes} %`),
  });
});

test("a key of an agent that may do everything is warned of, and nothing fails by it", async () => {
  const key = { id: "key_2", name: "old", expires_at: null, revoked_at: null, scopes: ["*"], agent_id: "a" };
  answers["/api-keys"] = { json: [key] };
  const { code, ok, checks, words } = await doctor();
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  expect(checks.filter(({ warning }) => warning)).toMatchObject([
    { name: "keys", ok: true, next: expect.stringContaining("--agent a --scopes") },
  ]);
  expect(words).toContain('! The key "old" (key_2) of an agent may do everything');
});

test("a config file that others may read is a problem, with the chmod that helps", async () => {
  chmodSync(file, 0o644);
  const { code, bad, words } = await doctor();
  expect({ code, bad }).toMatchObject({ code: 1, bad: [{ name: "config_file", next: `chmod 600 ${file}` }] });
  expect(words).toContain("✗");
});

test("a broken config file and a missing one are problems of the settings", async () => {
  expect(await doctor({ SKILLETT_CONFIG_FILE: `${file}.gone` })).toMatchObject({
    code: 1,
    bad: [{ name: "settings", next: "skillett login" }],
  });
  writeFileSync(file, "{");
  expect(await doctor()).toMatchObject({ code: 1, bad: [{ name: "settings" }] });
});

test("a server that is not there is a problem with exit code 2", async () => {
  await server.close();
  expect(await doctor()).toMatchObject({ code: 2, bad: [{ name: "server", next: "skillett up" }] });
});

test("a key that is not good any more is reported in the server's words", async () => {
  answers["/v1/me"] = {
    status: 401,
    json: {
      error: "api_key_revoked",
      message: "This API key has been revoked.",
      retryable: false,
      request_id: "r",
    },
  };
  expect(await doctor()).toMatchObject({
    code: 1,
    bad: [{ name: "key", message: "This API key has been revoked.", next: "skillett login" }],
  });
});

test("a setup without connections is fine, and one with a broken connection is not", async () => {
  answers["/v1/connections"] = { json: { connections: [] } };
  expect(await doctor()).toMatchObject({ code: 0, ok: true });
  answers["/v1/connections"] = {
    json: { connections: [{ integration: "gmail", account: "ada", status: "error" }] },
  };
  expect(await doctor()).toMatchObject({ code: 1, bad: [{ next: "skillett connect gmail" }] });
});
