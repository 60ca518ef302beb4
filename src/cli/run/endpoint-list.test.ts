import { expect, test } from "vitest";
import { runAgainst } from "#support/cli.js";

const endpoints = [
  { name: "list_runs", resource: "actions", summary: "List the runs", method: "GET", effect: "read" },
  { name: "create_issue", resource: "issues", summary: "Create an issue", method: "POST", effect: "write" },
  {
    name: "delete_issue",
    resource: "issues",
    summary: "Delete an issue",
    method: "DELETE",
    effect: "destructive",
  },
];
const listed = {
  integration: "github",
  endpoints,
  connect: { sign_in: true, credentials: [], settings: [] },
};

test.each([
  [["skills", "github"], {}],
  [["skills", "github", "--json"], { shown: true }],
])(
  "the command %j prints the endpoints as JSON, a line each, without what repeats",
  async (args, options) => {
    const { stdout, code } = await runAgainst(() => ({ json: listed }), args, options);
    expect(code).toBe(0);
    expect(stdout.split("\n").slice(1, -2)).toEqual([
      '{"name":"list_runs","summary":"List the runs"},',
      '{"name":"create_issue","effect":"write","summary":"Create an issue"},',
      '{"name":"delete_issue","effect":"destructive","summary":"Delete an issue"}',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      integration: "github",
      endpoints: [{ name: "list_runs" }, {}, {}],
    });
  },
);

test("skillett skills lists the endpoints by resource on a terminal", async () => {
  const { stdout } = await runAgainst(() => ({ json: listed }), ["skills", "github"], { shown: true });
  expect(stdout).toBe(
    "actions\n  list_runs  List the runs\n\n" +
      "issues\n  create_issue  Create an issue (write)\n  delete_issue  Delete an issue (destructive)\n",
  );
});

test.each([
  [
    false,
    '{"integration":"github","endpoints":[],"hint":{"message":"Nothing fits.","next":["skillett skills"]}}\n',
    "",
  ],
  [true, "", "✗ Nothing fits.\nNext:\n  skillett skills\n"],
])("skillett skills says that nothing fits, on a terminal (%j) in words", async (shown, stdout, stderr) => {
  const json = {
    integration: "github",
    endpoints: [],
    hint: { message: "Nothing fits.", next: ["skillett skills"] },
  };
  const args = ["skills", "github", "-q", "make tea"];
  const result = await runAgainst(() => ({ json }), args, { shown });
  expect(result).toMatchObject({ code: 0, stdout, stderr });
  expect(result.received.map(({ url }) => url)).toEqual(["/v1/skills/github?q=make+tea"]);
});

test("an agent reads how many endpoints each resource has where there are very many, and asks for those of one", async () => {
  const many = Array.from({ length: 300 }, (_, i) => ({
    ...endpoints[0]!,
    name: `list_runs_${i}`,
    resource: i < 299 ? "actions" : "issues",
  }));
  const answer = () => ({ json: { ...listed, endpoints: many } });
  const counted = await runAgainst(answer, ["skills", "github"], {});
  expect(JSON.parse(counted.stdout)).toMatchObject({ total: 300, resources: { actions: 299, issues: 1 } });
  expect(counted.stdout).toContain("--resource");
  const whole = await runAgainst(answer, ["skills", "github", "--json"], {});
  expect(JSON.parse(whole.stdout).endpoints).toHaveLength(300);
  const some = await runAgainst(answer, ["skills", "github", "--resource", "issues"], {});
  expect(JSON.parse(some.stdout).endpoints).toEqual([{ name: "list_runs_299", summary: "List the runs" }]);
  const none = await runAgainst(answer, ["skills", "github", "--resource", "isues"], {});
  expect(none.code).toBe(64);
  expect(none.stderr).toContain("Did you mean issues?");
});
