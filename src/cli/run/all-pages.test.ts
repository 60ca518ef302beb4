import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { runAgainst } from "#support/cli.js";

const page = {
  ...{ integration: "acme", endpoint: "list_mail", summary: "List mail", method: "GET", path: "/mail" },
  ...{ effect: "read", example: {}, scopes: [], returns: "", markdown: "", views: {} },
  params: { type: "object", properties: {}, required: [], additionalProperties: false },
};

test("the flag to go on with is one word for a shell, whatever the service has in its cursor", async () => {
  const next = { cursor: "'; echo taken; '\n$(echo taken) `echo taken`" };
  const answer = {
    ...{ status: 200, data: [{ id: 1 }], hint: { message: "It stopped." } },
    page: { pages: 1, items: 1, next },
  };
  const { code, stdout, stderr } = await runAgainst(
    ({ url }) => ({ json: url?.startsWith("/v1/skills/") ? page : answer }),
    ["run", "acme", "list_mail", "--all"],
    {},
  );
  expect([code, stdout]).toEqual([1, '{"id":1}\n']);
  const word = /--params (.*)\.$/s.exec(stderr.trim())![1]!;
  const read = spawnSync("sh", ["-c", `printf %s ${word}`], { encoding: "utf8" });
  expect(JSON.parse(read.stdout)).toEqual(next);
});
