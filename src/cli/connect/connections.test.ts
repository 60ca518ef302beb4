import { expect, test } from "vitest";
import { type Answers, runAgainst } from "#support/cli.js";

const github = { id: "conn_1", integration: "github", account: "ada" };
const gmail = { id: "conn_2", integration: "gmail", account: "ada@example.com" };
const calendar = { id: "conn_3", integration: "google-calendar", account: "ada@example.com" };
const connections = [github, gmail, calendar];

const left = { connection_id: "conn_1", integration: "github", status: "disconnected", revoked: true };

function run(args: string[], reply: object = left) {
  const answers: Answers = ({ method }) => ({ json: method === "GET" ? { connections } : reply });
  return runAgainst(answers, args);
}

test.each([
  ["its id", "conn_9", "/v1/connections/conn_9", 1],
  ["its integration", "github", "/v1/connections/conn_1", 2],
  ["its account", "ada", "/v1/connections/conn_1", 2],
])("skillett disconnect finds a connection by %s", async (_, name, url, requests) => {
  const result = await run(["disconnect", name]);
  expect(result).toMatchObject({ code: 0, stderr: "", stdout: `${JSON.stringify(left)}\n` });
  expect(result.sent).toMatchObject([{ method: "DELETE", url }]);
  expect(result.received).toHaveLength(requests);
});

test("a disconnect says what is left for the person to do", async () => {
  const message = "GitHub could not be reached: remove Skillett in its settings.";
  const result = await run(["disconnect", "conn_1"], { ...left, revoked: false, message });
  expect(result).toMatchObject({ code: 0, stderr: `! ${message}\n` });
  expect(JSON.parse(result.stdout)).toMatchObject({ revoked: false, message });
});

test.each([["disconnect"], ["connections default"], ["connections share"], ["connections unshare"]])(
  "skillett %s changes nothing when the name fits none or several",
  async (command) => {
    const none = await run([...command.split(" "), "slack"]);
    expect(none).toMatchObject({ code: 1, stdout: "", sent: [] });
    expect(none.stderr).toContain('"slack"');
    const several = await run([...command.split(" "), "ada@example.com"]);
    expect(several).toMatchObject({ code: 64, stdout: "", sent: [] });
    expect(several.stderr).toContain(`  skillett ${command} conn_2  # gmail: ada@example.com\n`);
    expect(several.stderr).toContain(`  skillett ${command} conn_3  # google-calendar: ada@example.com\n`);
  },
);

test.each([
  ["default", { default: true }],
  ["share", { shared: true }],
  ["unshare", { shared: false }],
])("skillett connections %s changes the connection that is named", async (verb, body) => {
  const reply = { connection_id: "conn_2", integration: "gmail", account: "a", default: true, shared: false };
  const result = await run(["connections", verb, "gmail"], reply);
  expect(result).toMatchObject({ code: 0, stdout: `${JSON.stringify(reply)}\n`, stderr: "" });
  expect(result.sent).toMatchObject([{ method: "PATCH", url: "/v1/connections/conn_2" }]);
  expect(JSON.parse(result.sent[0]!.body)).toEqual(body);
});

test.each([
  [["connections", "--profile", "nope", "share", "conn_1"]],
  [["connections", "share", "conn_1", "--profile", "nope"]],
])("--profile counts wherever it stands in %j", async (args) => {
  const result = await run(args);
  expect(result).toMatchObject({ code: 64, received: [] });
  expect(result.stderr).toContain('There is no profile "nope"');
});

test.each([
  [["connections", "defualt", "conn_1"], "too many arguments"],
  [["connections", "share"], "missing required argument"],
])("the command line %j is a usage error", async (args, words) => {
  const result = await run(args);
  expect(result).toMatchObject({ code: 64, received: [] });
  expect(result.stderr).toContain(words);
});
