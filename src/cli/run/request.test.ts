import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answers, type HostOptions, runAgainst } from "#support/cli.js";

/** `skillett request` against a server that shows what it was sent. */

const text = '{"status":200,"data":{"id":12345678901234567890,"name":"x"}}';
const run = (words: string[], options: HostOptions = {}, answers: Answers = () => ({ text })) =>
  runAgainst(answers, ["request", ...words], options);
const sentBy = async (words: string[], options: HostOptions = {}) =>
  JSON.parse((await run(words, options)).sent[0]!.body);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "skillett-request-"));
  writeFileSync(path.join(directory, "body.json"), '{"a":[1,true]}');
  writeFileSync(path.join(directory, "text.csv"), "a,b\n1,2\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

test("skillett request sends what it is given, and prints the answer as it came", async () => {
  const words = ["github", "get", "repos/a/b?x=1", "--query", "q=a=b", "--query", "l=1", "--query", "l=2"];
  const more = [
    "--header",
    "Accept: text/plain",
    "--header",
    "X-Empty:",
    "--base",
    "uploads",
    "--connection",
    "octo",
  ];
  const { sent, stdout, code } = await run([...words, ...more]);
  expect(code).toBe(0);
  expect(sent[0]).toMatchObject({ method: "POST", url: "/v1/github/request" });
  expect(JSON.parse(sent[0]!.body)).toEqual({
    method: "GET",
    path: "/repos/a/b?x=1",
    query: { q: ["a=b"], l: ["1", "2"] },
    headers: { Accept: "text/plain", "X-Empty": "" },
    base: "uploads",
    connection: "octo",
  });
  expect(stdout).toContain("12345678901234567890");
});

test("skillett request takes a body from the command line, a file and stdin", async () => {
  const put = ["github", "PUT", "/x", "--body"];
  expect((await sentBy([...put, '{"a":"b"}'])).body).toEqual({ a: "b" });
  expect((await sentBy([...put, "null"])).body).toBe(null);
  expect((await sentBy([...put, "@body.json"], { directory })).body).toEqual({ a: [1, true] });
  expect((await sentBy([...put, "-"], { stdin: "[1]" })).body).toEqual([1]);
  const csv = ["--header", "content-type: text/csv"];
  expect((await sentBy([...put, "@text.csv", ...csv], { directory })).body).toBe("a,b\n1,2\n");
  const json = ["--header", "Content-Type: application/vnd.api+json; charset=utf-8"];
  expect((await sentBy([...put, "{}", ...json])).body).toEqual({});
  expect(await sentBy(["github", "POST", "/x"])).not.toHaveProperty("body");
});

test("skillett request gives flags on: a dry run, a key against doing it twice, an address as it is", async () => {
  const { sent } = await run([
    "github",
    "DELETE",
    "https://api.github.com/x",
    "--dry-run",
    "--idempotency-key",
    "k1",
  ]);
  expect(sent[0]).toMatchObject({
    url: "/v1/github/request?dry_run=true",
    headers: { "idempotency-key": "k1" },
  });
  expect(JSON.parse(sent[0]!.body).path).toBe("https://api.github.com/x");
});

test.each<[string[], string]>([
  [["github", "FETCH", "/x"], "FETCH is none of the methods GET, HEAD"],
  [["github", "GET"], "missing required argument 'path'"],
  [["github", "GET", "/x", "--query", "novalue"], "A name and a value have = between them"],
  [["github", "GET", "/x", "--header", "=secret"], "A name and a value have : between them"],
  [["github", "PUT", "/x", "--body", "{oops"], "--body is not JSON"],
  [["github", "PUT", "/x", "--body", "@gone.json"], "--body: "],
  [["github", "PUT", "/x", "--body", '{"id":12345678901234567890}'], "--body"],
  [["github", "GET", "/x", "--output-file", "-"], "--output-file takes a path"],
  [["github", "GET", "/x", "--clobber"], "--clobber is for --output-file"],
])("skillett request %j is refused before anything is sent: %s", async (words, message) => {
  const { sent, code, stderr } = await run(words, { directory });
  expect([sent, code]).toEqual([[], 64]);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("secret");
});

test("skillett request tells how the service answered, and prints only the fields that are asked for", async () => {
  const refused = await run(["github", "GET", "/x?token=1"], {}, () => ({
    text: '{"status":404,"data":{}}',
  }));
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining("github answered 404 to GET /x."),
  ]);
  const { stdout } = await run(["github", "GET", "/x", "--fields", "name"]);
  expect(JSON.parse(stdout)).toEqual({ status: 200, data: { name: "x" } });
});

test("skillett request warns against repeating a write that may have been made", async () => {
  const broken: Answers = (_, response) => {
    response.socket?.destroy();
    return "handled";
  };
  expect((await run(["github", "POST", "/x"], {}, broken)).stderr).toContain("The call may have been made");
  for (const more of [
    ["GET", "/x"],
    ["POST", "/x", "--idempotency-key", "k"],
    ["POST", "/x", "--dry-run"],
  ]) {
    expect((await run(["github", ...more], {}, broken)).stderr).not.toContain("may have been made");
  }
});

test("skillett request --output-file saves the answer as a file", async () => {
  const file = { id: "file_1", name: "a.bin", media_type: "a/b", size: 3 };
  const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const answers: Answers = ({ method, url }) => {
    if (url === "/v1/files/file_1/content") return { text: "abc", type: "a/b" };
    if (method === "DELETE") return { status: 204, text: "" };
    return { json: { status: 200, data: { file: { ...file, sha256 } } } };
  };
  const words = ["github", "GET", "/x", "--output-file", "a.bin"];
  const { sent, code, stderr } = await run(words, { directory }, answers);
  expect([code, stderr]).toEqual([0, ""]);
  expect(sent[0]!.url).toBe("/v1/github/request?as=file");
  expect(readFileSync(path.join(directory, "a.bin"), "utf8")).toBe("abc");
});
