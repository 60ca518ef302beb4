import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp } from "../mcp/mcp-clients.js";
import { type Depot, startDepot } from "./depot.js";

/** Files on the command line and over MCP. */

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const cleanup = createCleanup();
let depot: Depot;
let skillett: Skillett;
let directory: string;
const bytes = randomBytes(700_000);

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "skillett-files-"));
  cleanup.add(async () => rmSync(directory, { recursive: true }));
  writeFileSync(path.join(directory, "sea view.png"), bytes);
  writeFileSync(path.join(directory, "large.bin"), Buffer.alloc(4_000_000));
  depot = await startDepot();
  cleanup.add(depot.close);
  const env = {
    SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/depot", import.meta.url).pathname,
    SKILLETT_DEPOT_BASE_URL: depot.url,
    SKILLETT_MAX_FILE_MB: "3",
  };
  skillett = await startSkillett("sqlite", { env });
  cleanup.add(skillett.close);
  await skillett.connect("depot");
});
afterAll(() => cleanup.run());

async function cli(args: string[], stdin: string | Uint8Array = "") {
  const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key };
  const { host, output } = createTestHost({ env, directory, stdin });
  const code = await runCli(args, host);
  return { code, ...output, json: output.stdout.startsWith("{") ? JSON.parse(output.stdout) : undefined };
}
const answerWith = (body: Uint8Array | string, type: string, status = 200) =>
  depot.next((_request, response) => void response.writeHead(status, { "content-type": type }).end(body));
const kept = async () => (await skillett.call("GET", "/v1/files?limit=200")).json.files;

it("a file is handed over, listed, saved and deleted", async () => {
  const uploaded = await cli(["files", "upload", "sea view.png"]);
  expect(uploaded).toMatchObject({ code: 0, stderr: "" });
  const { file } = uploaded.json;
  expect(file).toMatchObject({ name: "sea view.png", media_type: "image/png", sha256: hashOf(bytes) });
  expect((await cli(["files"])).json.files[0]).toEqual(file);
  const saved = await cli(["files", "download", file.id, "copy.png"]);
  expect(saved.json).toEqual({ file, path: path.join(directory, "copy.png") });
  expect(readFileSync(path.join(directory, "copy.png"))).toEqual(bytes);
  const again = await cli(["files", "download", file.id, "copy.png"]);
  expect(again.code).not.toBe(0);
  expect(again.stderr).toContain("copy.png is there already. Give another name, or --clobber to replace it.");
  expect((await cli(["files", "download", file.id, "copy.png", "--clobber"])).code).toBe(0);
  expect((await cli(["files", "delete", file.id])).json).toEqual({ deleted: file.id });
  expect((await cli(["files", "download", file.id])).stderr).toContain("There is no such file.");

  const piped = await cli(["files", "upload", "-", "--name", "n.csv", "--type", "text/csv"], "a,b\n");
  expect(piped.json.file).toMatchObject({ name: "n.csv", media_type: "text/csv", size: 4 });
});

it("a param that takes a file takes a path, stdin or a handle", async () => {
  const { file } = (await cli(["files", "upload", "-", "--name", "hill.gif"], "hill")).json;
  const run = await cli([
    "run",
    "depot",
    "upload_pictures",
    "--title",
    "@me",
    "--pictures",
    "@sea view.png",
    "--pictures",
    file.id,
  ]);
  expect(run).toMatchObject({ code: 0 });
  const { headers, body } = depot.received.at(-1)!;
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": headers["content-type"]! },
  }).formData();
  const pictures = form.getAll("pictures[]") as File[];
  expect(pictures.map(({ name, type, size }) => [name, type, size])).toEqual([
    ["sea view.png", "image/png", bytes.length],
    ["hill.gif", "image/gif", 4],
  ]);
  for (const flags of [
    ["--file", "@-"],
    ["--file-file", "-"],
  ]) {
    await cli(["run", "depot", "put_object", "--key", "a", ...flags], bytes);
    expect(depot.received.at(-1)).toMatchObject({ path: "/objects/a", sha256: hashOf(bytes) });
  }
});

it("a dry run hands nothing over, and shows the facts of the file", async () => {
  const before = await kept();
  const { code, json } = await cli([
    "run",
    "depot",
    "put_object",
    "--key",
    "a",
    "--file",
    "@sea view.png",
    "--dry-run",
  ]);
  expect([code, json.request.body]).toEqual([
    0,
    { file: "file_1", name: "sea view.png", media_type: "image/png", size: bytes.length },
  ]);
  expect(await kept()).toEqual(before);
});

