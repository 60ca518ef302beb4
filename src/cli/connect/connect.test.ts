import { expect, test } from "vitest";
import { type Answer, type Answers, type HostOptions, runAgainst } from "#support/cli.js";

const connected = { connection_id: "conn_1", status: "connected", account: "ada" };
const never: Answers = () => {
  throw new Error("not asked for");
};

function connect(args: string[], answers: Answers, options: HostOptions = {}) {
  return runAgainst(answers, ["connect", "github", ...args], options);
}

/** Refuses what has no credentials, takes what has. */
function asksFor(refusal: object): Answers {
  return ({ body }): Answer =>
    JSON.parse(body).credentials
      ? { json: connected }
      : { status: 400, json: { error: "bad_request", retryable: false, request_id: "r", ...refusal } };
}

const bodies = (sent: { body: string }[]) => sent.map(({ body }) => JSON.parse(body));

test("a token is read from stdin", async () => {
  const result = await connect(["--token", "-"], () => ({ json: connected }), { stdin: "ghp_1\n" });
  expect(result).toMatchObject({
    code: 0,
    stdout: '{"status":"connected","integration":"github","connection_id":"conn_1","account":"ada"}\n',
    stderr: "",
  });
  expect(bodies(result.sent)).toEqual([{ integration: "github", credentials: { token: "ghp_1" } }]);
});

test("several fields are read from stdin as JSON", async () => {
  const credentials = { client_id: "c1", client_secret: "s3cret" };
  const result = await connect(["--credentials", "-", "--shared"], () => ({ json: connected }), {
    stdin: JSON.stringify(credentials, null, 2),
  });
  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(bodies(result.sent)).toEqual([{ integration: "github", credentials, shared: true }]);
  expect(result.stdout).not.toContain("s3cret");
});

test.each([
  ["a token", ["--token", "ghp_secret"], "", "A token on the command line"],
  ["a credential", ["--credentials", '{"a":"ghp_secret"}'], "", "A credential on the command line"],
  ["a token stuck to a misspelt flag", ["--tokn=ghp_secret"], "", "unknown option '--tokn'"],
  ["no terminal to ask on", ["--token"], "", "--token -"],
  ["an empty token", ["--token", "-"], " \n", "The token is empty"],
  ["two lines", ["--token", "-"], "ghp_secret\nx", "spaces or control characters"],
  ["both flags", ["--token", "-", "--credentials", "-"], "ghp_secret", "exclude each other"],
  ["credentials not said to be on stdin", ["--credentials"], "ghp_secret", "read from stdin"],
  ["credentials that are no JSON", ["--credentials", "-"], '{"a": ghp_secret}', "must be a JSON object"],
  ["a list", ["--credentials", "-"], '["ghp_secret"]', "must be a JSON object"],
  ["no field", ["--credentials", "-"], "{}", "must be a JSON object"],
  ["a field that is no text", ["--credentials", "-"], '{"a":1,"b":"ghp_secret"}', "must be a JSON object"],
  ["an empty field", ["--credentials", "-"], '{"a":"","b":"ghp_secret"}', "must be a JSON object"],
  ["no scope", ["--scopes", " , "], "", "at least one scope"],
])("connecting with %s sends nothing and repeats no secret", async (_, args, stdin, words) => {
  const result = await connect(args, never, { stdin });
  expect(result).toMatchObject({ code: 64, stdout: "", received: [] });
  expect(result.stderr).toContain(words);
  expect(result.stderr).not.toContain("ghp_secret");
});

test("--token asks on a terminal without showing what is typed", async () => {
  const result = await connect(["--token"], () => ({ json: connected }), {
    terminal: true,
    stdin: "ghq\x7fp_1\r",
  });
  expect(result).toMatchObject({ code: 0, stderr: "Token for github: \n" });
  expect(bodies(result.sent)[0].credentials).toEqual({ token: "ghp_1" });

  const left = await connect(["--token"], never, { terminal: true, stdin: "ghp\x03" });
  expect(left).toMatchObject({ code: 130, stdout: "", received: [] });
});

