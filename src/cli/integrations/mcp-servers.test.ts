import { expect, test } from "vitest";
import { type Answers, type HostOptions, runAgainst } from "#support/cli.js";

const added = { integration: "acme", closed: true, endpoints: { on: 0, off: 0 }, next: [] };
const refreshed = { ...added, closed: false, endpoints: { on: 2, off: 1 } };
const url = "https://mcp.acme.example/mcp";

const answers: Answers = ({ url: path }) => {
  if (path === "/v1/connect") return { json: { connection_id: "c1", status: "connected", account: null } };
  return { json: path === "/v1/integrations/mcp" ? added : refreshed };
};
const run = (args: string[], options: HostOptions = {}) =>
  runAgainst(answers, ["integrations", ...args], options);

test("a server is added with the headers that it wants", async () => {
  const headers = ["--header", "X-Key: {token}", "--header", "x-area:eu"];
  const { code, sent, stdout } = await run(["add-mcp", url, "--slug", "acme", ...headers]);
  expect([code, JSON.parse(stdout)]).toEqual([0, added]);
  expect(sent.map(({ body }) => JSON.parse(body))).toEqual([
    { url, slug: "acme", headers: { "X-Key": "{token}", "x-area": "eu" } },
  ]);
});

test("a key from stdin is connected, and the tools are read with it", async () => {
  const { code, sent, stdout } = await run(["add-mcp", url, "--token", "-"], { stdin: "k1\n" });
  expect([code, JSON.parse(stdout)]).toEqual([0, refreshed]);
  expect(sent.map((it) => `${it.method} ${it.url}`)).toEqual([
    "POST /v1/integrations/mcp",
    "POST /v1/connect",
    "POST /v1/integrations/acme/refresh",
  ]);
  expect(JSON.parse(sent[1]!.body)).toEqual({ integration: "acme", credentials: { token: "k1" } });
});

test.each([
  ["a key on the command line", ["add-mcp", url, "--token", "s3cret"], "A token on the command line"],
  ["a header without a value", ["add-mcp", url, "--header", "x-key"], "wants a name and a value"],
])("adding a server with %s sends nothing", async (_, args, words) => {
  const { code, received, stderr } = await run(args);
  expect([code, received]).toEqual([64, []]);
  expect(stderr).toContain(words);
  expect(stderr).not.toContain("s3cret");
});

test("the tools of a server are read anew", async () => {
  const { code, sent } = await run(["refresh", "acme"]);
  expect([code, sent.map((it) => `${it.method} ${it.url}`)]).toEqual([
    0,
    ["POST /v1/integrations/acme/refresh"],
  ]);
});
