import { expect, test } from "vitest";
import { type Answers, runAgainst } from "#support/cli.js";

const google = { provider: "google", configured: "operator", client_id: "id1" };
const never: Answers = () => {
  throw new Error("not asked for");
};

test("providers are listed as the server has them", async () => {
  const text = '{"providers": [{"provider":"google"}]}';
  const result = await runAgainst(() => ({ text }), ["admin", "providers"]);
  expect(result).toMatchObject({ code: 0, stdout: `${text}\n`, stderr: "" });
  expect(result.received).toMatchObject([{ method: "GET", url: "/v1/admin/providers" }]);
});

test.each([
  ["from stdin", ["--client-secret", "-"], { stdin: "s3cret\n" }, ""],
  ["asked for", [], { stdin: "s3cret\r", terminal: true }, "Client secret for google: \n"],
])("an OAuth client is set with its secret %s", async (_, args, options, stderr) => {
  const command = ["admin", "provider", "google", "--client-id", "id1", ...args];
  const result = await runAgainst(() => ({ json: google }), command, options);
  expect(result).toMatchObject({ code: 0, stdout: `${JSON.stringify(google)}\n`, stderr });
  expect(result.sent).toMatchObject([{ method: "PUT", url: "/v1/admin/providers/google" }]);
  expect(JSON.parse(result.sent[0]!.body)).toEqual({ client_id: "id1", client_secret: "s3cret" });
});

test("skillett admin provider --remove removes an OAuth client", async () => {
  const result = await runAgainst(() => ({ json: google }), ["admin", "provider", "google", "--remove"]);
  expect(result).toMatchObject({ code: 0, sent: [{ method: "DELETE", url: "/v1/admin/providers/google" }] });
});

test.each([
  ["a secret on the command line", ["--client-id", "id1", "--client-secret", "s3cret"], "Count it as leaked"],
  ["a secret alone on the command line", ["--client-secret=s3cret"], "Count it as leaked"],
  ["no terminal to ask on", ["--client-id", "id1"], "--client-secret -"],
  ["an empty secret", ["--client-id", "id1", "--client-secret", "-"], "The client secret is empty"],
  ["nothing to do", [], "--client-id"],
  ["a secret without its id", ["--client-secret", "-"], "--client-id"],
  ["both an id and --remove", ["--client-id", "id1", "--remove"], "leave out --client-id"],
])("an OAuth client with %s is refused, and nothing is sent", async (_, args, words) => {
  const result = await runAgainst(never, ["admin", "provider", "google", ...args]);
  expect(result).toMatchObject({ code: 64, stdout: "", received: [] });
  expect(result.stderr).toContain(words);
  expect(result.stderr).not.toContain("s3cret");
});