it("files that are not there, are too large or do not fit are told, and nothing is sent", async () => {
  const asked = depot.received.length;
  const missing = await cli([
    "run",
    "depot",
    "upload_pictures",
    "--cover",
    "@no.png",
    "--pictures",
    "@",
    "--tile",
    "x",
  ]);
  expect(missing.stderr).toContain("--cover: there is no file no.png.");
  expect(missing.stderr).toContain("Unknown flag --tile. Did you mean --title?");
  expect(missing.code).not.toBe(0);
  const twice = await cli(["run", "depot", "put_contents", "--content", "@-", "--sealed", "@-"], "x");
  expect(twice.stderr).toContain("stdin can be read once");
  const large = await cli(["run", "depot", "put_object", "--key", "a", "--file", "@large.bin"]);
  expect(large.stderr).toContain("A file may have up to 3 MiB, and this one has more.");
  const unfit = await cli(["run", "depot", "upload_pictures", "--cover", "@large.bin"]);
  expect(unfit.code).not.toBe(0);
  expect(depot.received.length).toBe(asked);
});

it("--output-file saves an answer, leaves no handle, and replaces nothing", async () => {
  const before = await kept();
  answerWith(bytes, "image/png");
  const saved = await cli(["run", "depot", "get_object", "--key", "a", "--output-file", "out.png"]);
  const file = path.join(directory, "out.png");
  expect(saved.json).toEqual({
    status: 200,
    data: {
      file: {
        path: file,
        name: "get_object.png",
        media_type: "image/png",
        size: bytes.length,
        sha256: hashOf(bytes),
      },
    },
  });
  expect(readFileSync(file)).toEqual(bytes);
  expect(await kept()).toEqual(before);

  const asked = depot.received.length;
  const refused = await cli(["run", "depot", "get_object", "--key", "a", "--output-file", "out.png"]);
  expect(refused.stderr).toContain("out.png is there already.");
  expect(depot.received.length).toBe(asked);
  answerWith("gone", "text/plain", 404);
  const gone = await cli([
    "run",
    "depot",
    "get_object",
    "--key",
    "a",
    "--output-file",
    "out.png",
    "--clobber",
  ]);
  expect([gone.code, gone.json]).toEqual([1, { status: 404, data: "gone" }]);
  expect(readFileSync(file)).toEqual(bytes);
  expect(readdirSync(directory).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  for (const [flags, message] of [
    [["--output-file", "-"], "stdout is for JSON"],
    [["--output-file", "no/where.png"], "There is no folder no."],
    [["--output-file", "."], "is a folder"],
    [["--clobber"], "--clobber is for --output-file."],
  ] as const) {
    expect((await cli(["run", "depot", "get_object", "--key", "a", ...flags])).stderr).toContain(message);
  }
});

it("the help of an endpoint says which params take a file", async () => {
  const { stdout } = await cli(["run", "depot", "upload_pictures", "--help"]);
  expect(stdout).toContain("--cover <file>");
  expect(stdout).toContain("--pictures <list of file>");
  expect(stdout.replace(/\s+/g, " ")).toContain("@path, @- for stdin, or a handle");
});

it("an answer that is bytes is a handle over MCP, which another call takes", async () => {
  const client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
  cleanup.add(() => client.close());
  const call = async (args: object) => {
    const given = { integration: "depot", ...args };
    const { structuredContent, isError } = await client.call("integration_run", given);
    return { ...structuredContent, isError };
  };
  answerWith(bytes, "image/png");
  const { data } = await call({ endpoint: "get_object", params: { key: "a" } });
  expect(data.file).toMatchObject({ media_type: "image/png", size: bytes.length, sha256: hashOf(bytes) });
  await call({ endpoint: "put_object", params: { key: "b", file: data.file.id } });
  expect(depot.received.at(-1)).toMatchObject({ path: "/objects/b", sha256: hashOf(bytes) });
  answerWith('{"a":1}', "application/json");
  expect((await call({ endpoint: "get_object", params: { key: "a" } })).data).toEqual({ a: 1 });
  answerWith('{"a":1}', "application/json");
  const asked = await call({ endpoint: "get_object", params: { key: "a" }, asFile: true });
  expect(asked.data.file).toMatchObject({ media_type: "application/json", size: 7 });
});
