import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { type RenamedService, startRenamedService } from "#support/renamed-service.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { insertKey } from "#support/world.js";
import { connectMcp } from "../mcp/mcp-clients.js";

/** Endpoints that were called otherwise, and such as are deprecated. */

const renamed = "fetch_books is called list_books now: use that name.";
const ended =
  "a_list_of_books is deprecated: it ends on 2027-04-30. Use fetch_books instead. It has no pages.";

describe("endpoints with names that they had before", () => {
  const cleanup = createCleanup();
  let service: RenamedService;
  let skillett: Skillett;
  beforeAll(async () => {
    service = await startRenamedService();
    cleanup.add(service.close);
    skillett = await startSkillett("sqlite", { env: service.env });
    cleanup.add(skillett.close);
  });
  afterAll(() => cleanup.run());
  beforeEach(() => {
    service.requests.length = 0;
    service.instead = undefined;
  });

  const call = (
    endpoint: string,
    params: object = {},
    more: { key?: string; headers?: Record<string, string> } = {},
  ) => skillett.call("POST", `/v1/shelf/${endpoint}`, { body: { params }, ...more });
  const hintOf = async (endpoint: string, params: object = {}) =>
    (await call(endpoint, params)).json.hint?.message;
  const cli = async (...args: string[]) => {
    const { host, output } = createTestHost({
      env: { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key },
    });
    const code = await runCli(args, host);
    return { code, ...output };
  };

  it.each(["fetch_books", "get_books", "list_books"])(
    "%s is answered, and logged by its name",
    async (name) => {
      expect((await call(name)).json.data).toEqual({ books: [{ id: 1 }] });
      const { calls } = (await skillett.call("GET", "/v1/calls?limit=1")).json;
      expect(calls[0]).toMatchObject({ endpoint: "list_books", status: "completed" });
    },
  );

  it.each([
    ["one request", "fetch_books", renamed],
    ["a dry run", "fetch_books?dry_run=true", renamed],
    ["all pages", "fetch_books?all=true", renamed],
    ["a part of the answer", "fetch_books?fields=books", renamed],
    ["an answer as a file", "fetch_books?as=file", renamed],
    ["a deprecated one", "a_list_of_books", ended],
    ["a deprecated one in a dry run", "a_list_of_books?dry_run=true", ended],
  ])("the hint of %s says what its caller should know", async (_, path, message) => {
    expect((await call(path)).json.hint.message).toBe(message);
  });

  it("a whole list with a hint says that it is whole, to skillett run as well", async () => {
    expect((await call("fetch_books?all=true")).json.page).toEqual({ pages: 1, items: 1, complete: true });
    expect((await call("list_books?all=true")).json.page).toEqual({ pages: 1, items: 1 });
    const { code, stderr } = await cli("run", "shelf", "fetch_books", "--all");
    expect([code, stderr]).toEqual([0, expect.stringContaining(renamed)]);
    service.instead = { status: 200, body: '{"books":[{"id":1}],"next":"1"}' };
    const cut = (await call("fetch_books?all=true&max=1")).json;
    expect([cut.page.complete, cut.hint.message]).toEqual([undefined, expect.stringContaining(renamed)]);
  });

  it("the first page in a dry run of all pages has both hints", async () => {
    const { message } = (await call("fetch_books?all=true&dry_run=true")).json.hint;
    expect(message).toContain("the first page");
    expect(message).toContain(renamed);
  });

  it("a composite is called by its old name, and those that its file names by old names say nothing of it", async () => {
    const moved = "shift_book is called move_book now: use that name.";
    expect(await hintOf("shift_book", { title: "Emma" })).toBe(moved);
    expect(await hintOf("move_book", { title: "Emma" })).toBeUndefined();
    expect((await call("shift_book?dry_run=true", { title: "Emma" })).json.hint.message).toContain(moved);
    const { calls } = (await skillett.call("GET", "/v1/calls?limit=2")).json;
    expect(calls.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual(["add_book", "list_books"]);
    expect((await skillett.call("GET", "/v1/skills/shelf/move_book")).json.calls).toEqual([
      "list_books",
      "add_book",
    ]);
  });

  it("a refusal has its own advice first", async () => {
    service.instead = { status: 404, body: "{}" };
    expect(await hintOf("fetch_books")).toBe(`There is no shelf. ${renamed}`);
  });

  it("a long answer that streams has the hint as well", async () => {
    service.instead = { status: 200, body: JSON.stringify({ books: ["x".repeat(1_500_000)] }) };
    expect(await hintOf("fetch_books")).toBe(renamed);
  });

  it("one Idempotency-Key is for one call, by whichever name it comes", async () => {
    const headers = { "idempotency-key": "one-book" };
    for (const name of ["put_book", "add_book", "put_book"]) {
      expect((await call(name, { title: "Emma" }, { headers })).status).toBe(200);
    }
    expect(service.requests).toEqual(["POST /books"]);
  });

  it("keys that were made before call neither more nor less than before", async () => {
    const { kysely } = skillett.app.database;
    const owner = await kysely.selectFrom("api_keys").selectAll().executeTakeFirstOrThrow();
    const ids = { tenantId: owner.tenant_id, profileId: owner.profile_id };
    const keyOf = async (scope: string) => {
      const { keyId, key } = await insertKey(skillett.app.database, ids);
      const scopes = JSON.stringify([scope]);
      await kysely.updateTable("api_keys").set({ scopes }).where("id", "=", keyId).execute();
      return key;
    };
    const statuses = async (scope: string) => {
      const key = await keyOf(scope);
      const names = ["list_books", "fetch_books", "get_books", "add_book"];
      return await Promise.all(names.map(async (name) => (await call(name, { title: "x" }, { key })).status));
    };
    // Params that list_books does not have are refused only of those who may call it.
    const may = { reads: [400, 400, 400, 403], none: [403, 403, 403, 403] };
    expect(await statuses("shelf.fetch_books")).toEqual(may.reads);
    expect(await statuses("shelf.get_books")).toEqual(may.reads);
    expect(await statuses("shelf.list_books")).toEqual(may.reads);
    expect(await statuses("shelf.fetch_*")).toEqual(may.reads);
    expect(await statuses("shelf:read")).toEqual(may.reads);
    expect(await statuses("shelf.list_*")).toEqual(may.none);
    expect(await statuses("shelf.get_*")).toEqual(may.none);
    const refused = await call("list_books", {}, { key: await keyOf("shelf.list_*") });
    expect(refused.json.message).toContain("Patterns are held against its first name, fetch_books.");
  });

  it.each([
    ["shelf.fetch_books", "Did you mean shelf.list_books?"],
    ["shelf.list_*", "shelf.list_books is not meant by a pattern of its new name: name it itself"],
  ])("no new key has the scope %s", async (scope, message) => {
    const { status, json } = await skillett.call("POST", "/api-keys", {
      body: { name: "k", scopes: [scope] },
    });
    expect([status, json.issues[0].message]).toEqual([400, expect.stringContaining(message)]);
  });

  it("lists have deprecated ones last and marked, and search finds them after those that fit as well", async () => {
    const names = ["add_book", "list_books", "move_book", "a_list_of_books"];
    const { endpoints } = (await skillett.call("GET", "/v1/skills/shelf")).json;
    expect(endpoints.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(endpoints.at(-1)).toMatchObject({ deprecated: true });
    const found = (await skillett.call("GET", "/v1/skills/shelf?q=list the books")).json.endpoints;
    expect(found.slice(0, 2).map(({ name }: { name: string }) => name)).toEqual([
      "list_books",
      "a_list_of_books",
    ]);
    const lines = (await cli("skills", "shelf")).stdout.split("\n");
    expect(lines.find((line) => line.includes("a_list"))).toContain('"deprecated":true');
    const { files } = (await skillett.call("GET", "/v1/shelf/download")).json;
    expect(files[0].content).toMatch(/List the books \(deprecated\) \|\n$/);
  });

  it("the page and the description say the new name, the former ones, and the end", async () => {
    const described = (await skillett.call("GET", "/v1/skills/shelf/get_books")).json;
    expect(described).toMatchObject({
      endpoint: "list_books",
      formerly: ["fetch_books", "get_books"],
      hint: { message: "get_books is called list_books now: use that name." },
    });
    expect((await skillett.call("GET", "/v1/skills/shelf/list_books")).json.hint).toBeUndefined();
    expect((await skillett.call("GET", "/v1/skills/shelf/a_list_of_books")).json).toMatchObject({
      deprecated: { message: ended, on: "2027-04-30", instead: "fetch_books" },
      markdown: `${ended}\n\nAll of them.`,
    });
    const page = (await skillett.call("GET", "/v1/skills/shelf/a_list_of_books.md")).text;
    expect(page).toContain(ended);
    const other = (await skillett.call("GET", "/v1/skills/shelf/fetch_books.md")).text;
    expect(other).toContain("# shelf list_books");
    expect(other).toContain("- Formerly: `fetch_books`, `get_books`");
  });

  it("skillett run and integration_run take the old name and hand on the hint", async () => {
    const { code, stdout } = await cli("run", "shelf", "fetch_books");
    expect([code, JSON.parse(stdout).hint.message]).toEqual([0, renamed]);
    const help = (await cli("run", "shelf", "fetch_books", "--help")).stdout;
    expect(help).toContain("Usage: skillett run shelf list_books");
    expect(help).toContain(renamed);
    const client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
    cleanup.add(() => client.close());
    const target = { integration: "shelf", endpoint: "fetch_books" };
    const ran = await client.call("integration_run", { ...target, params: {} });
    expect(ran.structuredContent).toMatchObject({ hint: { message: renamed } });
    const described = await client.call("integration_describe", target);
    expect(described.structuredContent).toMatchObject({
      endpoint: "list_books",
      advice: expect.stringContaining(renamed),
    });
  });
});
