import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { expiry } from "#cli/command-parts.js";
import { readConfig, saveProfile } from "#cli/server/config-file.js";
import { type Answers, createTestHost, runAgainst, startServer } from "#support/cli.js";

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "skillett-")), "config.json");
});
afterEach(() => rmSync(join(file, ".."), { recursive: true }));

const old = `sk_${"ab12".repeat(10)}`;
const fresh = `sk_${"cd34".repeat(10)}`;
const api_key = { id: "key_2", name: "ci", key_prefix: "sk_cd34cd34", scopes: ["*"] };
const made: Answers = ({ url }) =>
  url === "/v1/me"
    ? { json: { api_key: { id: "key_1" } } }
    : { status: 201, json: { api_key, full_key: fresh } };

test("skillett keys prints the list of /api-keys", async () => {
  const result = await runAgainst(() => ({ json: [] }), ["keys"]);
  expect(result).toMatchObject({ code: 0, stdout: "[]\n", stderr: "" });
  expect(result.received.map(({ url }) => url)).toEqual(["/api-keys"]);
});

test("skillett keys create prints the key this one time, and says so", async () => {
  const result = await runAgainst(made, ["keys", "create", "ci", "--scopes", "github,gmail:read"]);
  expect(result.code).toBe(0);
  expect(JSON.parse(result.stdout)).toEqual({ api_key, full_key: fresh });
  expect(result.stderr).toContain("this one time");
  expect(result.stderr).not.toContain(fresh);
  expect(result.sent).toMatchObject([{ method: "POST", url: "/api-keys" }]);
  expect(JSON.parse(result.sent[0]!.body)).toEqual({ name: "ci", scopes: ["github", "gmail:read"] });
});

test.each(["2999-01-01", "101y", "yesterday"])(
  "skillett keys create --expires %s is a usage error, and no key is made",
  async (end) => {
    const result = await runAgainst(made, ["keys", "create", "ci", "--expires", end]);
    expect(result).toMatchObject({ code: 64, stdout: "", received: [] });
    expect(result.stderr).toContain("--expires");
    expect(result.stderr).toMatch(/such as (30|90)d/);
  },
);

test("skillett keys create passes the end of the key on", async () => {
  const { sent } = await runAgainst(made, ["keys", "create", "ci", "--expires", "30d"]);
  const { expires_at } = JSON.parse(sent[0]!.body);
  expect(expires_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(Date.parse(expires_at)).toBeGreaterThan(Date.now() + 29 * 86_400_000);
});

test("skillett keys create says which limits an agent's key has when no flags were given", async () => {
  const key = { ...api_key, scopes: ["*:read"], expires_at: "2027-02-20T12:00:00.000Z" };
  const answer: Answers = () => ({ status: 201, json: { api_key: key, full_key: fresh, hint: "…" } });
  const { stderr, sent } = await runAgainst(answer, ["keys", "create", "ci", "--agent", "triage"]);
  expect(stderr).toContain("It only reads, since no --scopes were given.");
  expect(stderr).toContain("It ends 2027-02-20T12:00:00.000Z, since no --expires was given");
  expect(JSON.parse(sent[0]!.body)).toEqual({ name: "ci", agent_id: "triage" });
});

test("skillett keys create says what raw requests are, of any key that may send them", async () => {
  const scopes = ["*", "github:raw"];
  const answer: Answers = () => ({
    status: 201,
    json: { api_key: { ...api_key, scopes, expires_at: null }, full_key: fresh, hint: "…" },
  });
  const { stderr } = await runAgainst(answer, ["keys", "create", "ci", "--scopes", "*,github:raw"]);
  expect(stderr).toContain("With github:raw it sends any request to the service");
  expect(stderr).not.toContain("It may do everything");
});

test("skillett keys create --expires never makes a key without an end", async () => {
  const { sent } = await runAgainst(made, [
    "keys",
    "create",
    "ci",
    "--agent",
    "triage",
    "--expires",
    "never",
  ]);
  expect(JSON.parse(sent[0]!.body)).toMatchObject({ expires_at: null });
});

const now = Date.parse("2026-11-22T12:00:00Z");

test.each([
  ["30d", "2026-12-22T12:00:00.000Z"],
  ["2w", "2026-12-06T12:00:00.000Z"],
  ["2027-01-31", "2027-01-31T00:00:00.000Z"],
  ["2027-01-31T09:30:00+02:00", "2027-01-31T07:30:00.000Z"],
])("an end of %s is read as %s", (text, time) => {
  expect(expiry(now)(text)).toBe(time);
});

test.each(["0d", "30", "soon", "2026-11-22", "2027-02-31T25:00:00Z", "31/01/2027", "9999-01-01", ""])(
  "an end of %j is refused as no time to come",
  (text) => {
    expect(() => expiry(now)(text)).toThrow("such as");
  },
);

test("skillett keys revoke revokes a key by its id", async () => {
  const result = await runAgainst(() => ({ status: 204, text: "" }), ["keys", "revoke", "key_2"]);
  expect(result).toMatchObject({ code: 0, stdout: '{"id":"key_2","status":"revoked"}\n' });
  expect(result.sent).toMatchObject([{ method: "DELETE", url: "/api-keys/key_2" }]);
});

test.each(["revoke", "rotate"])("skillett keys %s wants an id, and does not repeat a key", async (verb) => {
  const result = await runAgainst(made, ["keys", verb, old]);
  expect(result).toMatchObject({ code: 64, stdout: "", received: [] });
  expect(result.stderr).not.toContain(old);
});

test("skillett keys rotate prints the new key where it is not the CLI's own", async () => {
  const result = await runAgainst(made, ["keys", "rotate", "key_2"]);
  expect(result.sent).toMatchObject([{ method: "POST", url: "/api-keys/key_2/rotate" }]);
  expect(JSON.parse(result.stdout)).toEqual({ api_key, full_key: fresh });
});

test("skillett keys rotate prints the CLI's own new key where the old one is from the environment", async () => {
  const { stdout } = await runAgainst(made, ["keys", "rotate", "key_1"]);
  expect(JSON.parse(stdout)).toMatchObject({ full_key: fresh });
});

test("skillett keys rotate keeps the CLI's own new key in the config file, and shows it nowhere", async () => {
  const server = await startServer(made);
  saveProfile(file, "default", { url: server.url, apiKey: "sk_other" });
  saveProfile(file, "work", { url: server.url, apiKey: old, keyGiven: true });
  const { host, output } = createTestHost({ env: { SKILLETT_CONFIG_FILE: file } });
  expect(await runCli(["keys", "rotate", "key_1", "--profile", "work"], host)).toBe(0);
  await server.close();
  expect(JSON.parse(output.stdout)).toEqual({ api_key });
  expect(output.stdout + output.stderr).not.toContain(fresh);
  expect(readConfig(file).profiles).toEqual({
    default: { url: server.url, apiKey: "sk_other" },
    work: { url: server.url, apiKey: fresh, keyGiven: true },
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("skillett admin plan puts a person on a plan", async () => {
  const json = { profile_id: "p", email: "ada@example.com", plan: "pro" };
  const result = await runAgainst(() => ({ json }), ["admin", "plan", "ada@example.com", "pro"]);
  expect(result).toMatchObject({ code: 0, stdout: `${JSON.stringify(json)}\n` });
  expect(result.sent).toMatchObject([{ method: "PUT", url: "/v1/admin/profiles/ada%40example.com/plan" }]);
  expect(JSON.parse(result.sent[0]!.body)).toEqual({ plan: "pro" });
});
