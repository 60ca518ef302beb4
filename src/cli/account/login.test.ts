import { statSync } from "node:fs";
import { hostname } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { type Answers, createTestHost, type Received } from "#support/cli.js";
import { createMachine, done, grant, newKey, refused, serving, user, waiting } from "#support/cli-login.js";

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
const begin = "POST /auth/device/code";
const poll = "POST /auth/device/token";
const slower = refused("slow_down", 400, true);

test("a login shows a code, waits for the approval, and keeps the key where only its owner can read it", async () => {
  const result = await login(serving(waiting, waiting, done), ["--scopes", "github, gmail:read"]);
  expect(result).toMatchObject({ code: 0, opened: [], waits: [5000, 5000, 5000] });
  expect(JSON.parse(result.stdout)).toEqual({
    status: "logged_in",
    url: result.url,
    profile: "default",
    user,
  });
  expect(steps(result.received)).toEqual([begin, poll, poll, poll]);
  const [asked, polled] = result.received.map(({ body }) => JSON.parse(body));
  expect(asked).toEqual({
    client_id: "skillett-cli",
    device_name: hostname().slice(0, 100),
    scope: "github gmail:read",
  });
  expect(polled).toEqual({
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: grant.device_code,
    client_id: "skillett-cli",
  });
  expect(result.received.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  expect(result.stderr).toContain("│  WDJB-MJHT  │\n");
  expect(result.stderr).toContain(`To let this device in, go to\n${grant.verification_uri_complete}\n`);
  expect(result.stderr).toContain("15 minutes at most");
  expect(result.stderr).toContain(`✓ Logged in to ${result.url} as ada@example.com.\n`);
  expect(result.stdout + result.stderr).not.toContain(grant.device_code);
  expect(machine.config().profiles).toEqual({ default: { url: result.url, apiKey: newKey } });
  expect(statSync(machine.file).mode & 0o777).toBe(0o600);
});

test.each<[string, Record<string, string>, string[], string[]]>([
  ["on a screen", { DISPLAY: ":0" }, [], [grant.verification_uri_complete]],
  ["when told not to", { DISPLAY: ":0" }, ["--no-browser"], []],
  ["over SSH", { DISPLAY: ":0", SSH_TTY: "/dev/pts/1" }, [], []],
])("a browser is opened only where it can and may be: %s", async (_, env, args, opened) => {
  const openBrowser = () => Promise.reject(new Error("spawn xdg-open ENOENT"));
  const result = await login(serving(done), args, { env, openBrowser });
  expect(result).toMatchObject({ code: 0, opened });
});

test("skillett login --json prints the code on a line, then the result on another, on a terminal too", async () => {
  const { stdout, url } = await login(serving(waiting, done), ["--json"], { terminal: true });
  const { device_code: _, interval: __, ...shown } = grant;
  expect(
    stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { status: "pending", ...shown },
    { status: "logged_in", url, profile: "default", user },
  ]);
});

test("skillett login --json prints the code before anybody waits", async () => {
  const { host, output } = createTestHost({
    env: { SKILLETT_CONFIG_FILE: machine.file },
    asleep: () => expect(JSON.parse(output.stdout)).toMatchObject({ user_code: "WDJB-MJHT" }),
  });
  const { url } = await machine.serve(serving(done));
  expect(await runCli(["login", "--json", "--url", url], host)).toBe(0);
});

test("slow_down makes all later pauses longer", async () => {
  const { code, waits } = await login(serving(waiting, slower, waiting, slower, done));
  expect({ code, waits }).toEqual({ code: 0, waits: [5000, 5000, 10_000, 10_000, 15_000] });
});

test.each([
  ["access_denied", 1],
  ["invalid_grant", 1],
  ["expired_token", 2],
])("%s ends a login with exit code %i, and nothing is kept", async (error, code) => {
  const result = await login(serving(waiting, refused(error)), ["--json"]);
  expect(result).toMatchObject({ code });
  expect(JSON.parse(result.stdout.split("\n")[1]!)).toEqual({ status: "error", error, message: `${error}!` });
  expect(result.stderr).toContain(`✗ ${error}!\nNext:\n  skillett login --url ${result.url}\n`);
  expect(steps(result.received)).toEqual([begin, poll, poll]);
  expect(machine.config().profiles).toEqual({});
});

