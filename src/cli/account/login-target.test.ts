import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { saveProfile, setDefaultProfile } from "#cli/server/config-file.js";
import { type Answer, type Answers, createTestHost, type Received } from "#support/cli.js";
import { createMachine, done, newKey, refused, serving, user } from "#support/cli-login.js";

let machine: ReturnType<typeof createMachine>;
beforeEach(() => {
  machine = createMachine();
});
afterEach(() => machine.close());

const login: typeof machine.login = async (...given) => {
  const result = await machine.login(...given);
  expect(result.stdout + result.stderr).not.toContain(newKey);
  return result;
};
const steps = (received: Received[]) => received.map(({ method, url }) => `${method} ${url}`);

const me: Answer = {
  json: { profile: { id: "p", plan: "free", ...user }, tenant: {}, api_key: { id: "key_1" } },
};

test("skillett login --api-key - keeps a key from stdin, once the server has taken it", async () => {
  const result = await login(() => me, ["--api-key", "-"], { stdin: `${newKey}\n` });
  expect(result).toMatchObject({ code: 0 });
  expect(JSON.parse(result.stdout)).toMatchObject({ status: "logged_in", user });
  expect(result.received).toMatchObject([{ url: "/v1/me", headers: { authorization: `Bearer ${newKey}` } }]);
  expect(machine.config().profiles.default).toEqual({ url: result.url, apiKey: newKey, keyGiven: true });
});

test("skillett login --api-key asks on a terminal, and shows nothing of the key", async () => {
  const result = await login(() => me, ["--api-key"], { stdin: `${newKey}\r`, terminal: true });
  expect(result).toMatchObject({ code: 0 });
});

test("a key the server does not take is not kept", async () => {
  const result = await login(() => refused("api_key_invalid", 401), ["--api-key", "-"], { stdin: newKey });
  expect(result).toMatchObject({ code: 1 });
  expect(machine.config().profiles).toEqual({});
});

test.each([
  [["--api-key", newKey], "Count it as leaked"],
  [[`--api-key=${newKey}`], "Count it as leaked"],
  [["--api-key", "-", "--scopes", "github"], "leave out --scopes"],
  [["--scopes", ","], "at least one scope"],
  [["--profile", "../x"], "is no name for a profile"],
  [["--url", "skills.example.com"], "must look like https://"],
  [["--url", "https://a:b@skills.example.com"], "must not carry a password"],
])("a login with %j is a usage error, and nothing is sent", async (args, words) => {
  const result = await login(() => me, args, { stdin: newKey });
  expect(result).toMatchObject({ code: 64, stdout: "", received: [] });
  expect(result.stderr).toContain(words);
});

test("a login goes to --url, else to the server of --profile, else to SKILLETT_URL, else to that of the usual profile", async () => {
  const server = await machine.serve(serving(done));
  saveProfile(machine.file, "default", { url: "http://other.test", apiKey: "sk_other" });
  saveProfile(machine.file, "work", { url: `${server.url}/`, apiKey: "sk_old" });
  const attempt = async (args: string[], env = {}) => {
    const { host, output } = createTestHost({ env: { SKILLETT_CONFIG_FILE: machine.file, ...env } });
    expect(await runCli(["login", ...args], host)).toBe(0);
    return JSON.parse(output.stdout);
  };
  const url = server.url;
  const elsewhere = { SKILLETT_URL: "http://elsewhere.test" };
  const other = { SKILLETT_PROFILE: "default" };
  for (const env of [{}, elsewhere, other, { ...elsewhere, ...other }]) {
    expect(await attempt(["--url", url, "--profile", "work"], env)).toMatchObject({ url, profile: "work" });
    expect(await attempt(["--profile", "work"], env)).toMatchObject({ url, profile: "work" });
  }
  // A profile that is not there yet has no server.
  expect(await attempt(["--profile", "first"], { SKILLETT_URL: url })).toMatchObject({
    url,
    profile: "first",
  });
  const env = { SKILLETT_URL: url, SKILLETT_PROFILE: "second" };
  expect(await attempt([], env)).toMatchObject({ url, profile: "second" });
  const moved = { SKILLETT_URL: url, SKILLETT_PROFILE: "moved" };
  saveProfile(machine.file, "moved", { url: "http://other.test", apiKey: "sk_other" });
  expect(await attempt([], moved)).toMatchObject({ url, profile: "moved" });
  expect(await attempt([], { SKILLETT_PROFILE: "work" })).toMatchObject({ url, profile: "work" });
  setDefaultProfile(machine.file, "work");
  expect(await attempt([])).toMatchObject({ url, profile: "work" });
});

test("the key of another server is overwritten only when its profile is named", async () => {
  saveProfile(machine.file, "default", { url: "http://other.test", apiKey: "sk_other" });
  const first = await login(serving(done));
  expect(first).toMatchObject({ code: 64, received: [] });
  expect(first.stderr).toContain(`skillett login --url ${first.url} --profile 127.0.0.1\n`);
  const second = await login(serving(done), ["--profile", "127.0.0.1"]);
  expect(second).toMatchObject({ code: 0 });
  expect(second.stderr).toContain("skillett profiles use 127.0.0.1");
  expect(machine.config().profiles).toMatchObject({
    default: { apiKey: "sk_other" },
    "127.0.0.1": { apiKey: newKey },
  });
  expect(await login(serving(done), ["--profile", "default"])).toMatchObject({ code: 0 });
});

test("the first profile is the default one, whatever its name", async () => {
  const { stderr } = await login(serving(done), ["--profile", "work"]);
  expect(machine.config().defaultProfile).toBe("work");
  expect(stderr).not.toContain("profiles use");
});

test("a key that still works is not replaced in silence", async () => {
  const answers: Answers = (request, response) =>
    request.url === "/v1/me" ? me : serving(done)(request, response);
  const server = await machine.serve(answers);
  saveProfile(machine.file, "default", { url: server.url, apiKey: "sk_old" });
  const { host, output } = createTestHost({ env: { SKILLETT_CONFIG_FILE: machine.file } });
  expect(await runCli(["login"], host)).toBe(0);
  expect(output.stderr).toContain("skillett keys revoke key_1 --profile default");
  expect(output.stderr).not.toContain("sk_old");
});

test("a key in the environment that goes before the new one is reported", async () => {
  const { stderr } = await login(serving(done), [], { env: { SKILLETT_API_KEY: "sk_env" } });
  expect(stderr).toContain("SKILLETT_API_KEY is set");
});

test("a broken config file is found before a key is made", async () => {
  writeFileSync(machine.file, "{");
  expect(await login(serving(done))).toMatchObject({ code: 64, received: [] });
});

test("a key that cannot be kept is revoked again", async () => {
  const answers: Answers = (request, response) => {
    if (request.url === "/v1/me") return me;
    if (request.method === "DELETE") return { status: 204, text: "" };
    return serving(done)(request, response);
  };
  // Broken between asking and keeping.
  const asleep = () => writeFileSync(machine.file, "{");
  const result = await login(answers, [], { asleep });
  expect(result).toMatchObject({ code: 64, stdout: "" });
  expect(steps(result.received).at(-1)).toBe("DELETE /api-keys/key_1");
  expect(readFileSync(machine.file, "utf8")).toBe("{");
});
