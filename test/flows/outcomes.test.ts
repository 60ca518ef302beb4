import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp, type McpClient } from "../mcp/mcp-clients.js";
import { answers, type Case, failures, type Kind, kinds, type Way } from "./outcome-table.js";

/** Whatever goes wrong, and wherever: what is said of a call is what is known, and nobody is told to do it twice. */

onEachEngine("outcomes", (engine) => {
  const cleanup = createCleanup();
  let upstream: FaultUpstream;
  let skillett: Skillett;
  let mcp: McpClient;
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    cleanup.add(upstream.close);
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/outcomes", import.meta.url).pathname,
        SKILLETT_SAID_BASE_URL: upstream.url,
        SKILLETT_UPSTREAM_TIMEOUT_SECONDS: "1",
        SKILLETT_CALL_TIMEOUT_SECONDS: "3",
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("said");
    await skillett.setPlan("unlimited");
    mcp = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
    cleanup.add(() => mcp.close());
  });
  afterAll(() => cleanup.run());

  let count = 0;
  /** A path that nobody has asked for yet, and so a key. */
  const fresh = (word: string) => {
    count += 1;
    return `${word}/${count}`;
  };
  const rest = (endpoint: string, params: object, key?: string) =>
    skillett.call("POST", `/v1/said/${endpoint}`, {
      body: { params },
      headers: key ? { "idempotency-key": key } : {},
    });
  const lastCall = async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0];
  async function cli(endpoint: string, params: object, ...flags: string[]) {
    const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key };
    const { host, output } = createTestHost({ env });
    const args = ["run", "said", endpoint, "--params", JSON.stringify(params), ...flags];
    return { code: await runCli(args, host), ...output };
  }

  /** What the same key gets after all this. */
  async function expectSameKey(way: Way, endpoint: string, params: { path: string }, first: Reply) {
    const { path } = params;
    const before = upstream.count(`/${path}`);
    const again = await rest(endpoint, params, path);
    const sent = upstream.count(`/${path}`) - before;
    const replayed = again.headers.get("idempotency-replayed");
    if (way === "attempt") expect({ sent: sent > 0, replayed }).toEqual({ sent: true, replayed: null });
    else if (way === "answer") {
      expect({ sent, replayed, text: again.text }).toEqual({ sent: 0, replayed: "true", text: first.text });
    } else {
      expect({ sent, status: again.status }).toEqual({ sent: 0, status: 409 });
      expect(again.json).toMatchObject({ error: "conflict", retryable: false, outcome: way });
      expect(again.json.message).toContain("Look at the service first");
    }
  }

  /** What is said of a call that failed. */
  function expectFailure(reply: Reply, { error, says }: Pick<Case, "error" | "says">, kind: Kind) {
    expect(reply, reply.text).toMatchObject({
      status: error === "upstream_timeout" ? 504 : 502,
      json: { error },
    });
    const { outcome, retryable, message } = reply.json;
    expect(outcome).toBe(says[kind].outcome);
    expect(retryable).toBe(outcome === undefined || outcome === "not_done");
    if (!retryable) expect(message).toMatch(/look (there )?before you try again/);
  }

  it("calls that take too long have the outcome of what had come of the answer by then", async () => {
    const late = failures.filter(({ slow }) => slow);
    const cases = Object.values(kinds).flatMap(({ endpoint, kind }) =>
      late.map((failure) => {
        const path = fresh(failure.word);
        return { endpoint, kind, failure, path, params: { path, ...failure.params } };
      }),
    );
    // All at once, since each of them waits for seconds.
    const replies = await Promise.all(
      cases.map(({ endpoint, params, path }) => rest(endpoint, params, path)),
    );
    for (const [at, { failure, kind }] of cases.entries()) expectFailure(replies[at]!, failure, kind);
    const rows = (await skillett.call("GET", `/v1/calls?limit=${cases.length}`)).json.calls;
    const expected = cases.map(({ endpoint, failure: { error, says } }) =>
      expect.objectContaining({ endpoint, status: "failed", upstream_status: says.status ?? null, error }),
    );
    expect(rows).toHaveLength(expected.length);
    expect(rows).toEqual(expect.arrayContaining(expected));
    await Promise.all(
      cases.map(({ failure, kind, endpoint, params }, at) =>
        expectSameKey(failure.says[kind].sameKey, endpoint, params, replies[at]!),
      ),
    );
  });

  describe.each(Object.entries(kinds))("the outcome of %s", (_, { endpoint, kind }) => {
    it.each(failures.filter(({ slow }) => !slow))(
      "a call that fails by $word with $params says what is known of it",
      async ({ word, params: how, ...failure }) => {
        const path = fresh(word);
        const params = { path, ...how };
        const first = await rest(endpoint, params, path);
        expectFailure(first, failure, kind);
        const { error, says } = failure;
        const { status = null } = says;
        expect(await lastCall()).toMatchObject({ status: "failed", upstream_status: status, error });
        await expectSameKey(says[kind].sameKey, endpoint, params, first);
      },
    );

    it.each(answers)(
      "a call that is answered by $word with $params says what is known of it (%#)",
      async ({ word, params: how, row, refused, says }) => {
        const { sameKey, hint } = says[kind];
        const path = fresh(word);
        const params = { path, ...how };
        const first = await rest(endpoint, params, path);
        const { status = 200 } = how as { status?: number };
        expect(first, first.text).toMatchObject({ status: 200, json: { status } });
        expect(first.json.error).toBeUndefined();
        expect(first.json.refused?.message).toBe(refused);
        expect(first.json.hint?.message ?? "").toMatch(hint ?? /^$/);
        expect(await lastCall()).toMatchObject({ status: row, upstream_status: status, error: null });
        await expectSameKey(sameKey, endpoint, params, first);
      },
    );
  });

  it.each(answers)(
    "MCP and the command line say the same of an answer by $word with $params (%#)",
    async ({ word, params, row, refused }) => {
      const { status = 200 } = params as { status?: number };
      const path = fresh(word);
      const tool = await mcp.call("integration_run", {
        integration: "said",
        endpoint: "post",
        params: { path, ...params },
        fields: "nothing_of_this",
      });
      expect(tool.isError ?? false, tool.content[0]!.text).toBe(row === "refused_upstream" || status >= 500);
      expect(tool.structuredContent.status).toBe(status);
      expect(tool.structuredContent.refused?.message).toBe(refused);

      const { code, stdout } = await cli(
        "post",
        { ...params, path: fresh(word) },
        "--fields",
        "nothing_of_this",
      );
      expect(code).toBe(status >= 500 ? 2 : row === "refused_upstream" ? 1 : 0);
      const shown = JSON.parse(stdout);
      expect(shown.refused?.message).toBe(refused);
      if (code === 1 && shown.refused) expect(shown.data).not.toEqual({});
    },
  );

  it.each(["post", "put"])(
    "MCP and the command line say that the outcome of a %s that broke off is unknown",
    async (endpoint) => {
      const tool = await mcp.call("integration_run", {
        integration: "said",
        endpoint,
        params: { path: fresh("broken-http") },
      });
      expect(tool.isError).toBe(true);
      expect(JSON.parse(tool.content[0]!.text)).toMatchObject({
        code: "upstream_unreachable",
        retryable: false,
        outcome: "unknown",
      });
      const { code, stdout, stderr } = await cli(endpoint, { path: fresh("broken-http") });
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({ retryable: false, outcome: "unknown" });
      expect(stderr).toContain("look before you try again");
    },
  );

  it.each([3_000, 100_000])("a call whose answer is %i levels deep is done, by every face", async (times) => {
    const params = { status: 201, times };
    const reply = await rest("post", { path: fresh("deep"), ...params });
    expect(reply.text.startsWith('{"status":201,"data":')).toBe(true);
    const tool = await mcp.call("integration_run", {
      integration: "said",
      endpoint: "post",
      params: { path: fresh("deep"), ...params },
    });
    expect(tool.isError ?? false).toBe(false);
    expect(tool.structuredContent).toMatchObject({ status: 201, data: expect.stringMatching(/^\[\[\[/) });
    for (const flags of [[], ["--fields", "a"]]) {
      expect((await cli("post", { path: fresh("deep"), ...params }, ...flags)).code).toBe(0);
    }
  });

  it("a second attempt that is refused says what the first may have done", async () => {
    for (const status of [405, 410, 422, 404, 409, 412]) {
      const { json } = await rest("put", { path: fresh("reset-first"), status });
      expect(json).toMatchObject({
        status,
        hint: { message: expect.stringContaining("The first may have done") },
      });
    }
    const read = await rest("read", { path: fresh("reset-first"), status: 409 });
    expect(read.json).toEqual({ status: 409, data: { said: 409 } });
    const well = await rest("put", { path: fresh("reset-first") });
    expect(well.json).toEqual({ status: 200, data: { said: 200 } });
  });

  it("a second attempt that finds nobody there has an unknown outcome", async () => {
    const path = fresh("reset-always");
    const { json } = await rest("put", { path });
    expect(upstream.count(`/${path}`)).toBe(2);
    expect(json).toMatchObject({ outcome: "unknown", retryable: false });
  });

  it("a service that takes the Idempotency-Key itself gets the key and every attempt", async () => {
    const path = fresh("answer");
    const params = { path, status: 500, times: 1 };
    expect((await rest("post_keyed", params, path)).json.status).toBe(500);
    expect((await rest("post_keyed", params, path)).json.status).toBe(200);
    const echo = await skillett.call("POST", "/v1/said/post_keyed", {
      body: { params: { path: "echo" } },
      headers: { "idempotency-key": "a-key" },
    });
    expect(echo.json.data.headers["idempotency-key"]).toBe("a-key");
    const other = await rest("post", { path: "echo" }, "another-key");
    expect(other.json.data.headers["idempotency-key"]).toBeUndefined();
  });

  it.each([
    ["connections", "status = 'needs_reconnect'"],
    ["idempotency_keys", "answer is null"],
  ])("an outcome outlives a database that takes nothing into %s after the answer", async (table, stays) => {
    const { kysely } = skillett.app.database;
    await kysely.updateTable("connections").set({ status: "needs_reconnect" }).execute();
    const path = fresh("answer");
    const run = (statement: string) => sql.raw(statement).execute(kysely);
    const [refuse, allow] =
      engine === "sqlite"
        ? [
            `create trigger stay before update on ${table} when not (new.${stays}) begin select raise(abort, 'no'); end`,
            "drop trigger stay",
          ]
        : [
            `alter table ${table} add constraint stay check (${stays}) not valid`,
            `alter table ${table} drop constraint stay`,
          ];
    await run(refuse);
    try {
      const reply = await rest("post", { path, status: 201 }, path);
      expect(reply.json).toEqual({ status: 201, data: { said: 201 } });
      expect(await lastCall()).toMatchObject({ status: "completed", upstream_status: 201 });
    } finally {
      await run(allow);
    }
    const again = await rest("post", { path, status: 201 }, path);
    const kept = table === "connections";
    expect(again.status).toBe(kept ? 200 : 409);
    if (!kept)
      expect(again.json).toMatchObject({ outcome: "done", message: expect.stringContaining("was done") });
  });
});