test("a login that nobody approves ends by itself when the code has expired", async () => {
  const result = await login(serving(waiting));
  expect(result.code).toBe(2);
  expect(JSON.parse(result.stdout)).toMatchObject({ status: "error", error: "expired_token" });
  expect(result.received).toHaveLength(1 + 900 / 5);
});

test("a login outlives a restart of the server, and its pauses double meanwhile", async () => {
  const answers = serving(
    waiting,
    { status: 502, text: "<h1>Bad gateway</h1>", type: "text/html" },
    waiting,
    done,
  );
  let server = await machine.serve(answers);
  const port = Number(new URL(server.url).port);
  const times: number[] = [];
  const asleep = async (elapsed: number) => {
    times.push(elapsed);
    if (elapsed === 5000) await server.close();
    if (elapsed === 40_000) server = await machine.serve(answers, port);
  };
  const { host, output } = createTestHost({ env: { SKILLETT_CONFIG_FILE: machine.file }, asleep });
  expect(await runCli(["login", "--url", server.url], host)).toBe(0);
  // 5 s, then doubled while nobody answers and while a proxy does, then 5 s again.
  expect(times).toEqual([0, 5000, 10_000, 20_000, 40_000, 80_000, 140_000]);
  expect(output.stderr.match(/The server does not answer; still trying/g)).toHaveLength(1);
  expect(machine.config().profiles.default?.apiKey).toBe(newKey);
});

test("a login to a server that is not there exits with 2 and says so", async () => {
  const server = await machine.serve(serving(done));
  await server.close();
  const { host, output } = createTestHost({ env: { SKILLETT_CONFIG_FILE: machine.file } });
  expect(await runCli(["login", "--json", "--url", server.url], host)).toBe(2);
  expect(JSON.parse(output.stdout)).toMatchObject({ status: "error", error: "unreachable" });
  expect(output.stderr).toContain("connection refused");
});

test("a login with an unknown scope ends with the server's refusal, also with --json", async () => {
  const plain = await login(() => refused("invalid_scope"), ["--scopes", "githib"]);
  expect(plain).toMatchObject({ code: 1 });
  expect(JSON.parse(plain.stdout)).toMatchObject({ error: "invalid_scope", request_id: "r" });
  const lines = await login(() => refused("invalid_scope"), ["--scopes", "githib", "--json"]);
  expect(JSON.parse(lines.stdout)).toEqual({
    status: "error",
    error: "invalid_scope",
    message: "invalid_scope!",
  });
});

test.each([
  ["while waiting", 1],
  ["while the server is asked", 2],
])("Ctrl-C %s keeps nothing and ends a login with 130", async (_, when) => {
  const controller = new AbortController();
  const inner = serving(waiting);
  const answers: Answers = (request, response) => {
    if (when === 1 || !request.url.endsWith("/token")) return inner(request, response);
    controller.abort();
    return "handled";
  };
  const asleep = () => when === 1 && controller.abort();
  const result = await login(answers, ["--json"], { signal: controller.signal, asleep });
  expect(result).toMatchObject({ code: 130 });
  expect(result.stdout.split("\n")).toHaveLength(2);
  expect(machine.config().profiles).toEqual({});
});

test.each([
  ["a page that is not of the web", { verification_uri_complete: "file:///etc/passwd" }],
  ["a code that would write on the terminal", { user_code: "\x1b[2J" }],
])("%s is neither shown nor waited for", async (_, part) => {
  const result = await login(() => ({ json: { ...grant, ...part } }), [], { env: { DISPLAY: ":0" } });
  expect(result).toMatchObject({ code: 2, opened: [], stdout: "" });
  expect(result.stderr).not.toContain("\x1b");
  expect(steps(result.received)).toEqual([begin]);
});
