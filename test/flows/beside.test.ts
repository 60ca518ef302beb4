import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp } from "../mcp/mcp-clients.js";

/** What a service says beside its data: when to ask again, where the next page is, and where to look. */

onEachEngine("facts beside the data of an answer", (engine) => {
  const cleanup = createCleanup();
  let upstream: FaultUpstream;
  let elsewhere: FaultUpstream;
  let skillett: Skillett;
  const now = Date.parse("2026-11-22T12:00:00Z");
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    cleanup.add(upstream.close);
    elsewhere = await startFaultUpstream();
    cleanup.add(elsewhere.close);
    skillett = await startSkillett(engine, {
      clock: () => now,
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/outcomes", import.meta.url).pathname,
        SKILLETT_SAID_BASE_URL: upstream.url,
        SKILLETT_GITHUB_BASE_URL: upstream.url,
        SKILLETT_ALLOW_HOSTS: new URL(elsewhere.url).host,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("said", token);
    await skillett.setPlan("unlimited");
  });
  afterAll(() => cleanup.run());
  const token = "token-0123456789";

  const run = (endpoint: string, params: object, query = "") =>
    skillett.call("POST", `/v1/said/${endpoint}${query}`, {
      body: { params: { path: "answer", ...params } },
    });
  const page = async (params: object, endpoint = "read") => (await run(endpoint, params)).json.page;
  const link = (url: string, rel = "next") => ({ header: [`link: <${url}>; rel="${rel}"`] });

  describe("the next page", () => {
    it.each([
      ["a cursor", "https://host/answer?after=abc&per_page=30", {}, { after: "abc" }],
      ["a number as a number", "https://host/answer?page=3", { page: 2 }, { page: 3 }],
      ["only what the endpoint takes", "https://host/answer?after=abc&api_key=x", {}, { after: "abc" }],
      ["only what changes", "https://host/x/7?after=abc&per_page=50", { per_page: 50 }, { after: "abc" }],
      ["nothing that is not taken", "https://host/answer?offset=30", {}, undefined],
      ["nothing that is no number", "https://host/answer?page=two", {}, undefined],
    ])("a link to the next page gives %s", async (_, url, params, next) => {
      const at = url.replace("https://host", upstream.url);
      expect((await page({ ...params, ...link(at) }))?.next).toEqual(next);
    });

    it("the next page is found among several links", async () => {
      const header = [
        `link: <${upstream.url}/answer?page=9>; rel="last", <${upstream.url}/answer?page=1>; title="a, <b>"; rel="prev next"`,
      ];
      expect(await page({ page: 4, header })).toEqual({ next: { page: 1 } });
    });

    it("a link to another host, or to the page before, is no next page", async () => {
      expect(await page(link("https://evil.example/answer?after=abc"))).toBeUndefined();
      expect(await page(link(`${upstream.url}/answer?after=abc`, "prev"))).toBeUndefined();
    });

    it("cursors in the body give the next page, as long as there are some", async () => {
      const body = (next: unknown) => ({ body: JSON.stringify({ ok: true, meta: { next } }) });
      expect(await page(body("c2"))).toEqual({ next: { cursor: "c2" } });
      for (const none of ["", null, undefined]) expect(await page(body(none))).toBeUndefined();
    });

    it("the next page is there also when the data is cut to fields", async () => {
      const { json } = await run(
        "read",
        link(`${upstream.url}/answer?after=abc`),
        "?fields=said&max_chars=1000",
      );
      expect(json).toEqual({ status: 200, data: { said: 200 }, page: { next: { after: "abc" } } });
    });

    it("the list of issues of GitHub takes a cursor in the param after", async () => {
      const endpoint = await skillett.call("GET", "/v1/skills/github/list_issues_for_repo");
      expect(endpoint.json.params.properties).toHaveProperty("after");
    });
  });

  describe("the time to ask again", () => {
    const reset = String(now / 1_000 + 90);
    it.each([
      [429, ["retry-after: 60"], 60],
      [503, ["retry-after: Sun, 22 Nov 2026 12:02:00 GMT"], 120],
      [403, ["x-ratelimit-remaining: 0", `x-ratelimit-reset: ${reset}`], 90],
      [200, ["x-ratelimit-remaining: 0", `x-ratelimit-reset: ${reset}`], 90],
      [429, ["ratelimit-reset: 7"], 7],
      [429, [`x-rate-limit-reset: ${reset}000`], 90],
      [429, ["x-ratelimit-reset: 2026-11-22T12:00:10Z"], 10],
      [429, ["retry-after: Sun, 22 Nov 2026 11:00:00 GMT"], 0],
      [429, ["retry-after: soon"], undefined],
      [200, ["x-ratelimit-remaining: 9", `x-ratelimit-reset: ${reset}`], undefined],
    ])("an answer of %i with %j has a retry_after of %s", async (status, header, seconds) => {
      expect((await page({ status, header }, "post"))?.retry_after).toBe(seconds);
    });
  });

  it("a location is in the answer, with the credential masked", async () => {
    const header = [`location: /items/1?key=${token}`];
    expect(await page({ status: 201, header }, "post")).toEqual({
      location: `${upstream.url}/items/1?key=[credential]`,
    });
    const moved = await run("patch", { status: 301, header: ["location: /new"] });
    expect(moved.json).toMatchObject({
      status: 301,
      refused: { message: expect.stringContaining("301") },
      page: { location: `${upstream.url}/new` },
    });
  });

  it("an answer of another host, reached by a redirect, names no next page and no location", async () => {
    const beside = [
      "retry-after: 60",
      "location: /new",
      `link: <${upstream.url}/answer?after=abc>; rel="next"`,
    ];
    const query = beside.map((line) => `&header=${encodeURIComponent(line)}`).join("");
    const header = [`location: ${elsewhere.url}/answer?status=200${query}`];
    const { json } = await run("read", { status: 302, header });
    // The time to ask again leads nowhere, so it may come from anybody.
    expect(json).toEqual({ status: 200, data: { said: 200 }, page: { retry_after: 60 } });
    expect(elsewhere.count("/answer")).toBe(1);
  });

  it("a 303 is followed for an endpoint that reads with GET, and for no other", async () => {
    const header = [`location: ${upstream.url}/json`];
    expect((await run("read", { status: 303, header })).json.data).toEqual({ id: 1, name: "Octocat" });
    const followed = upstream.count("/json");
    for (const endpoint of ["post", "put", "patch", "delete"]) {
      const { json } = await run(endpoint, { status: 303, header });
      expect(json).toMatchObject({ status: 303, refused: {}, page: { location: `${upstream.url}/json` } });
      expect(json.hint.message).toContain("look at Said");
    }
    expect(upstream.count("/json")).toBe(followed);
  });

  it("a result over MCP has retryAfter and location beside its data", async () => {
    const client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2025");
    cleanup.add(() => client.close());
    const { structuredContent } = await client.call("integration_run", {
      integration: "said",
      endpoint: "read",
      params: { path: "answer", status: 429, header: ["retry-after: 9", "location: /x"] },
    });
    expect(structuredContent.page).toEqual({ retryAfter: 9, location: `${upstream.url}/x` });
  });

  it("an endpoint's own advice for a status is on its page and in the hint of an answer", async () => {
    const page = await skillett.call("GET", "/v1/skills/said/post");
    expect(page.json.markdown).toContain("- `404`: Nothing is there, or the token cannot see it.");
    expect((await run("post", { status: 404 })).json.hint).toEqual({
      message: "Nothing is there, or the token cannot see it.",
    });
  });
});