const noSignIn = {
  message: "Signing in at GitHub is not set up: set SKILLETT_GITHUB_CLIENT_ID.",
  next: ["skillett connect github --token -"],
};

test("a terminal is told that signing in is not set up, and asked for the token", async () => {
  const result = await connect([], asksFor(noSignIn), { terminal: true, stdin: "ghp_1\r" });
  expect(result).toMatchObject({ code: 0, stderr: `${noSignIn.message}\nToken for github: \n` });
  expect(bodies(result.sent)).toEqual([
    { integration: "github" },
    { integration: "github", credentials: { token: "ghp_1" } },
  ]);
});

test("settings are given by flag, or asked for and shown as they are typed", async () => {
  const refusal = {
    message: "settings.site: is required: Site (and 1 more)",
    issues: [
      { at: "settings.site", message: "is required: Site" },
      { at: "credentials.token", message: "is required: API token" },
    ],
  };
  const typed = { terminal: true, stdin: "acme\rt1\r" };
  const result = await connect(["--setting", "region=eu"], asksFor(refusal), typed);
  expect(result).toMatchObject({
    code: 0,
    stderr: "Site for github: acme\nAPI token for github: \n",
  });
  expect(bodies(result.sent)).toEqual([
    { integration: "github", settings: { region: "eu" } },
    { integration: "github", settings: { region: "eu", site: "acme" }, credentials: { token: "t1" } },
  ]);
});

test.each(["region", "=eu", "region="])("the setting %j is refused before anything is sent", async (text) => {
  const result = await connect(["--setting", text], never);
  expect(result).toMatchObject({ code: 64, received: [] });
  expect(result.stderr).toContain("--setting wants");
});

test("each field of an integration is asked for, and none is shown", async () => {
  const issues = [
    { at: "credentials.user", message: "is required: User name" },
    { at: "credentials.app_password", message: "is wanted" },
  ];
  const refusal = { message: "credentials.user: is required: User name (and 1 more)", issues };
  // Pasted at once: the second line answers the second question.
  const typed = { terminal: true, stdin: "ada\r\npass word\r\n" };
  const result = await connect(["--connection", "work"], asksFor(refusal), typed);
  expect(result).toMatchObject({
    code: 0,
    stderr: "User name for github: \napp password for github: \n",
  });
  expect(bodies(result.sent)[1]).toEqual({
    integration: "github",
    credentials: { user: "ada", app_password: "pass word" },
    connection: "work",
  });
  const empty = await connect([], asksFor(refusal), { terminal: true, stdin: "\r" });
  expect(empty).toMatchObject({ code: 64, stdout: "" });
  expect(empty.sent).toHaveLength(1);
});

test.each([
  ["without a terminal", [], noSignIn, {}],
  ["when scopes are wanted, which a token cannot have", ["--scopes", "repo"], noSignIn, { terminal: true }],
  ["when nothing can be typed instead", [], { message: "Signing in is not set up." }, { terminal: true }],
])("a refusal is shown as it is %s", async (_, args, refusal, options) => {
  const result = await connect(args, asksFor(refusal), options);
  expect(result).toMatchObject({ code: 1 });
  expect(JSON.parse(result.stdout)).toMatchObject({ error: "bad_request", message: refusal.message });
  expect(result.stderr).toContain(`✗`);
  expect(result.sent).toHaveLength(1);
});

test.each([
  [403, "plan_limit_reached", 1],
  [404, "not_found", 1],
  [502, "upstream_unreachable", 2],
])("a refusal with %i %s exits with %i", async (status, error, code) => {
  const json = { error, message: "m", retryable: false, request_id: "r" };
  const result = await connect([], () => ({ status, json }), { terminal: true });
  expect(result).toMatchObject({ code, opened: [] });
});

test("an integration nobody signs in to is connected at once", async () => {
  const result = await connect([], () => ({ json: connected }));
  expect(result).toMatchObject({ code: 0, stderr: "", opened: [] });
  expect(JSON.parse(result.stdout)).toMatchObject({ status: "connected", integration: "github" });
});
