import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createTestHost } from "#support/cli.js";
import { onEachEngine, type Skillett } from "#support/skillett.js";
import { type RawStage, startRawStage, shelfToken as token } from "./raw-stage.js";
import type { Arrived } from "./shelf.js";

/** Requests of one's own: what arrives at the service, and what comes back. */
onEachEngine("raw requests", (engine) => {
  let stage: RawStage;
  let skillett: Skillett;
  beforeAll(async () => {
    stage = await startRawStage(engine);
    skillett = stage.skillett;
  });
  afterAll(() => stage?.close());

  const send: RawStage["send"] = (...given) => stage.send(...given);
  const lastRow = () => stage.lastRow();
  const arrived = (): Arrived => stage.arrived.at(-1)!;

  it("a request arrives as its caller wrote it, with the credential and the headers of the integration", async () => {
    const reply = await send({
      method: "POST",
      path: "/odd/%C3%BC?a=1&a=2",
      query: { b: ["x y", 3, true], c: "&=" },
      headers: { Accept: "text/plain", "X-Mine": "1" },
      body: { n: 1, deep: [null, { t: "\u2028" }] },
    });
    expect(reply).toMatchObject({ status: 200, json: { status: 200 } });
    expect(arrived()).toMatchObject({
      method: "POST",
      url: "/api/v2/odd/%C3%BC?a=1&a=2&b=x%20y&b=3&b=true&c=%26%3D",
      headers: {
        accept: "text/plain",
        "x-mine": "1",
        "x-shelf-version": "2",
        "x-shelf-key": token,
        "content-type": "application/json",
      },
    });
    expect(JSON.parse(arrived().body)).toEqual({ n: 1, deep: [null, { t: "\u2028" }] });
    expect(reply.text).not.toContain(token);
    expect(await lastRow()).toMatchObject({
      endpoint: "request",
      effect: "write",
      target: "POST /odd/%C3%BC",
      status: "completed",
    });
  });

  it.each([
    ["a text of another type", "text/csv", "a,b\r\n1,2", "a,b\r\n1,2"],
    ["a form", "application/x-www-form-urlencoded", "a=1&b=%20", "a=1&b=%20"],
    ["JSON of a type of its own", "application/vnd.api+json; charset=utf-8", { a: 1 }, '{"a":1}'],
    ["a JSON text", "application/json", "a", '"a"'],
    ["null", "application/json", null, "null"],
  ])("%s arrives with its type", async (_, type, body, written) => {
    const reply = await send({ method: "PUT", path: "/odd", headers: { "Content-Type": type }, body });
    expect(reply.status, reply.text).toBe(200);
    expect(arrived()).toMatchObject({ body: written, headers: { "content-type": type } });
  });

  it("a dry run shows the request, and sends nothing", async () => {
    const before = stage.arrived.length;
    const body = {
      method: "DELETE",
      path: "/odd/1",
      base: "media",
      body: "x",
      headers: { "content-type": "a/b" },
    };
    const { json } = await send(body, "raw", { query: "?dry_run=true" });
    expect(json).toMatchObject({
      dry_run: true,
      request: {
        method: "DELETE",
        url: expect.stringMatching(/:\d+\/media\/odd\/1$/),
        headers: { "x-shelf-key": "[credential]" },
        body: "x",
      },
    });
    expect(stage.arrived.length).toBe(before);
  });

  it.each([
    ["the credential's header", { headers: { "X-Shelf-Key": "mine" } }, "headers.X-Shelf-Key"],
    ["a query parameter of a credential", { query: { API_KEY: "mine" } }, "query"],
    ["one in the path", { path: "/odd?x=1&Api%5Fkey=mine" }, "path"],
    ["one behind a semicolon", { path: "/odd?x=1;api_key=mine" }, "path"],
    ["an override of the method", { path: "/odd?_method=DELETE" }, "path"],
    [
      "a header that overrides the method",
      { headers: { "X-HTTP-Method-Override": "DELETE" } },
      "headers.X-HTTP-Method-Override",
    ],
    ["a header twice", { headers: { "x-a": "1", "X-A": "2" } }, "headers.X-A"],
    ["another encoding of the answer", { headers: { "accept-encoding": "gzip" } }, "headers.accept-encoding"],
    ["a part of the answer", { headers: { range: "bytes=0-9" } }, "headers.range"],
    ["a base URL that is not there", { base: "meda" }, "base"],
    ["a text without a type", { method: "POST", body: "x" }, "body"],
    [
      "a value for a type that is a text",
      { method: "POST", body: {}, headers: { "content-type": "text/csv" } },
      "body",
    ],
    ["a number that is not exact", { method: "POST", body: { id: 2 ** 60 } }, "body.id"],
  ])("%s is refused, and nothing is sent", async (_, part, at) => {
    const before = stage.arrived.length;
    const { status, json } = await send({ method: "GET", path: "/odd", ...part });
    expect([status, json.issues?.map((issue: { at: string }) => issue.at)]).toEqual([400, [at]]);
    expect(stage.arrived.length).toBe(before);
    expect(await lastRow()).toMatchObject({ endpoint: "request", status: "refused", error: "bad_request" });
  });

  it("the sandbox takes requests, too", async () => {
    const reply = await send({ slug: "sandbox", method: "GET", path: "/issues", query: { per_page: 1 } }, "");
    expect(reply.json).toMatchObject({ status: 200 });
    expect(await lastRow()).toMatchObject({ endpoint: "list_issues", target: "GET /issues" });
    const none = await send({ slug: "sandbox", method: "GET", path: "/nothing" });
    expect(none.json).toMatchObject({ status: 404 });
  });

  it("a write with an Idempotency-Key is sent once, and the service gets the key", async () => {
    const headers = { "idempotency-key": `once-${engine}` };
    const request = { method: "POST", path: "/odd", body: { n: 1 } };
    const first = await send(request, "raw", { headers });
    const count = stage.arrived.length;
    const again = await send(request, "raw", { headers });
    expect([again.text, stage.arrived.length]).toEqual([first.text, count]);
    expect(arrived().headers["x-once"]).toBe(`once-${engine}`);
    expect((await send({ ...request, body: { n: 2 } }, "raw", { headers })).status).toBe(409);
  });

  it("an answer may be a file, a part, or its fields, and a refusal of the service is its answer", async () => {
    const file = await send({ method: "GET", path: "/bytes" }, "raw", { query: "?as=file" });
    expect(file.json.data.file).toMatchObject({ media_type: "image/png", size: 3 });
    const fields = await send({ method: "GET", path: "/odd" }, "raw", { query: "?fields=method" });
    expect(fields.json.data).toEqual({ method: "GET" });
    const refused = await send({ method: "GET", path: "/refuse" });
    expect(refused.json).toMatchObject({ status: 422, data: { message: "no" } });
    expect(await lastRow()).toMatchObject({ status: "refused_upstream", upstream_status: 422 });
  });

  it("a refusal of the credential is an answer, and the connection is good for all else", async () => {
    const denied = await send({ method: "GET", path: "/denied" });
    expect(denied.json).toEqual({ status: 401, data: { message: "a JWT is wanted" } });
    expect(await lastRow()).toMatchObject({ status: "refused_upstream", upstream_status: 401 });
    const { connections } = (await skillett.call("GET", "/v1/connections")).json;
    expect(connections.map(({ status }: { status: string }) => status)).not.toContain("expired");
    expect((await send({ method: "GET", path: "/books/7" }, "both")).status).toBe(200);
  });

  it("a redirect that leaves the base URL is followed without the credential", async () => {
    const away = (to: string) => send({ method: "GET", path: "/away", query: { to } });
    await away("/api/v2/odd");
    expect(arrived()).toMatchObject({ url: "/api/v2/odd", headers: { "x-shelf-key": token } });
    await away("/api/v3/odd");
    expect(arrived().url).toBe("/api/v3/odd");
    expect(arrived().headers).not.toHaveProperty("x-shelf-key");
    const patch = await send({ method: "PATCH", path: "/away", query: { to: "/api/v3/odd" }, body: {} });
    expect(patch.json).toMatchObject({ status: 307, refused: {} });
  });

  it("a token in the path stays between the base URL and the path", async () => {
    await skillett.connect("written-bot", "1:AB");
    const bot = (path: string) => send({ slug: "written-bot", method: "GET", path });
    await bot("/getMe");
    expect(arrived().url).toBe("/bots/answer/bot1:AB/getMe");
    expect((await bot("/../getMe")).status).toBe(400);
  });

  it("the command line sends a request, and prints the answer", async () => {
    const cli = async (args: string[], stdin = "", key = stage.keys.raw) => {
      const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: key };
      const { host, output } = createTestHost({ env, stdin });
      return { code: await runCli(["request", ...args], host), ...output };
    };
    const args = [
      "shelf",
      "post",
      "odd?x=1",
      "--query",
      "a=1",
      "--query",
      "a=2=3",
      "--header",
      "X-Mine: b: c",
    ];
    const sent = await cli([...args, "--body", "-"], '{"n":1}');
    expect(sent.code, sent.stderr).toBe(0);
    expect(arrived()).toMatchObject({
      method: "POST",
      url: "/api/v2/odd?x=1&a=1&a=2%3D3",
      headers: { "x-mine": "b: c" },
      body: '{"n":1}',
    });
    expect(JSON.parse(sent.stdout)).toMatchObject({ status: 200, data: { method: "POST" } });
    const refused = await cli(["shelf", "GET", "/refuse"]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining("shelf answered 422 to GET /refuse"),
    ]);
    const scope = await cli(["shelf", "GET", "/odd"], "", skillett.key);
    expect([scope.code, scope.stderr]).toEqual([1, expect.stringContaining("shelf:raw")]);
  });
});
