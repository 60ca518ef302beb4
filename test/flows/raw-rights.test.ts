import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onEachEngine, type Skillett } from "#support/skillett.js";
import { type RawStage, startRawStage } from "./raw-stage.js";
import type { Arrived } from "./shelf.js";

/** Requests of one's own: as which endpoint they count, and which scopes they take. */
onEachEngine("rights of raw requests", (engine) => {
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

    it("a part that its params cannot say takes the scope for raw requests as well", async () => {
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

  it("an endpoint that is switched off is refused to raw requests, too", async () => {
    const turn = (enabled: boolean) =>
      skillett.call("PATCH", "/v1/integrations/shelf", { body: { endpoints: { delete_book: enabled } } });
    await turn(false);
    const before = stage.arrived.length;
    for (const path of ["/books/7", "/%62ooks/7/", "/books/7?x=1"]) {
      const { status, json } = await send({ method: "DELETE", path }, "both");
      expect([path, status, json.message]).toEqual([
        path,
        404,
        "Endpoint shelf delete_book is switched off in this tenant. An owner or admin of the tenant can switch it on.",
      ]);
    }
    expect(stage.arrived.length).toBe(before);
    expect((await send({ method: "GET", path: "/books/7" }, "both")).status).toBe(200);
    await turn(true);
    expect((await send({ method: "DELETE", path: "/books/7" }, "both")).status).toBe(200);
  });

  it("an integration that a tenant brings takes requests as others do, and has its switches", async () => {
    const to = (method: string, path: string, key: string) => send({ slug: "acme", method, path }, key);
    expect((await to("GET", "/json", "both")).json).toMatchObject({ status: 200, data: { name: "Reader" } });
    expect(await lastRow()).toMatchObject({ integration: "acme", endpoint: "get_widget", effect: "read" });
    expect((await to("POST", "/json", "both")).json.message).toMatch("acme paint_widget is switched off");
    expect((await to("PUT", "/odd", "raw")).json).toMatchObject({ status: 200, data: { url: "/acme/odd" } });
    expect(await lastRow()).toMatchObject({ integration: "acme", endpoint: "request", effect: "write" });
    expect((await to("PUT", "/odd", "reader")).status).toBe(403);
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

  describe("giving the scope for raw requests", () => {
    const give = (key: string, scopes: string[], more: object = {}) =>
      skillett.call("POST", "/api-keys", { key, body: { name: "given", scopes, ...more } });

    it("a key that stands for its whole person gives it, to itself and to an agent, when it is named", async () => {
      expect(await give(skillett.key, ["shelf:raw"])).toMatchObject({
        status: 201,
        json: { hint: expect.stringMatching(/^With shelf:raw it sends any request to the service/) },
      });
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
      for (const key of [stage.keys.raw!, stage.keys.reader!, stage.keys.updater!]) {
        expect((await give(key, ["shelf:raw"])).status).toBe(403);
      }
    });

    it("no scope is for raw requests to all integrations, and no default has one", async () => {
      expect(await give(skillett.key, ["*:raw"])).toMatchObject({
        status: 400,
        json: {
          issues: [{ at: "scopes[0]", message: expect.stringContaining("by name: write github:raw") }],
        },
      });
      const made = await skillett.call("POST", "/api-keys", { body: { name: "usual" } });
      expect(made.json.api_key.scopes).toEqual(["*"]);
      expect((await send({ method: "GET", path: "/odd" }, "")).status).toBe(403);
    });
  });
});
