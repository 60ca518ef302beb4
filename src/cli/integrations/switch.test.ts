import { expect, test } from "vitest";
import { type Answers, runAgainst } from "#support/cli.js";

const endpoint = (name: string, enabled = true) => ({ name, effect: "write", enabled });
const github = {
  integration: "github",
  enabled: true,
  endpoints: [endpoint("merge_pull", false), endpoint("delete_ref"), endpoint("delete_issue_comment")],
};
const answers: Answers = () => ({ json: github });
const run = (...args: string[]) => runAgainst(answers, ["integrations", ...args]);

test("skillett integrations list shows all integrations, or all endpoints of one", async () => {
  const all = await run("list");
  expect(all.received).toMatchObject([{ method: "GET", url: "/v1/integrations" }]);
  const one = await run("list", "github");
  expect(one.received).toMatchObject([{ method: "GET", url: "/v1/integrations/github" }]);
  expect(JSON.parse(one.stdout)).toEqual(github);
});

test.each([
  ["enable", [], { enabled: true }],
  ["disable", [], { enabled: false }],
  ["enable", ["merge_pull"], { endpoints: { merge_pull: true } }],
  ["disable", ["merge_pull", "delete_ref"], { endpoints: { merge_pull: false, delete_ref: false } }],
])("skillett integrations %s github with the endpoints %j sends %j", async (verb, names, body) => {
  const { code, sent, stdout } = await run(verb, "github", ...names);
  expect([code, sent]).toMatchObject([0, [{ method: "PATCH", url: "/v1/integrations/github" }]]);
  expect(JSON.parse(sent[0]!.body)).toEqual(body);
  const state = { integration: "github", enabled: true, endpoints: 3, off: ["merge_pull"] };
  expect(JSON.parse(stdout)).toEqual(state);
});

test("a pattern stands for the endpoints that it fits, each once", async () => {
  const { sent } = await run("disable", "github", "delete_*", "delete_ref", "*_pull");
  const endpoints = { delete_ref: false, delete_issue_comment: false, merge_pull: false };
  expect(JSON.parse(sent[0]!.body)).toEqual({ endpoints });
  const none = await run("disable", "github", "delete_*", "nothing_*");
  expect([none.code, none.sent]).toEqual([64, []]);
  expect(none.stderr).toContain("github has no endpoint like nothing_*.");
});

test("skillett integrations remove says how many accounts went with it", async () => {
  const gone = { integration: "acme", connections: 2 };
  const { sent, stdout } = await runAgainst(() => ({ json: gone }), ["integrations", "remove", "acme"]);
  expect(sent).toMatchObject([{ method: "DELETE", url: "/v1/integrations/acme" }]);
  expect(JSON.parse(stdout)).toEqual(gone);
});
