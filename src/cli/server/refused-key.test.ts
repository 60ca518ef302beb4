import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { saveProfile } from "#cli/server/config-file.js";
import { type Answer, createTestHost, runAgainst, startServer } from "#support/cli.js";

const refusal = (error: string, more = {}): Answer => ({
  status: 401,
  json: { error, message: `${error}!`, retryable: false, request_id: "r", ...more },
});

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "skillett-")), "config.json");
});
afterEach(() => rmSync(join(file, ".."), { recursive: true }));

/** Runs a command with the key of a profile. */
async function withProfile(answer: Answer, args: string[], env = {}) {
  const server = await startServer(() => answer);
  for (const name of ["default", "work"]) saveProfile(file, name, { url: server.url, apiKey: "sk_1" });
  const { host, output } = createTestHost({ env: { SKILLETT_CONFIG_FILE: file, ...env } });
  const code = await runCli(args, host);
  await server.close();
  return { code, ...output };
}

test.each(["unauthorized", "api_key_invalid", "api_key_revoked", "api_key_expired"])(
  "a key refused with %s leads to skillett login, on stdout and on stderr",
  async (error) => {
    const { code, stdout, stderr } = await withProfile(refusal(error), ["run", "github", "get_repo"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error, next: ["skillett login"] });
    expect(stderr).toBe(`✗ ${error}!\nNext:\n  skillett login\n`);
  },
);

test.each<[string, string[], Record<string, string>, string]>([
  ["--profile", ["usage", "--profile", "work"], {}, "skillett login --profile work"],
  ["SKILLETT_PROFILE", ["usage"], { SKILLETT_PROFILE: "work" }, "skillett login"],
])("the next step after a refused key names the profile of %s where it must", async (_, args, env, next) => {
  const { stdout } = await withProfile(refusal("api_key_revoked"), args, env);
  expect(JSON.parse(stdout).next).toEqual([next]);
});

test("a refusal of the environment's key says where the key is from, since a login would change nothing", async () => {
  const { stdout, stderr } = await runAgainst(() => refusal("api_key_invalid"), ["whoami"]);
  expect(JSON.parse(stdout)).not.toHaveProperty("next");
  expect(stderr).toContain("It is from SKILLETT_API_KEY");
});

test("the server's own next steps and other refusals are left as they are", async () => {
  const next = ["skillett connect github"];
  for (const answer of [refusal("token_expired", { next }), refusal("unauthorized", { next })]) {
    const { stdout } = await withProfile(answer, ["usage"]);
    expect(JSON.parse(stdout)).toEqual((answer as { json: unknown }).json);
  }
  const other = await withProfile({ status: 401, text: "<h1>Who?</h1>", type: "text/html" }, ["usage"]);
  expect(other).toMatchObject({ code: 2, stdout: "" });
});
