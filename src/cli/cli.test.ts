import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { type Answers, createTestHost, type HostOptions, runAgainst, startServer } from "#support/cli.js";

const page = {
  integration: "github",
  endpoint: "create_issue",
  summary: "Create an issue",
  method: "POST",
  path: "/repos/{repo}/issues",
  effect: "write",
  params: {
    type: "object",
    properties: {
      labels: { type: "array", items: { type: "string" }, description: "Labels to set" },
      repo: { type: "string", description: "Repository as owner/name" },
      title: { type: "string", description: "Title of the issue" },
      draft: { type: "boolean" },
      state: { type: "string", enum: ["open", "closed"], default: "open" },
    },
    required: ["repo", "title"],
    additionalProperties: false,
  },
  example: { repo: "acme/webapp", title: "It's broken", labels: ["bug", "p1"], draft: false },
  scopes: ["repo"],
  returns: "The new issue.",
  views: {},
  markdown: "Look for a duplicate first.\n\n## Errors\n\n- `410`: Issues are switched off there.",
};
const refusal = {
  error: "integration_not_connected",
  message: "The user needs to connect their github account first.",
  action_url: "http://localhost/dashboard/integrations",
  next: ["skillett connect github"],
  retryable: false,
  request_id: "req_1",
};
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Runs a command line against a server that answers the calls of endpoints as told. */
function skillett(args: string[], answers: Answers, options: HostOptions = {}) {
  const knowing: Answers = (request, response) =>
    request.url === "/v1/skills/github/create_issue" ? { json: page } : answers(request, response);
  return runAgainst(knowing, args, options);
}

const issue = ["run", "github", "create_issue", "--repo", "acme/app", "--title", "Bug"];
const never: Answers = () => {
  throw new Error("not asked for");
};

test("skillett run sends typed params and prints the answer's bytes", async () => {
  const text = '{"status":201,"data":{"id":12345678901234567890,"price":1.10, "x":[] }}';
  const result = await skillett([...issue, "--labels", "bug,p1", "--no-draft"], () => ({ text }));
  expect(result).toMatchObject({ code: 0, stdout: `${text}\n`, stderr: "" });
  expect(result.sent).toMatchObject([{ method: "POST", url: "/v1/github/create_issue" }]);
  expect(result.sent[0]?.headers.authorization).toBe("Bearer sk_1");
  expect(JSON.parse(result.sent[0]?.body ?? "")).toEqual({
    params: { repo: "acme/app", title: "Bug", labels: ["bug", "p1"], draft: false },
  });
});

test("skillett run passes connection, idempotency key and dry run on", async () => {
  const text = '{"dry_run":true,"request":{}}';
  const args = [...issue, "--dry-run", "--connection", "work", "--idempotency-key", "k1"];
  const result = await skillett(args, () => ({ text }));
  expect(result).toMatchObject({ code: 0, stdout: `${text}\n` });
  expect(result.sent[0]).toMatchObject({ url: "/v1/github/create_issue?dry_run=true" });
  expect(result.sent[0]?.headers["idempotency-key"]).toBe("k1");
  expect(JSON.parse(result.sent[0]?.body ?? "").connection).toBe("work");
});

test.each([
  [200, 0],
  [204, 0],
  [304, 0],
  [404, 1],
  [422, 1],
  [500, 2],
  [503, 2],
])("an upstream status of %i exits with %i", async (status, code) => {
  const text = `{"status":${status},"data":{"message":"m","id":1}}`;
  const result = await skillett([...issue, "--fields", "id"], () => ({ text }));
  expect(result.code).toBe(code);
  // The answer of a service that reports an error is never cut down to fields.
  expect(result.stdout).toBe(status < 400 ? `{"status":${status},"data":{"id":1}}\n` : `${text}\n`);
});

test.each([
  [403, refusal, 1],
  [429, { ...refusal, error: "rate_limit_reached", retryable: true }, 1],
  [500, { ...refusal, error: "internal" }, 2],
  [504, { ...refusal, error: "upstream_timeout" }, 2],
])("a refusal with %i shows its body on stdout and its words on stderr", async (status, body, code) => {
  const text = JSON.stringify(body, null, 1);
  const result = await skillett(issue, () => ({ status, text }));
  expect(result).toMatchObject({ code, stdout: `${text}\n` });
  expect(result.stderr).toBe(
    `✗ ${refusal.message}\nFix: ${refusal.action_url}\nNext:\n  skillett connect github\n`,
  );
});

