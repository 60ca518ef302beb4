import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { windowStart } from "#core/clock.js";
import { nextStep } from "#mcp/next-step.js";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { publishSkills } from "#support/published-skills.js";
import { onEachEngine, type Reply } from "#support/skillett.js";
import type { McpClient, ToolAnswer } from "./mcp-clients.js";
import { type McpStage, type Member, startMcpStage, triage } from "./mcp-stage.js";

/** What tools answer, held against their schemas, and against what REST answers the same caller. */

onEachEngine("results of tools", (engine) => {
  let stage: McpStage;
  let github: GithubStandIn;
  let ada: Member;
  let client: McpClient;
  const checks = new Map<string, ReturnType<Ajv2020["compile"]>>();
  const noon = Date.UTC(2030, 0, 15, 12, 0, 0);
  let now = noon;
  beforeAll(async () => {
    github = await startGithub();
    const env = { SKILLETT_GITHUB_BASE_URL: github.url };
    stage = await startMcpStage(engine, { env, clock: () => now });
    ada = await stage.join("Ada", [triage]);
    await publishSkills(stage.skillett.app.database, ada.tenantId, [{ ...triage, slug: "spare" }]);
    const credentials = { token: github.mintToken("octocat", ["read:org"]) };
    await rest("POST", "/v1/connect", { integration: "github", credentials }, ada.plainKey);
    client = await stage.connect(ada.key);
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    for (const { name, outputSchema } of (await client.ask("tools/list")).tools)
      if (outputSchema) checks.set(name, ajv.compile(outputSchema));
  });
  afterAll(async () => {
    await stage?.close();
    await github?.close();
  });

  const rest = (
    method: string,
    path: string,
    body?: unknown,
    key = ada.key,
    headers: Record<string, string> = {},
  ): Promise<Reply> => stage.skillett.call(method, path, { key, headers, body });
  const refusalOf = ({ isError, structuredContent, content }: ToolAnswer) => {
    expect([isError, structuredContent, content.length]).toEqual([true, undefined, 1]);
    return JSON.parse(content[0]!.text);
  };
  const odd = (path: string, more: object = {}, params: object = {}) => ({
    ...{ integration: "odd", endpoint: "get_path", params: { path, ...params } },
    ...more,
  });
  /** Newest first, without what is different each time. */
  async function rows(limit: number) {
    const { json } = await rest("GET", `/v1/calls?limit=${limit}`);
    return json.calls.map(
      ({ id: _, started_at: __, duration_ms: ___, ...row }: Record<string, unknown>) => row,
    );
  }

  const answers: [string, string, object][] = [
    ["skill_discover", "skills", { category: "support" }],
    ["skill_discover", "no skills", { query: "nothing like it" }],
    ["skill_request", "a task", { skillId: "spare", reason: "For tickets." }],
    ["connector_discover", "integrations", { category: "developer" }],
    ["connector_request", "a task", { integrationId: "slack", reason: "To tell the team." }],
    ["integration_search", "everything", {}],
    ["integration_search", "what fits", { query: "notifications" }],
    ["integration_search", "what fits of one", { query: "open an issue", integration: "github" }],
    ["integration_describe", "an integration", { integration: "github" }],
    ["integration_describe", "an endpoint", { integration: "github", endpoint: "create_issue" }],
    ["integration_run", "an answer", odd("json")],
    ["integration_run", "text", odd("text")],
    ["integration_run", "nothing", odd("204")],
    ["integration_run", "bytes", odd("binary")],
    ["integration_run", "a request that is not sent", odd("json", { dryRun: true })],
    ["integration_run", "one field", odd("json", { fields: "name" })],
    ["integration_run", "the first page of much", odd("huge", {}, { mb: 1, type: "json" })],
    ["integration_run", "a refusal of the service", odd("status/404")],
    ["integration_run", "a scope that lacks", { integration: "github", endpoint: "list_notifications" }],
  ];
  it.each(answers)("%s gives %s as its schema says, and as text", async (tool, _, args) => {
    const { structuredContent, content } = await client.call(tool, args);
    const check = checks.get(tool)!;
    expect(check(structuredContent), JSON.stringify(check.errors)).toBe(true);
    expect(content).toEqual([{ type: "text", text: JSON.stringify(structuredContent) }]);
  });

  it("a number with more digits than a program's keeps them in the text", async () => {
    const { structuredContent, content } = await client.call("integration_run", odd("bignum"));
    expect(content[0]!.text).toBe('{"status":200,"data":{"id":12345678901234567890}}');
    expect(structuredContent.data.id).toBe("12345678901234567890");
    expect(checks.get("integration_run")!(structuredContent)).toBe(true);
  });

  it("an upstream refusal is an error that has the service's answer", async () => {
    const answer = await client.call("integration_run", odd("status/404"));
    expect(answer.isError).toBe(true);
    expect(answer.structuredContent).toEqual({ status: 404, data: { message: "Status 404" } });
  });

  it("a scope that the service misses is reported in the names that tools have", async () => {
    const { isError, structuredContent } = await client.call("integration_run", {
      integration: "github",
      endpoint: "list_notifications",
    });
    expect(isError).toBe(true);
    expect(structuredContent).toMatchObject({
      status: 403,
      hint: { wantedScopes: ["notifications"], grantedScopes: [] },
    });
  });

  it("a dry run sends nothing, and shows no credential", async () => {
    const before = stage.upstream.count("/json");
    const { structuredContent, content } = await client.call(
      "integration_run",
      odd("json", { dryRun: true }),
    );
    expect(structuredContent).toMatchObject({ dryRun: true, request: { method: "GET" } });
    expect(content[0]!.text).not.toContain("token-of-Ada");
    expect(stage.upstream.count("/json")).toBe(before);
  });

  it("the same key to retry by gives the first answer, and a conflict for another question", async () => {
    const path = "json";
    const once = odd(path, { idempotencyKey: "once" });
    const first = await client.call("integration_run", once);
    const sent = stage.upstream.count(`/${path}`);
    expect(await client.call("integration_run", once)).toEqual(first);
    expect(stage.upstream.count(`/${path}`)).toBe(sent);
    const other = refusalOf(await client.call("integration_run", odd("text", { idempotencyKey: "once" })));
    expect(other.code).toBe("conflict");
  });

  it("a large answer is cut, and read on without another call", async () => {
    const args = odd("huge", {}, { mb: 1, type: "json" });
    const { structuredContent: first, content } = await client.call("integration_run", args);
    expect(content[0]!.text.length).toBeLessThan(45_000);
    const sent = stage.upstream.count("/huge");
    const { cut } = first;
    expect(cut).toMatchObject({ resultId: expect.stringMatching(/^res_/), page: 1 });
    const page = { ...args, resultId: cut.resultId };
    const { structuredContent: second } = await client.call("integration_run", { ...page, page: 2 });
    const { structuredContent: last } = await client.call("integration_run", { ...page, page: cut.pages });
    expect(second.cut.page).toBe(2);
    expect(first.data.length + second.data.length).toBeLessThan(1024);
    expect(last.data.at(-1)).toMatch(/^a+$/);
    expect(stage.upstream.count("/huge")).toBe(sent);
    const past = await client.call("integration_run", { ...page, page: cut.pages + 1 });
    expect(refusalOf(past).code).toBe("bad_request");
  });

  describe("tools beside REST", () => {
    const run = (tool: string, args: object, key?: string) =>
      (key ? stage.connect(key) : Promise.resolve(client)).then((it) => it.call(tool, args));
    /** Both refuse alike: the same facts under the names of each, and the steps in the words of each. */
    async function sameRefusal(reply: Reply, answer: ToolAnswer, code: string) {
      const { error, request_id: _, next, ...facts } = reply.json;
      const { code: told, request_id: id, next: steps, ...same } = refusalOf(answer);
      expect([told, error]).toEqual([code, code]);
      expect(same).toEqual(facts);
      expect(steps).toEqual(next?.map((step: string) => nextStep(step, reply.json)));
      expect(id).toMatch(/^req_/);
    }
    const call = (path: string, body: object, key?: string) => rest("POST", path, body, key);
    const finished = (...statuses: string[]) =>
      expect.poll(async () => (await rows(2)).map((row: { status: string }) => row.status)).toEqual(statuses);

    it("a refusal of what is not there, or not valid, is as over REST", async () => {
      const cases: [string, object, string, object, string][] = [
        [
          "integration_run",
          { integration: "odd", endpoint: "get_pth" },
          "/v1/odd/get_pth",
          { params: {} },
          "not_found",
        ],
        ["integration_run", { integration: "od", endpoint: "x" }, "/v1/od/x", { params: {} }, "not_found"],
        [
          "integration_run",
          { integration: "odd", endpoint: "get_path" },
          "/v1/odd/get_path",
          { params: {} },
          "bad_request",
        ],
        [
          ...(["integration_run", odd("json", { connection: "nobody" }), "/v1/odd/get_path"] as const),
          ...([{ params: { path: "json" }, connection: "nobody" }, "not_found"] as const),
        ],
        [
          "integration_run",
          { integration: "slack", endpoint: "list_channels" },
          "/v1/slack/list_channels",
          { params: {} },
          "integration_not_connected",
        ],
        ["skill_query", { skillId: "nothing" }, "/v1/agent/skills/nothing/query", {}, "not_found"],
        [
          ...(["connector_request", { integrationId: "GitHub", reason: "r" }, "/v1/tasks"] as const),
          ...([{ type: "connector_request", subject: "GitHub", reason: "r" }, "conflict"] as const),
        ],
      ];
      for (const [tool, args, path, body, code] of cases)
        await sameRefusal(await call(path, body), await run(tool, args), code);
    });

    it("a row of the audit log is as over REST, but for its face", async () => {
      await call("/v1/odd/get_path", { params: { path: "status/418" } });
      await client.call("integration_run", odd("status/418"));
      await finished("refused_upstream", "refused_upstream");
      const [viaMcp, viaRest] = await rows(2);
      expect([viaMcp.face, viaRest.face]).toEqual(["mcp", "rest"]);
      expect({ ...viaMcp, face: "rest" }).toEqual(viaRest);
      expect(viaMcp).toMatchObject({ upstream_status: 418, agent_id: ada.agentId });
    });

    it("an account that integration_search names is taken as the connection, as over REST", async () => {
      const { structuredContent } = await client.call("integration_search", { query: "get any path" });
      const { accounts } = structuredContent.integrations.find(
        (it: { integration: string }) => it.integration === "odd",
      );
      const { connections } = (await rest("GET", "/v1/connections", undefined, ada.plainKey)).json;
      const own = connections.find((it: { integration: string }) => it.integration === "odd");
      expect(accounts).toEqual([own.account]);
      for (const connection of [accounts[0], own.id]) {
        const viaRest = await call("/v1/odd/get_path", { params: { path: "json" }, connection });
        const viaMcp = await client.call("integration_run", odd("json", { connection }));
        expect([viaRest.status, viaMcp.isError ?? false]).toEqual([200, false]);
        expect(viaMcp.structuredContent).toEqual(viaRest.json);
        expect(viaMcp._meta?.["skillett/account"]).toBe(
          decodeURIComponent(viaRest.headers.get("skillett-account")!),
        );
        await finished("completed", "completed");
        const [rowOfMcp, rowOfRest] = await rows(2);
        expect({ ...rowOfMcp, face: "rest" }).toEqual(rowOfRest);
        expect(rowOfMcp).toMatchObject({ connection_id: own.id, account: own.account });
      }
      // Of another integration, and of nobody: refused alike.
      const github = connections.find((it: { integration: string }) => it.integration === "github").id;
      for (const connection of [github, "conn_00000000000000000000"])
        await sameRefusal(
          await call("/v1/odd/get_path", { params: { path: "json" }, connection }),
          await run("integration_run", odd("json", { connection })),
          "not_found",
        );
    });

    it("a key that may only read is refused as over REST", async () => {
      const narrow = await stage.join("Nora", []);
      await stage.skillett.app.database.kysely
        .updateTable("api_keys")
        .set({ scopes: '["odd:read"]' })
        .where("tenant_id", "=", narrow.tenantId)
        .execute();
      const args = { integration: "odd", endpoint: "post_path", params: { path: "json" } };
      const reply = await call("/v1/odd/post_path", { params: { path: "json" } }, narrow.key);
      await sameRefusal(reply, await run("integration_run", args, narrow.key), "scope_not_allowed");
      expect((await run("integration_run", odd("json"), narrow.key)).isError).toBeFalsy();
    });

    it("a key without an agent that asks for a skill is refused as over REST", async () => {
      const body = { type: "skill_request", subject: "triage", reason: "r" };
      const reply = await call("/v1/tasks", body, ada.plainKey);
      const answer = await run("skill_request", { skillId: "triage", reason: "r" }, ada.plainKey);
      await sameRefusal(reply, answer, "bad_request");
      expect(refusalOf(answer).message).toContain("bound to an agent");
    });

    it("the limits of a minute and of a day are refused as over REST", async () => {
      await stage.skillett.setPlan("free");
      now = noon + 60_000;
      const one = odd("json");
      for (let calls = 0; calls < 30; calls++)
        expect((await run("integration_run", one)).isError).toBeFalsy();
      const params = { params: { path: "json" } };
      await sameRefusal(
        await call("/v1/odd/get_path", params),
        await run("integration_run", one),
        "rate_limit_reached",
      );
      expect((await run("integration_search", {})).isError).toBeFalsy();
      now = noon + 120_000;
      await stage.skillett.app.database.kysely
        .updateTable("call_counters")
        .set({ used: 10_000 })
        .where("window_start", "=", windowStart(noon, 86_400_000))
        .where("bucket", "like", "profile:%")
        .execute();
      await sameRefusal(
        await call("/v1/odd/get_path", params),
        await run("integration_run", one),
        "daily_limit_reached",
      );
      await stage.skillett.setPlan("unlimited");
    });
  });
});
