import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { startGraphqlService } from "#support/graphql-service.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type Arrived, startShelf } from "./shelf.js";

/** Requests of one's own: what arrives at the service, as which endpoint they count, and which scopes they take. */
onEachEngine("raw requests", (engine) => {
  const cleanup = createCleanup();
  const keys: Record<string, string> = {};
  let shelf: Awaited<ReturnType<typeof startShelf>>;
  let skillett: Skillett;
  const token = "test-token-0123456789";

  beforeAll(async () => {
    shelf = await startShelf();
    cleanup.add(shelf.close);
    const board = await startGraphqlService();
    cleanup.add(board.close);
    const dirs = ["raw", "graphql", "written"].map(
      (name) => new URL(`../fixtures/${name}`, import.meta.url).pathname,
    );
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_INTEGRATIONS_DIR: dirs.join(":"),
        SKILLETT_SHELF_BASE_URL: `${shelf.url}/api/v2`,
        SKILLETT_SHELF_MEDIA_BASE_URL: `${shelf.url}/media`,
        SKILLETT_BOARD_BASE_URL: board.url,
        SKILLETT_WRITTEN_BOT_BASE_URL: `${shelf.url}/bots`,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("shelf", token);
    const scopes: Record<string, string[]> = {
      raw: ["shelf:raw", "board:raw", "sandbox:raw", "written-bot:raw"],
      both: ["*", "shelf:raw", "board:raw"],
      reader: ["*:read"],
      updater: ["shelf.update_book"],
    };
    for (const [name, list] of Object.entries(scopes)) {
      const made = await skillett.call("POST", "/api-keys", { body: { name, scopes: list } });
      keys[name] = made.json.full_key;
    }
  });
  afterAll(() => cleanup.run());

  const send = (
    body: object,
    key = "raw",
    options: { query?: string; headers?: Record<string, string> } = {},
  ) =>
    skillett.call("POST", `/v1/${"slug" in body ? body.slug : "shelf"}/request${options.query ?? ""}`, {
      key: keys[key] ?? skillett.key,
      body: Object.fromEntries(Object.entries(body).filter(([name]) => name !== "slug")),
      headers: options.headers ?? {},
    });
  const arrived = (): Arrived => shelf.arrived.at(-1)!;
  const lastRow = async () =>
    (await skillett.call("GET", "/v1/calls?limit=1", { key: skillett.key })).json.calls[0];

  it("what arrives is the caller's, with the credential and the headers of the integration", async () => {
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
    const before = shelf.arrived.length;
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
        url: `${shelf.url}/media/odd/1`,
        headers: { "x-shelf-key": "[credential]" },
        body: "x",
      },
    });
    expect(shelf.arrived.length).toBe(before);
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
    const before = shelf.arrived.length;
    const { status, json } = await send({ method: "GET", path: "/odd", ...part });
    expect([status, json.issues?.map((issue: { at: string }) => issue.at)]).toEqual([400, [at]]);
    expect(shelf.arrived.length).toBe(before);
    expect(await lastRow()).toMatchObject({ endpoint: "request", status: "refused", error: "bad_request" });
  });

  describe("a request that is an endpoint", () => {
    it.each([
      ["GET", "/books", "list_books", "read"],
      ["GET", "/books/", "list_books", "read"],
      ["HEAD", "/books", "list_books", "read"],
      ["GET", "/books/latest", "get_latest_book", "read"],
      ["GET", "/books/7", "get_book", "read"],
      ["GET", "/%62ooks/7", "get_book", "read"],
      ["GET", "/Books/7", "get_book", "read"],
      ["GET", "/books%2F7", "get_book", "read"],
      ["GET", "/books;v=1/7", "get_book", "read"],
      ["GET", "/books/a%2Fb", "get_book", "read"],
      ["GET", "/pages/a/b/c/text", "get_page", "read"],
      ["DELETE", "/books/7", "delete_book", "destructive"],
    ])("%s %s counts as %s", async (method, path, endpoint, effect) => {
      expect((await send({ method, path }, "")).status).toBe(200);
      expect(await lastRow()).toMatchObject({ endpoint, effect, target: `${method} ${path}` });
      expect(await send({ method, path }, "raw")).toMatchObject({
        status: 403,
        json: { error: "scope_not_allowed", message: expect.stringContaining(`shelf ${endpoint}`) },
      });
    });

    it.each([
      ["GET", "/books/7/pages"],
      ["GET", "/pages/text"],
      ["POST", "/books"],
      ["GET", "/covers/emma"],
    ])("%s %s counts as none", async (method, path) => {
      expect((await send({ method, path }, "")).status).toBe(403);
      expect((await send({ method, path }, "raw")).status).toBe(200);
      expect(await lastRow()).toMatchObject({ endpoint: "request" });
    });

    it("the constants of its body tell it from others of the same path", async () => {
      const patch = (facts: object) => send({ method: "PATCH", path: "/books/7", body: { facts } }, "");
      await patch({ title: "Emma" });
      expect(await lastRow()).toMatchObject({ endpoint: "update_book", effect: "write" });
      await patch({ state: "locked", reason: "Theft" });
      expect(await lastRow()).toMatchObject({ endpoint: "lock_book", effect: "destructive" });
    });

    it("what its params cannot say takes the scope for raw requests as well", async () => {
      const request = { method: "PATCH", path: "/books/7", body: { facts: { title: "Emma" } } };
      expect((await send(request, "updater")).status).toBe(200);
      const beyond = [
        { body: { facts: { title: "Emma", owner: 1 } } },
        { body: { other: 1 } },
        { body: "x", headers: { "content-type": "text/plain" } },
        { path: "/books/7?force=1" },
        { query: { force: true } },
        { headers: { "x-force": "1" } },
      ];
      for (const part of beyond) {
        const reply = await send({ ...request, ...part }, "updater");
        expect([part, reply.status, reply.json.message]).toEqual([
          part,
          403,
          expect.stringContaining("shelf:raw"),
        ]);
        expect(await lastRow()).toMatchObject({ endpoint: "update_book", status: "refused" });
        expect([part, (await send({ ...request, ...part }, "both")).status]).toEqual([part, 200]);
      }
    });

    it("a key that only reads changes nothing by it", async () => {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        for (const path of ["/books/7", "/books", "/odd"]) {
          expect([method, path, (await send({ method, path }, "reader")).status]).toEqual([
            method,
            path,
            403,
          ]);
        }
      }
      expect((await send({ method: "GET", path: "/books/7" }, "reader")).status).toBe(200);
    });

    it("an endpoint below another base URL is found by the whole address", async () => {
      const put = { method: "PUT", path: "/covers/emma", base: "media" };
      const headers = { "content-type": "text/plain" };
      expect((await send({ ...put, headers, body: "a" }, "both")).status).toBe(200);
      expect(arrived()).toMatchObject({ url: "/media/covers/emma", body: "a" });
      expect(await lastRow()).toMatchObject({ endpoint: "put_cover" });
    });
  });

  it("queries of GraphQL are endpoints by their text alone, and any other may do anything", async () => {
    const post = (body: object, key: string) =>
      send({ slug: "board", method: "POST", path: "/graphql", body }, key);
    const page = await skillett.call("POST", "/v1/board/get_issue?dry_run=true", {
      body: { params: { id: "1" } },
    });
    const { query } = page.json.request.body;
    expect((await post({ query, variables: { id: "1" } }, "reader")).json).toMatchObject({ status: 200 });
    expect(await lastRow()).toMatchObject({ endpoint: "get_issue", effect: "read" });
    const own = { query: "{ issues(first: 1) { id } }" };
    expect((await post(own, "reader")).status).toBe(403);
    expect((await post(own, "raw")).json).toMatchObject({ data: { data: { issues: [{ id: "1" }] } } });
    expect(await lastRow()).toMatchObject({ endpoint: "request", effect: "destructive" });
    // What stands beside the query may be another one to a service.
    expect((await post({ query, mutation: "x" }, "reader")).status).toBe(403);
    const beside = { slug: "board", method: "POST", path: "/graphql?query=mutation", body: { query } };
    expect((await send(beside, "reader")).status).toBe(403);
  });

  describe("who gives the scope", () => {
    const give = (key: string, scopes: string[], more: object = {}) =>
      skillett.call("POST", "/api-keys", { key, body: { name: "given", scopes, ...more } });

    it("a key that stands for its whole person gives it, to itself and to an agent, when it is named", async () => {
      expect((await give(skillett.key, ["shelf:raw"])).status).toBe(201);
      expect((await give(skillett.key, ["*", "shelf:raw"])).status).toBe(201);
      const { json } = await skillett.call("POST", "/v1/agents", { body: { name: `Raw ${engine}` } });
      const agent_id = json.agent.id;
      const byDefault = await skillett.call("POST", "/api-keys", { body: { name: "given", agent_id } });
      expect(byDefault.json.api_key.scopes).toEqual(["*:read"]);
      const ofAgent = await give(skillett.key, ["*", "shelf:raw"], { agent_id });
      expect(ofAgent.status).toBe(201);
      for (const scopes of [["shelf:raw"], ["*", "shelf:raw"], ["board:raw"]]) {
        expect(await give(ofAgent.json.full_key, scopes)).toMatchObject({
          status: 403,
          json: { message: expect.stringContaining("belongs to an agent or is narrowed") },
        });
      }
      // It may replace itself, which gains nothing.
      const rotated = await skillett.call("POST", `/api-keys/${ofAgent.json.api_key.id}/rotate`, {
        key: ofAgent.json.full_key,
      });
      expect(rotated.json.api_key.scopes).toEqual(["*", "shelf:raw"]);
    });

    it("a key that is narrowed to some scopes does not give it, whichever they are", async () => {
      for (const key of [keys.raw!, keys.reader!, keys.updater!]) {
        expect((await give(key, ["shelf:raw"])).status).toBe(403);
      }
    });

    it("there is none for all integrations, and none that nobody chose has it", async () => {
      expect(await give(skillett.key, ["*:raw"])).toMatchObject({
        status: 400,
        json: { issues: [{ at: "scopes[0]", message: expect.stringContaining("by name: write github:raw") }] },
      });
      const made = await skillett.call("POST", "/api-keys", { body: { name: "usual" } });
      expect(made.json.api_key.scopes).toEqual(["*"]);
      expect((await send({ method: "GET", path: "/odd" }, "")).status).toBe(403);
    });
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
    const count = shelf.arrived.length;
    const again = await send(request, "raw", { headers });
    expect([again.text, shelf.arrived.length]).toEqual([first.text, count]);
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
    const cli = async (args: string[], stdin = "", key = keys.raw) => {
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
