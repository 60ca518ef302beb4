import { expect, test } from "vitest";
import { type Answers, runAgainst } from "#support/cli.js";

/** An input that is nearly right is answered with the command that was meant. */

const page = {
  integration: "github",
  endpoint: "create_issue",
  summary: "s",
  effect: "write",
  params: {
    type: "object",
    properties: { repo: { type: "string" }, title: { type: "string" } },
    required: [],
  },
  example: {},
};
const skillett = (args: string[], answers: Answers) =>
  runAgainst(
    (request, response) =>
      request.url === "/v1/skills/github/create_issue" ? { json: page } : answers(request, response),
    args,
  );
const never: Answers = () => expect.unreachable();

test("skillett run with an integration alone names its endpoints, or the integration that was meant", async () => {
  const known = await skillett(["run", "github"], () => ({
    json: { integration: "github", endpoints: [{ name: "create_issue" }, { name: "get_repo" }] },
  }));
  expect(known).toMatchObject({ code: 64, stdout: "" });
  expect(known.stderr).toContain("Which endpoint of github? It has create_issue, get_repo.");
  expect(known.received.map(({ url }) => url)).toEqual(["/v1/skills/github"]);
  const unknown = await skillett(["run", "githb"], ({ url }) => {
    expect(url).toBe("/v1/skills/githb");
    const message = "Integration githb not found. Did you mean github?";
    const json = {
      error: "not_found",
      message,
      next: ["skillett skills"],
      retryable: false,
      request_id: "r",
    };
    return { status: 404, json };
  });
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain("Did you mean github?");
  expect(unknown.stderr).toContain("Next:\n  skillett skills\n");
  expect(unknown.stderr).not.toContain("Which endpoint");
});

test("the words of an endpoint without run are answered with the whole command", async () => {
  const { stderr } = await skillett(["github", "create_issue", "--help"], never);
  expect(stderr).toContain("skillett run github create_issue --help");
  expect((await skillett(["github"], never)).stderr).toContain("skillett skills github");
});

test("unknown --fields show the whole answer, and a warning with the fields there are", async () => {
  const text = '{"status":200,"data":{"number":1,"title":"x"}}';
  const result = await skillett(
    ["run", "github", "create_issue", "--repo", "acme/app", "--title", "Bug", "--fields", "titel"],
    () => ({ text }),
  );
  expect(result).toMatchObject({ code: 0, stdout: `${text}\n` });
  expect(result.stderr).toContain(
    "There is no field titel in the data, so all of it is shown. Known: number, title.",
  );
});
