import { expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import {
  type Answer,
  type Answers,
  createTestHost,
  type HostOptions,
  type Received,
  runAgainst,
  startServer,
} from "#support/cli.js";

const page = "https://github.test/authorize?state=s1";
const begun: Answer = { json: { connection_id: "conn_1", oauth_url: page } };
const pending: Answer = { json: { status: "pending", integration: "github" } };
const done: Answer = {
  json: { status: "connected", integration: "github", connection_id: "conn_7", account: "ada" },
};

/** A server where one poll after the other gets the next of these answers, and the last again and again. */
function serving(...polls: Answer[]): Answers {
  const left = [...polls];
  return ({ method }) => {
    if (method === "POST") return begun;
    if (method === "DELETE") return { status: 204, text: "" };
    return (left.length > 1 ? left.shift() : left[0]) as Answer;
  };
}

const screen = { DISPLAY: ":0" };

function connect(answers: Answers, options: HostOptions = {}, args: string[] = []) {
  return runAgainst(answers, ["connect", "github", ...args], { env: screen, ...options });
}

const steps = (received: Received[]) => received.map(({ method, url }) => `${method} ${url}`);
const begin = "POST /v1/connect";
const poll = "GET /v1/connect/conn_1";
const cancel = "DELETE /v1/connect/conn_1";

test("the browser opens, and the account is connected once somebody has signed in", async () => {
  const waits: number[] = [];
  const result = await connect(serving(pending, pending, done), { asleep: (ms) => waits.push(ms) });
  expect(result).toMatchObject({
    code: 0,
    opened: [page],
    stdout: '{"status":"connected","integration":"github","connection_id":"conn_7","account":"ada"}\n',
  });
  expect(steps(result.received)).toEqual([begin, poll, poll, poll]);
  expect(waits).toEqual([0, 3000, 6000]);
  expect(result.stderr.split("\n")).toEqual([
    "Opening github.test in your browser. If nothing opens, go to",
    page,
    "Waiting until you have signed in (5 minutes at most; Ctrl-C gives up) …",
    "✓ Signed in as ada.",
    "",
  ]);
});

test("scopes, connection and sharing are sent when a sign-in begins", async () => {
  const args = ["--scopes", "repo, read:user", "--connection", "work", "--shared"];
  const result = await connect(serving(done), {}, args);
  expect(JSON.parse(result.sent[0]!.body)).toEqual({
    integration: "github",
    scopes: ["repo", "read:user"],
    connection: "work",
    shared: true,
  });
});

test.each([
  ["told not to", screen, ["--no-browser"]],
  ["over SSH", { ...screen, SSH_CONNECTION: "10.0.0.1 5 10.0.0.2 22" }, []],
])("no browser opens when %s, but the link is shown", async (_, env, args) => {
  const result = await connect(serving(done), { env }, args);
  expect(result).toMatchObject({ code: 0, opened: [] });
  expect(result.stderr).toContain(`To sign in, go to\n${page}\n`);
});

test("a browser that does not open is no error", async () => {
  const openBrowser = () => Promise.reject(new Error("spawn xdg-open ENOENT"));
  const result = await connect(serving(done), { openBrowser });
  expect(result).toMatchObject({ code: 0, opened: [page] });
  expect(result.stderr).not.toContain("ENOENT");
});

test.each(["file:///etc/passwd", "javascript:alert(1)", "-version", ""])(
  "a page %j that is not of the web is neither opened nor waited for",
  async (oauth_url) => {
    const answers: Answers = ({ method }) =>
      method === "POST" ? { json: { connection_id: "conn_1", oauth_url } } : { status: 204, text: "" };
    const result = await connect(answers);
    expect(result).toMatchObject({ code: 2, opened: [], stdout: "" });
    expect(steps(result.received)).toEqual([begin, cancel]);
  },
);

test("a denial at the service exits with 1 and repeats what the service said", async () => {
  const denied = { status: "error", integration: "github", message: "You have denied access." };
  const result = await connect(serving(pending, { json: denied }), {}, ["--scopes", "repo"]);
  expect(result).toMatchObject({ code: 1, stdout: `${JSON.stringify(denied)}\n` });
  expect(result.stderr).toContain(
    "✗ You have denied access.\nNext:\n  skillett connect github --scopes repo\n",
  );
  expect(steps(result.received)).not.toContain(cancel);
});

test("a sign-in that nobody finishes exits with 2 after five minutes, and its link is given up", async () => {
  const result = await connect(serving(pending), {}, ["--connection", "Ada's", "--shared"]);
  expect(result).toMatchObject({ code: 2, stdout: "" });
  expect(steps(result.received)).toEqual([begin, ...Array(100).fill(poll), cancel]);
  expect(result.stderr).toContain(`Next:\n  skillett connect github --connection "Ada's" --shared\n`);
});

test("a restart of the server while polling does not end a sign-in", async () => {
  const answers = serving(pending, { status: 502, text: "<h1>Bad gateway</h1>", type: "text/html" }, done);
  let server = await startServer(answers);
  const port = Number(new URL(server.url).port);
  const env = { ...screen, SKILLETT_URL: server.url, SKILLETT_API_KEY: "sk_1" };
  const asleep = async (elapsed: number) => {
    if (elapsed === 3000) await server.close();
    if (elapsed === 60_000) server = await startServer(answers, port);
  };
  const { host, output } = createTestHost({ env, asleep });
  try {
    expect(await runCli(["connect", "github"], host)).toBe(0);
  } finally {
    await server.close();
  }
  expect(JSON.parse(output.stdout)).toMatchObject({ status: "connected", connection_id: "conn_7" });
  expect(output.stderr.match(/The server does not answer; still trying/g)).toHaveLength(1);
});

test("a server that stays away ends a sign-in with exit code 2, and with how to start one", async () => {
  const server = await startServer(serving(pending));
  const env = { SKILLETT_URL: server.url, SKILLETT_API_KEY: "sk_1" };
  const asleep = (elapsed: number) => (elapsed === 3000 ? server.close() : undefined);
  const { host, output } = createTestHost({ env, asleep });
  expect(await runCli(["connect", "github"], host)).toBe(2);
  expect(output.stdout).toBe("");
  expect(output.stderr).toContain("connection refused");
  expect(output.stderr).toContain("skillett up");
});

test("a refusal while polling ends a sign-in", async () => {
  const json = { error: "api_key_revoked", message: "Revoked.", retryable: false, request_id: "r" };
  const result = await connect(serving(pending, { status: 401, json }));
  expect(result).toMatchObject({ code: 1 });
  expect(steps(result.received)).toEqual([begin, poll, poll, cancel]);
});

test("a server that asks to come back later is asked later", async () => {
  const json = { error: "rate_limit_reached", message: "Later.", retryable: true, request_id: "r" };
  expect(await connect(serving({ status: 429, json }, done))).toMatchObject({ code: 0 });
});

test.each([
  ["while waiting", 1],
  ["while the server is asked", 2],
])("Ctrl-C %s gives up the link and ends a sign-in with 130", async (_, when) => {
  const controller = new AbortController();
  const inner = serving(pending);
  const answers: Answers = (request, response) => {
    if (when === 2 && request.method === "GET") {
      controller.abort();
      return "handled";
    }
    return inner(request, response);
  };
  const asleep = () => when === 1 && controller.abort();
  const result = await connect(answers, { signal: controller.signal, asleep });
  expect(result).toMatchObject({ code: 130, stdout: "" });
  expect(steps(result.received).at(-1)).toBe(cancel);
});

test("a server that cannot give up the link does not change how Ctrl-C ends a sign-in", async () => {
  const controller = new AbortController();
  const answers: Answers = ({ method }, response) => {
    if (method === "POST") return begun;
    response.destroy();
    return "handled";
  };
  const asleep = () => controller.abort();
  const result = await connect(answers, { signal: controller.signal, asleep });
  expect(result).toMatchObject({ code: 130, stdout: "" });
});
