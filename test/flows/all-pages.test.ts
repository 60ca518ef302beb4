import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp } from "../mcp/mcp-clients.js";
import { bigId, type PagedService, startPagedService, total } from "./paged-service.js";

/** A list is read page after page, within bounds, and nothing that was read is lost. */

onEachEngine("all pages of a list", (engine) => {
  const cleanup = createCleanup();
  let service: PagedService;
  let skillett: Skillett;
  let now = Date.parse("2026-11-22T12:00:00Z");
  beforeAll(async () => {
    service = await startPagedService();
    cleanup.add(service.close);
    skillett = await startSkillett(engine, {
      clock: () => now,
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/pages", import.meta.url).pathname,
        SKILLETT_PAGED_BASE_URL: service.url,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("paged", "token-0123456789");
  });
  afterAll(() => cleanup.run());
  beforeEach(async () => {
    // Another minute, so that no test counts into the limit of the one before.
    now += 60_000;
    service.asked.length = 0;
    await skillett.setPlan("unlimited");
  });

  const run = (endpoint: string, way = "plain", query = "", more = {}) =>
    skillett.call("POST", `/v1/paged/${endpoint}?all=true${query}`, { body: { params: { way } }, ...more });
  const idsOf = (json: { data: { id: string }[] }) => json.data.map(({ id }) => id);
  const everyId = Array.from({ length: total }, (_, i) => `i${i}`);

  it.each([
    ["by_cursor", "plain", 3],
    ["by_cursor", "text", 3],
    ["by_cursor", "no", 3],
    ["by_post", "plain", 3],
    ["by_url", "relative", 3],
    ["by_url", "absolute", 3],
    ["by_item", "plain", 3],
    ["by_offset", "plain", 3],
    ["by_page", "plain", 4],
    ["by_link", "plain", 3],
  ])("a list that goes on %s (%s) is read to its end", async (endpoint, way, pages) => {
    const { json, text } = await run(endpoint, way);
    expect(idsOf(json)).toEqual(everyId);
    expect(json).toMatchObject({ status: 200, page: { pages, items: total } });
    expect(json.hint).toBeUndefined();
    expect(json.page.next).toBeUndefined();
    expect(text.split(`"big":${bigId}`)).toHaveLength(total + 1);
    expect(service.asked).toHaveLength(pages);
  });

  it("every page is a call with a row of its own, and counts into the limits", async () => {
    const calls = async () => (await skillett.call("GET", "/v1/calls?limit=100")).json.calls.length;
    const before = await calls();
    const { headers } = await run("by_cursor");
    expect(await calls()).toBe(before + 3);
    expect(headers.get("skillett-account")).toBe("ada");
  });

  it("a limit in the middle ends it with what there is, and says how to go on", async () => {
    await skillett.setPlan("free");
    const { json } = await run("by_cursor", "endless");
    const { data, page, hint } = json;
    expect(data.length).toBeGreaterThan(1);
    expect(data.length).toBeLessThan(100);
    expect(hint.message).toContain("Rate limit reached");
    expect(page).toMatchObject({
      pages: data.length,
      items: data.length,
      next: { cursor: String(data.length) },
    });
    expect(page.retry_after).toBeGreaterThan(0);
    expect(service.asked).toHaveLength(data.length);
  });

  it.each([
    ["error", 3, "500", { next: { cursor: "3" } }],
    ["busy", 3, "429", { next: { cursor: "3" }, retry_after: 9 }],
    ["spent", 3, "later", { next: { cursor: "3" }, retry_after: 7 }],
    ["refused", 3, "not_yours", { next: { cursor: "3" } }],
    ["dropped", 3, "could not be read", { next: { cursor: "3" } }],
    ["list_goes", 3, "no list", { next: { cursor: "3" } }],
    ["huge", 3, "8 MB", { next: { cursor: "3" } }],
    ["same_page", 1, "there before", {}],
    ["same_cursor", 4, "there before", {}],
    ["endless", 100, "100 pages", { next: { cursor: "100" } }],
    ["empty", 0, "100 pages", { next: { cursor: "100" } }],
    ["large", 2, "8 MB", { next: { cursor: "2" } }],
  ])("pages that were read before it went wrong are answered: %s", async (way, items, message, page) => {
    const { status, json } = await run("by_cursor", way);
    expect(status).toBe(200);
    expect(json.data).toHaveLength(items);
    expect(json.hint.message).toContain(message);
    expect(json.page).toEqual({ pages: expect.any(Number), items, ...page });
  });

  it("a service that is asked to wait for is not asked again", async () => {
    await run("by_cursor", "busy");
    expect(service.asked).toHaveLength(2);
  });

  it("a number that the service does not look at ends with the first page", async () => {
    const { json } = await run("by_page", "stuck");
    expect(json.page).toEqual({ pages: 1, items: 3 });
    expect(service.asked).toHaveLength(2);
  });

  it("a next page at another origin is not asked for", async () => {
    const { json } = await run("by_url", "elsewhere");
    expect([json.page, json.hint.message]).toEqual([
      { pages: 1, items: 3 },
      expect.stringContaining("not all"),
    ]);
  });

  it("max is the number of items, and page.next leads on", async () => {
    const inPage = (await run("by_cursor", "plain", "&max=4")).json;
    expect(idsOf(inPage)).toEqual(everyId.slice(0, 4));
    expect(inPage.page).toEqual({ next: { cursor: "3" }, pages: 2, items: 4 });
    expect(inPage.hint.message).toContain("2 more");
    const atEnd = (await run("by_cursor", "plain", "&max=3")).json;
    expect(atEnd.page).toEqual({ next: { cursor: "3" }, pages: 1, items: 3 });
    expect(atEnd.hint.message).toContain("3 items");
    expect((await run("by_cursor", "plain", "&max=7")).json.hint).toBeUndefined();
  });

  it("a refusal of the first page is answered as it came", async () => {
    const { json } = await run("by_cursor", "refused_first");
    expect(json).toEqual({
      status: 200,
      refused: { message: "not_yours" },
      data: { ok: false, error: "not_yours" },
    });
    expect((await run("by_cursor", "no_list")).json).toMatchObject({ data: { items: { a: 1 } }, hint: {} });
    expect(service.asked).toHaveLength(2);
  });

  it("fields and max_chars are of the whole list", async () => {
    expect((await run("by_cursor", "plain", "&fields=id")).json.data).toEqual(everyId.map((id) => ({ id })));
    const { json } = await run("by_cursor", "endless", "&max_chars=1000");
    expect(json.cut).toMatchObject({ page: 1, result: expect.stringMatching(/^res_/) });
    const last = await skillett.call(
      "GET",
      `/v1/results/${json.cut.result}?max_chars=1000&page=${json.cut.pages}`,
    );
    expect(last.json.data.at(-1).id).toBe("i99");
  });

  it("a dry run shows the first request", async () => {
    const { json } = await run("by_cursor", "plain", "&dry_run=true");
    expect(json).toMatchObject({
      dry_run: true,
      request: { method: "GET" },
      hint: { message: expect.stringContaining("first page") },
    });
    expect(service.asked).toEqual([]);
  });

  describe("skillett run --all", () => {
    async function cli(...args: string[]) {
      const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key };
      const { host, output } = createTestHost({ env });
      const code = await runCli(["run", "paged", ...args], host);
      return { code, ...output, lines: output.stdout.split("\n").slice(0, -1) };
    }

    it("items are printed one a line, with every digit", async () => {
      const { code, lines, stderr } = await cli("by_cursor", "--all");
      expect(lines).toEqual(everyId.map((id) => `{"id":"${id}","big":${bigId}}`));
      expect([code, stderr]).toEqual([0, "Account: ada\n"]);
      expect((await cli("by_cursor", "--all-pages", "--fields", "id")).lines[0]).toBe('{"id":"i0"}');
    });

    it("an early end is told of, and is a success only when it was asked for", async () => {
      const asked = await cli("by_cursor", "--all", "--max", "3");
      expect([asked.code, asked.lines.length]).toEqual([0, 3]);
      expect(asked.stderr).toContain(`To go on, add --params '{"cursor":"3"}'`);
      const broken = await cli("by_cursor", "--all", "--way", "error");
      expect([broken.code, broken.lines.length]).toEqual([1, 3]);
      expect(broken.stderr).toContain("500");
    });

    it("any other answer is printed as it is without the flag", async () => {
      const refused = await cli("by_cursor", "--all", "--way", "refused_first");
      expect([refused.code, JSON.parse(refused.stdout).refused.message]).toEqual([1, "not_yours"]);
      const dry = await cli("by_cursor", "--all", "--dry-run");
      expect([dry.code, JSON.parse(dry.stdout).dry_run]).toEqual([0, true]);
    });

    it("a param with the name keeps its flag", async () => {
      const { lines } = await cli("with_all", "--all", "--dry-run");
      expect(JSON.parse(lines.join("")).request.url).toContain("all=true");
      expect((await cli("with_all", "--all", "--all-pages")).lines).toHaveLength(total);
    });

    it.each([
      ["--max", "5"],
      ["--all", "--max", "0"],
      ["--all", "--max", "many"],
    ])("%s %s %s is refused", async (...flags) => {
      const { code, stderr } = await cli("by_cursor", ...flags.filter((flag) => flag !== undefined));
      expect([code, stderr]).toEqual([64, expect.stringContaining("--max")]);
      expect(service.asked).toEqual([]);
    });
  });

  it("integration_run answers with one list as well", async () => {
    const client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
    const run = async (more: object) =>
      (
        await client.call("integration_run", {
          integration: "paged",
          endpoint: "by_cursor",
          all: true,
          ...more,
        })
      ).structuredContent;
    const { data, page } = await run({});
    expect([idsOf({ data }), page]).toEqual([everyId, { pages: 3, items: total }]);
    expect(await run({ max: 3 })).toMatchObject({ page: { items: 3, next: { cursor: "3" } } });
    await client.close();
  });

  describe("requests that cannot be walked", () => {
    it.each([
      ["one that writes", "make_one", "", {}, "query.all: is for lists"],
      ["one without pages", "get_one", "", {}, "query.all: is for lists"],
      [
        "one with a key",
        "by_cursor",
        "",
        { headers: { "idempotency-key": "k1" } },
        "headers.idempotency-key",
      ],
      ["no item at most", "by_cursor", "&max=0", {}, "query.max"],
      ["too many at most", "by_cursor", "&max=10001", {}, "query.max"],
    ])("a request is refused, and nothing sent: %s", async (_, endpoint, query, more, message) => {
      const { status, json } = await run(endpoint, "plain", query, more);
      expect(status).toBe(400);
      expect(json.message).toContain(message);
      expect(service.asked).toEqual([]);
    });

    it("a max without all is refused", async () => {
      const { status, json } = await skillett.call("POST", "/v1/paged/by_cursor?max=5", { body: {} });
      expect([status, json.message]).toEqual([400, expect.stringContaining("all=true")]);
    });
  });
});

describe("all pages of a list of GitHub", () => {
  it("issues are read by the links of its answers", async () => {
    const cleanup = createCleanup();
    try {
      const github = await startGithub();
      cleanup.add(github.close);
      const skillett = await startSkillett("sqlite", { env: { SKILLETT_GITHUB_BASE_URL: github.url } });
      cleanup.add(skillett.close);
      await skillett.connect("github", github.mintToken());
      const params = { repo: "acme/app", state: "all" };
      const list = (query: string, more: object) =>
        skillett.call("POST", `/v1/github/list_issues_for_repo${query}`, {
          body: { params: { ...params, ...more } },
        });
      for (const title of ["First", "Second"]) {
        await skillett.call("POST", "/v1/github/create_issue", {
          body: { params: { repo: "acme/app", title } },
        });
      }
      const whole = (await list("", { per_page: 100 })).json.data;
      expect(whole.length).toBeGreaterThan(1);
      const { json } = await list("?all=true", { per_page: 1 });
      expect(json.data).toEqual(whole);
      expect(json.page).toEqual({ pages: whole.length, items: whole.length });
    } finally {
      await cleanup.run();
    }
  });
});
