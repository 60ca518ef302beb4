import { expect, it } from "vitest";
import { connectGithub, describeApi, type Scenario } from "./scenario.js";

/** GET /v1/calls and GET /v1/usage */

const refusals: [query: string, issues: Record<string, string>][] = [
  ["limit=0", { "query.limit": "must be >= 1" }],
  ["limit=201", { "query.limit": "must be <= 200" }],
  ["limit=ten", { "query.limit": "must be an integer" }],
  ["limit=1.5", { "query.limit": "must be an integer" }],
  ["limit=1&limit=2", { "query.limit": "" }],
  ["cursor=", { "query.cursor": "must not be empty" }],
  [`cursor=${"x".repeat(65)}`, { "query.cursor": "at most 64" }],
  ["cursor=call_0", { "query.cursor": "" }],
  ["status=done", { "query.status": "" }],
  [
    "limits=5&statuses=x",
    { "query.limits": "Did you mean limit?", "query.statuses": "Did you mean status?" },
  ],
];
const scenarios = refusals.map(
  ([query, issues]): Scenario => ({
    name: `the query ${query.slice(0, 40)} is refused`,
    path: `/v1/calls?${query}`,
    expect: { status: 400, issues },
  }),
);

describeApi(
  "the audit log",
  (stage) => connectGithub(stage),
  scenarios,
  (stage) => {
    const read = async (query: string) => (await stage().skillett.call("GET", `/v1/calls?${query}`)).json;
    const ids = (calls: { id: string }[]) => calls.map(({ id }) => id);

    it("the audit log is read newest first, page by page, with nothing twice and nothing left out", async () => {
      const { skillett } = stage();
      const call = (endpoint: string, params: object) =>
        skillett.call("POST", `/v1/github/${endpoint}`, { body: { params } });
      for (let at = 0; at < 7; at++) {
        await call("get_issue", { repo: "acme/webapp", issue_number: at % 2 === 0 ? 1 : 999 });
        if (at % 3 === 0) await call("create_issue", {});
      }
      const { calls: all, next_cursor } = await read("limit=200");
      expect(next_cursor).toBeNull();
      expect(all).toHaveLength(10);
      expect(all[0]).toEqual({
        id: expect.stringMatching(/^call_/),
        integration: "github",
        endpoint: "create_issue",
        effect: "write",
        target: null,
        connection_id: stage().names.connection,
        account: "octocat",
        face: "rest",
        via: null,
        policy: null,
        key_id: expect.stringMatching(/^key_/),
        agent_id: null,
        status: "refused",
        upstream_status: null,
        started_at: expect.stringMatching(/Z$/),
        duration_ms: expect.any(Number),
        error: "bad_request",
      });
      expect(all[1]).toMatchObject({ endpoint: "get_issue", target: "acme/webapp#1" });
      expect(ids(all)).toEqual(ids(all).sort().reverse());

      const pages = [];
      for (let cursor = ""; ; ) {
        const page = await read(`limit=3${cursor}`);
        pages.push(page.calls);
        if (page.next_cursor === null) break;
        cursor = `&cursor=${page.next_cursor}`;
        // A call made meanwhile does not shift the pages.
        if (pages.length === 1) await call("get_issue", { repo: "acme/webapp", issue_number: 2 });
      }
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 3, 1]);
      expect(ids(pages.flat())).toEqual(ids(all));
    });

    it("the audit log is filtered by any of its facts", async () => {
      expect(ids((await read("endpoint=create_issue")).calls)).toHaveLength(3);
      expect(ids((await read("status=refused")).calls)).toHaveLength(3);
      expect(ids((await read("integration=github&status=completed")).calls)).toHaveLength(5);
      expect(ids((await read("status=refused_upstream")).calls)).toHaveLength(3);
      expect((await read("integration=slack")).calls).toEqual([]);
      expect((await read("cursor=1")).calls).toEqual([]);
      const exact = await read("status=completed&limit=5");
      expect([exact.calls.length, exact.next_cursor]).toEqual([5, null]);
    });

    it("usage counts the calls that were admitted, and no others", async () => {
      const { skillett } = stage();
      const { json, headers } = await skillett.call("GET", "/v1/usage");
      expect(json).toEqual({
        plan: "unlimited",
        limits: {
          calls_per_minute: null,
          calls_per_day: null,
          connections: null,
          api_keys: null,
          storage_bytes: null,
        },
        storage: { bytes: 0 },
        today: { calls: 8, resets_at: expect.stringMatching(/T00:00:00\.000Z$/) },
      });
      expect(headers.has("ratelimit")).toBe(false);
      await skillett.setPlan("free");
      const free = await skillett.call("GET", "/v1/usage");
      expect(free.json.limits).toEqual({
        calls_per_minute: 30,
        calls_per_day: 10_000,
        connections: 3,
        api_keys: 1,
        storage_bytes: 104_857_600,
      });
      expect(free.headers.get("ratelimit-policy")).toBe('"minute";q=30;w=60, "day";q=10000;w=86400');
      expect(free.headers.get("ratelimit")).toMatch(/^"minute";r=\d+;t=\d+, "day";r=9992;t=\d+$/);
    });
  },
);