test("several issues of a refusal are all shown", async () => {
  const issues = ["title", "labels"].map((name) => ({ at: `params.${name}`, message: "is too long" }));
  const body = { error: "bad_request", message: "m", issues, retryable: false, request_id: "r" };
  const { stderr } = await skillett(issue, () => ({ status: 400, json: body }));
  expect(stderr).toBe("✗ m\n  params.title: is too long\n  params.labels: is too long\n");
});

test("an answer that breaks off, and one that is not Skillett's, exit with 2", async () => {
  const broken = await skillett(issue, (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write(`{"status":200,"data":"${"x".repeat(100)}`, () => response.destroy());
    return "handled";
  });
  expect(broken.code).toBe(2);
  expect(broken.stderr).toContain("broke off the connection");
  expect(broken.stderr).toContain("The call may have been made: look at github before you repeat it.");
  const repeatable = await skillett([...issue, "--idempotency-key", "k"], (_, response) => {
    response.destroy();
    return "handled";
  });
  expect(repeatable.code).toBe(2);
  expect(repeatable.stderr).not.toContain("may have been made");
  const foreign = await skillett(issue, () => ({
    status: 502,
    text: "<h1>Bad gateway</h1>",
    type: "text/html",
  }));
  expect(foreign).toMatchObject({ code: 2, stdout: "" });
  expect(foreign.stderr).toContain("answered 502, but not as a Skillett server does");
});

test("a server that is not there is reported in one sentence with the next command", async () => {
  const server = await startServer(never);
  await server.close();
  const { host, output } = createTestHost({ env: { SKILLETT_URL: server.url, SKILLETT_API_KEY: "sk_1" } });
  expect(await runCli(issue, host)).toBe(2);
  expect(output).toEqual({
    stdout: "",
    stderr: `✗ No server answers at ${server.url} (connection refused).\nNext:\n  skillett up\n`,
  });
});

test("a missing configuration is reported in one sentence with the next commands", async () => {
  const { host, output } = createTestHost({ env: { SKILLETT_CONFIG_FILE: "/nonexistent/config.json" } });
  expect(await runCli(issue, host)).toBe(64);
  expect(output.stdout).toBe("");
  expect(output.stderr).toMatch(
    /^✗ No server is configured: .*\nNext:\n {2}skillett login\n {2}skillett up\n$/,
  );
});

test("wrong flags and missing params are reported together, and nothing is sent", async () => {
  const result = await skillett(["run", "github", "create_issue", "--titel", "x", "--draft=7"], never);
  expect(result).toMatchObject({ code: 64, stdout: "", sent: [] });
  for (const words of [
    "Unknown flag --titel. Did you mean --title?",
    "--draft expects true or false",
    "--repo <string>  Repository as owner/name",
    "--title <string>",
    "skillett run github create_issue --help",
  ]) {
    expect(result.stderr).toContain(words);
  }
});

test("--params takes JSON from the command line, a file and stdin", async () => {
  const directory = mkdtempSync(join(tmpdir(), "skillett-"));
  closers.push(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "params.json");
  const json = '{"repo":"acme/app","title":"old"}';
  writeFileSync(file, json);
  for (const source of [json, `@${file}`, "-"]) {
    const args = ["run", "github", "create_issue", "--params", source, "--title", "new"];
    const result = await skillett(args, () => ({ text: '{"status":200,"data":1}' }), { stdin: json });
    expect(result.code).toBe(0);
    expect(JSON.parse(result.sent[0]?.body ?? "").params).toEqual({ repo: "acme/app", title: "new" });
  }
  for (const [source, words] of [
    ["{", "is not JSON"],
    ["[]", "expects a JSON object"],
    ["@/nonexistent", "/nonexistent cannot be read: ENOENT"],
    ['{"id":12345678901234567890}', "beyond 2^53"],
  ] as const) {
    const result = await skillett(["run", "github", "create_issue", "--params", source], never);
    expect(result).toMatchObject({ code: 64, sent: [] });
    expect(result.stderr).toContain(words);
  }
});

test("the flags of skillett run may stand before its words", async () => {
  const args = ["run", "--dry-run", "github", "create_issue", "--repo", "r", "--title", "t"];
  const result = await skillett(args, () => ({ text: '{"dry_run":true}' }));
  expect(result.sent[0]?.url).toBe("/v1/github/create_issue?dry_run=true");
});

