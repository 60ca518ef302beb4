import { expect, test } from "vitest";
import { type Answers, runAgainst } from "#support/cli.js";

const page = {
  ...{ integration: "acme", endpoint: "get_mail", summary: "Read a mail", method: "GET", path: "/mail" },
  ...{ effect: "read", example: {}, scopes: [], returns: "", markdown: "" },
  params: { type: "object", properties: {}, required: [], additionalProperties: false },
  views: { readable: ["id", "author.name"] },
};

/** Runs `skillett run acme get_mail` against a server that has such an endpoint. */
function run(flags: string[], answers: Answers) {
  const knowing: Answers = (request, response) =>
    request.url === "/v1/skills/acme/get_mail" ? { json: page } : answers(request, response);
  return runAgainst(knowing, ["run", "acme", "get_mail", ...flags], {});
}

test("skillett run asks for the view, and picks fields from it", async () => {
  const text = '{"status":200,"data":{"id":1,"text":"Hi"},"view":"readable"}';
  const { sent, stdout } = await run(["--view", "readable", "--fields", "text"], () => ({ text }));
  expect(sent[0]).toMatchObject({ url: "/v1/acme/get_mail?view=readable" });
  expect(JSON.parse(stdout)).toEqual({ status: 200, data: { text: "Hi" }, view: "readable" });
});

test("skillett run says what the server says of a view that is not there", async () => {
  const json = {
    error: "bad_request",
    message: "query.view: must be one of raw, readable, auto.",
    retryable: false,
  };
  const { sent, code, stderr } = await run(["--view=short"], () => ({ status: 400, json }));
  expect(sent[0]).toMatchObject({ url: "/v1/acme/get_mail?view=short" });
  expect(code).not.toBe(0);
  expect(stderr).toContain("must be one of raw, readable, auto");
});

test("the help of an endpoint lists the fields of its view", async () => {
  const { stdout } = await run(["--help"], () => {
    throw new Error("not asked for");
  });
  expect(stdout).toContain("Readable view: id, author.name");
});
