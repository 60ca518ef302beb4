import { expect, test } from "vitest";
import { type Answer, type Answers, type HostOptions, runAgainst } from "#support/cli.js";

const connection = (id: string, account: string) => ({
  id,
  integration: "github",
  account,
  profile_id: "prof_1",
  last_used_at: null,
});
const connections = [connection("conn_1", "ada"), connection("conn_2", "bob"), connection("conn_3", "eve")];

const gone = (revoked: boolean, message?: string): Answer => ({
  json: { connection_id: "c", integration: "github", status: "disconnected", revoked, message },
});
const refusal = (status: number, error: string): Answer => ({
  status,
  json: { error, message: `${error}!`, retryable: false, request_id: "r" },
});

/** A server with three connections, which answers their disconnecting in this order. */
function revoke(args: string[], answers: Answer[] = [], options: HostOptions = {}) {
  const left = [...answers];
  const serving: Answers = ({ method }) => (method === "GET" ? { json: { connections } } : left.shift()!);
  return runAgainst(serving, ["admin", "revoke", ...args], options);
}

test("skillett admin revoke disconnects every connection that fits, one by one", async () => {
  const args = ["--integration", "github", "--older-than", "90d", "--profile", "ada@example.com", "--yes"];
  const result = await revoke(args, [gone(true), gone(false, "GitHub is down."), gone(true)]);
  expect(result.received[0]?.url).toBe(
    "/v1/connections?everyone=true&integration=github&unused_days=90&profile=ada%40example.com",
  );
  expect(result.sent.map(({ method, url }) => `${method} ${url}`)).toEqual(
    [1, 2, 3].map((n) => `DELETE /v1/connections/conn_${n}`),
  );
  expect(result.code).toBe(0);
  expect(JSON.parse(result.stdout)).toEqual({
    revoked: 2,
    not_revoked: [{ connection_id: "conn_2", account: "bob", message: "GitHub is down." }],
    failed: [],
  });
  expect(result.stderr).toContain("3 connections fit:\n  conn_1  github: ada  (of prof_1, never used)\n");
  expect(result.stderr).toContain("3 of 3 disconnected.\n");
  // Lines that are written over belong on a terminal.
  expect(result.stderr).not.toContain("\r");
});

test.each([
  ["90d", 90],
  ["12w", 84],
  ["1y", 365],
])("--older-than %s asks for connections unused for %i days", async (time, days) => {
  const { received } = await revoke(["--older-than", time, "--dry-run"]);
  expect(received[0]?.url).toBe(`/v1/connections?everyone=true&unused_days=${days}`);
});

test("skillett admin revoke --dry-run disconnects nothing and asks nothing", async () => {
  const result = await revoke(["--integration", "github", "--dry-run"]);
  expect(result).toMatchObject({ code: 0, sent: [] });
  expect(JSON.parse(result.stdout)).toEqual({ dry_run: true, connections });
});

test.each([
  [[], "Which connections?"],
  [["--yes"], "Which connections?"],
  [["--integration", "github"], "give --yes"],
  [["--older-than", "0d", "--yes"], "such as 90d"],
  [["--older-than", "90", "--yes"], "such as 90d"],
  [["--older-than", "101y", "--yes"], "such as 90d"],
])("skillett admin revoke with %j is a usage error", async (args, words) => {
  const result = await revoke(args);
  expect(result).toMatchObject({ code: 64, stdout: "", received: [] });
  expect(result.stderr).toContain(words);
});

test("skillett admin revoke asks on a terminal, and shows how far it is", async () => {
  const answers = [gone(true), gone(true), gone(true)];
  const yes = await revoke(["--integration", "github"], answers, { terminal: true, stdin: "n\x7fy\r" });
  expect(yes).toMatchObject({ code: 0 });
  expect(yes.sent).toHaveLength(3);
  expect(yes.stderr).toContain("Disconnect all of them? [y/N] n\b \by\n");
  expect(yes.stderr).toContain("\r\x1b[K2/3 github: bob");

  for (const [stdin, code] of [
    ["n\r", 1],
    ["\r", 1],
    ["y\x03", 130],
  ] as const) {
    const no = await revoke(["--integration", "github"], answers, { terminal: true, stdin });
    expect(no).toMatchObject({ code, stdout: "", sent: [] });
  }
});

test.each([
  [[gone(true), refusal(404, "not_found"), gone(true)], 1, "not_found!"],
  [[gone(true), refusal(500, "internal"), gone(true)], 2, "internal!"],
])("skillett admin revoke goes on after a failure and exits as that does", async (answers, code, message) => {
  const result = await revoke(["--integration", "github", "--yes"], answers);
  expect(result.code).toBe(code);
  expect(JSON.parse(result.stdout)).toEqual({
    revoked: 2,
    not_revoked: [],
    failed: [{ connection_id: "conn_2", account: "bob", message }],
  });
  expect(result.stderr).toContain(`✗ 2 of 3 disconnected; conn_2: ${message}\n`);
});

test("Ctrl-C stops skillett admin revoke, which says what is done", async () => {
  const controller = new AbortController();
  const serving: Answers = ({ method, url }) => {
    if (method === "GET") return { json: { connections } };
    if (url.endsWith("conn_1")) return gone(true);
    controller.abort();
    return "handled";
  };
  const args = ["admin", "revoke", "--integration", "github", "--yes"];
  const result = await runAgainst(serving, args, { signal: controller.signal });
  expect(result.code).toBe(130);
  expect(JSON.parse(result.stdout)).toEqual({ revoked: 1, not_revoked: [], failed: [] });
  expect(result.stderr).toContain("Stopped: 1 of 3 disconnected. Running it again goes on.\n");
  expect(result.sent).toHaveLength(2);
});

test("skillett admin revoke is done without a question where nothing fits", async () => {
  const none: Answers = () => ({ json: { connections: [] } });
  const result = await runAgainst(none, ["admin", "revoke", "--profile", "p"], { terminal: true });
  expect(result).toMatchObject({ code: 0, sent: [] });
  expect(JSON.parse(result.stdout)).toEqual({ revoked: 0, not_revoked: [], failed: [] });
});

test("skillett admin revoke sends nothing where the list is refused, and tells why and what to do next", async () => {
  const message =
    "Your role (member) does not have the permission connections:*. Ask an owner of the tenant.";
  const json = { error: "forbidden", message, next: ["skillett profiles"] };
  const result = await runAgainst(
    () => ({ status: 403, json: { ...json, retryable: false, request_id: "r" } }),
    ["admin", "revoke", "--profile", "p", "--yes"],
  );
  expect(result).toMatchObject({ code: 1, sent: [] });
  expect(result.stderr).toBe(`✗ ${message}\nNext:\n  skillett profiles\n`);
});