test.each([
  [["run"], "Which integration"],
  [["github", "create_issue", "--repo", "x"], "There is no command github"],
  [["run", "github", "create_issue", "--title", "b\uFFFDr"], "The value of --title is not UTF-8"],
  [["run", "github", "create_issue", "--title=b\uFFFDr"], "The value of --title is not UTF-8"],
  [["skills", "-q", "b\uFFFDr"], "is not UTF-8"],
  [["run", "--title", "x", "github", "create_issue"], "Which integration"],
  [["run", "..", "x"], '".." is not the name of an integration'],
  [["rnu"], "Did you mean run?"],
  [["connections", "extra"], "too many arguments"],
  [["calls", "--limit", "0"], "whole number from 1 to 200"],
  [["calls", "--status", "done"], "Allowed choices"],
  [["skills", "github", "create_issue", "-q", "x"], "leave out the name"],
  [["completion", "cmd"], "Allowed choices"],
  [["admin", "plan", "p", "gold"], "Allowed choices"],
  [["keys", "create", "ci", "--expires", "soon"], "a time to come"],
  [["up", "--port", "70000"], "whole number"],
  [[], "Usage: skillett"],
])("the command line %j is a usage error", async (args, words) => {
  const result = await skillett(args, never);
  expect(result).toMatchObject({ code: 64, stdout: "", received: [] });
  expect(result.stderr).toContain(words);
});

test("the help of an endpoint has required params first, their types, and an example to copy", async () => {
  const { code, stdout } = await skillett(["run", "github", "create_issue", "--help"], never);
  expect(code).toBe(0);
  const rows = stdout.split("\n").filter((line) => /^ {2}--/.test(line));
  expect(rows.slice(0, 5).map((row) => row.trim().split(/ {2,}/)[0])).toEqual([
    "--repo <string>",
    "--title <string>",
    "--labels <list of string>",
    "--draft, --no-draft",
    "--state <open | closed>",
  ]);
  expect(stdout).toContain("Repository as owner/name (required)");
  expect(stdout).toContain('(default: "open")');
  expect(stdout).toContain(
    `  skillett run github create_issue --repo acme/webapp --title "It's broken" --labels bug,p1 --no-draft\n`,
  );
  expect(stdout).toContain("Returns: The new issue.");
  expect(stdout).toContain(
    "Advice:\nLook for a duplicate first.\n\n## Errors\n\n- `410`: Issues are switched off there.\n",
  );
  expect(stdout).not.toContain("from a file");
});

test.each([
  [["skills"], "/v1/skills"],
  [["skills", "-q", "open an issue"], "/v1/skills?q=open+an+issue"],
  [["skills", "gmail", "send"], "/v1/skills/gmail/send"],
  [["connections"], "/v1/connections"],
  [["usage"], "/v1/usage"],
  [["whoami"], "/v1/me"],
  [
    ["calls", "--limit", "5", "--cursor", "c", "--status", "failed"],
    "/v1/calls?limit=5&cursor=c&status=failed",
  ],
])("the command %j prints the reply of %s", async (args, path) => {
  const result = await skillett(args, () => ({ text: '{"a": 1}' }));
  expect(result).toMatchObject({ code: 0, stdout: '{"a": 1}\n', stderr: "" });
  expect(result.received.map(({ url }) => url)).toEqual([path]);
});

test("skillett up is given its options", async () => {
  const result = await skillett(["up", "--port", "0", "--data", "d"], never);
  expect(result).toMatchObject({ code: 0, up: [{ port: 0, data: "d" }] });
});

test("Ctrl-C ends a call with 130", async () => {
  const controller = new AbortController();
  const answers: Answers = () => {
    controller.abort();
    return "handled";
  };
  expect(await skillett(issue, answers, { signal: controller.signal })).toMatchObject({
    code: 130,
    stdout: "",
    stderr: "",
  });
});

test("skillett --version prints the version of the program", async () => {
  expect(await skillett(["--version"], never)).toMatchObject({ code: 0, stdout: "0.0.0-source\n" });
});

test.each([
  ["StartupError", 1],
  ["UsageError", 64],
])("a %s of the server, which is another file when built, is one sentence", async (name, code) => {
  const { host, output } = createTestHost();
  const up = () => Promise.reject(Object.assign(new Error("Port 1 is taken."), { name, next: [] }));
  expect(await runCli(["up"], { ...host, up })).toBe(code);
  expect(output).toEqual({ stdout: "", stderr: "✗ Port 1 is taken.\n" });
});
