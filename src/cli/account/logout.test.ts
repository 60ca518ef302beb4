import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { readConfig, saveProfile, setDefaultProfile } from "#cli/server/config-file.js";
import { type Answer, createTestHost, type HostOptions, startServer } from "#support/cli.js";

const secret = `sk_${"ab12".repeat(10)}`;
const refused = (status: number, error: string): Answer => ({
  status,
  json: { error, message: `${error}!`, retryable: false, request_id: "r" },
});

let file: string;
let answers: Record<string, Answer>;
let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  file = join(mkdtempSync(join(tmpdir(), "skillett-")), "config.json");
  answers = {
    "GET /v1/me": { json: { api_key: { id: "key_1" } } },
    "DELETE /api-keys/key_1": { status: 204, text: "" },
  };
  server = await startServer(({ method, url }) => answers[`${method} ${url}`] ?? { status: 404 });
  saveProfile(file, "default", { url: server.url, apiKey: secret });
  saveProfile(file, "work", { url: "http://127.0.0.1:1", apiKey: "sk_work" });
});
afterEach(async () => {
  await server.close();
  rmSync(join(file, ".."), { recursive: true });
});

async function logout(args: string[] = [], options: HostOptions = {}) {
  const env = { SKILLETT_CONFIG_FILE: file, ...options.env };
  const { host, output } = createTestHost({ ...options, env });
  const code = await runCli(["logout", ...args], host);
  expect(output.stdout + output.stderr).not.toContain(secret);
  return { code, ...output, left: Object.keys(readConfig(file).profiles) };
}

const steps = () => server.received.map(({ method, url }) => `${method} ${url}`);

test("a logout revokes and removes the key, and other profiles stay", async () => {
  const result = await logout();
  expect(result).toMatchObject({ code: 0, left: ["work"] });
  const { url } = server;
  expect(JSON.parse(result.stdout)).toEqual({ status: "logged_out", url, profile: "default", revoked: true });
  expect(steps()).toEqual(["GET /v1/me", "DELETE /api-keys/key_1"]);
  expect(server.received[1]?.headers.authorization).toBe(`Bearer ${secret}`);
  expect(readFileSync(file, "utf8")).not.toContain(secret);
});

test("a key that works no more needs no revoking", async () => {
  answers["GET /v1/me"] = refused(401, "api_key_revoked");
  const result = await logout();
  expect(result).toMatchObject({ code: 0, left: ["work"] });
  expect(JSON.parse(result.stdout)).toMatchObject({ revoked: true });
});

test.each([
  ["a server that is not there", () => server.close(), 2, "connection refused"],
  [
    "a server in trouble",
    () => {
      answers["GET /v1/me"] = refused(500, "internal");
    },
    2,
    "internal!",
  ],
  [
    "a key that may not",
    () => {
      answers["DELETE /api-keys/key_1"] = refused(403, "forbidden");
    },
    1,
    "forbidden!",
  ],
])("a logout with %s removes the key, and says how to revoke it", async (_, arrange, code, words) => {
  await arrange();
  const result = await logout();
  expect(result).toMatchObject({ code, left: ["work"] });
  expect(JSON.parse(result.stdout)).toMatchObject({ status: "logged_out", revoked: false });
  expect(result.stderr).toContain(words);
  expect(result.stderr).toContain("The key sk_ab12ab12… still works until it is revoked");
  expect(result.stderr).toContain(`${server.url}/dashboard/api-keys`);
});

test("a key that was given is not revoked: others may use it", async () => {
  saveProfile(file, "default", { url: server.url, apiKey: secret, keyGiven: true });
  const result = await logout();
  expect(result).toMatchObject({ code: 0, left: ["work"] });
  expect(JSON.parse(result.stdout)).toMatchObject({ revoked: false });
  expect(steps()).toEqual([]);
  expect(result.stderr).toContain("still works");
});

test("Ctrl-C while the server is asked removes the key all the same", async () => {
  const controller = new AbortController();
  controller.abort();
  expect(await logout([], { signal: controller.signal })).toMatchObject({ code: 130, left: ["work"] });
});

test("skillett logout --profile removes that profile alone, and the choice of a default ends with its profile", async () => {
  setDefaultProfile(file, "work");
  expect(await logout(["--profile", "default"])).toMatchObject({ code: 0, left: ["work"] });
  expect(await logout()).toMatchObject({ code: 2, left: [] });
  expect(readConfig(file)).toEqual({ profiles: {}, defaultProfile: "default" });
});

test("a logout from a profile that is not there is a usage error with the nearest name", async () => {
  const result = await logout(["--profile", "wrok"]);
  expect(result).toMatchObject({ code: 64, stdout: "", left: ["default", "work"] });
  expect(result.stderr).toContain("Did you mean work?");
});
