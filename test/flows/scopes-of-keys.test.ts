import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** What a key may call is what it calls; everything else is refused before anything is sent. */

onEachEngine("scopes of keys", (engine) => {
  let github: GithubStandIn;
  let skillett: Skillett;
  let connection: string;
  beforeAll(async () => {
    github = await startGithub();
    skillett = await startSkillett(engine, { env: github.settings() });
    connection = await skillett.connect("github", github.mintToken());
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });

  const makeKey = async (...scopes: string[]): Promise<string> => {
    const { status, json } = await skillett.call("POST", "/api-keys", { body: { name: "narrow", scopes } });
    expect(status).toBe(201);
    return json.full_key;
  };
  const params = { repo: "acme/app", title: "Bug" };
  const calls = {
    list_issues_for_repo: { repo: "acme/app" },
    get_repo: { repo: "acme/app" },
    create_issue: params,
  };
  const call = (key: string, integration: string, endpoint: string, given: object) =>
    skillett.call("POST", `/v1/${integration}/${endpoint}`, { key, body: { params: given } });

  it.each<[scopes: string[], allowed: string[]]>([
    [["github"], ["list_issues_for_repo", "get_repo", "create_issue"]],
    [["github.*"], ["list_issues_for_repo", "get_repo", "create_issue"]],
    [["github:read"], ["list_issues_for_repo", "get_repo"]],
    [["*:read"], ["list_issues_for_repo", "get_repo"]],
    [["github:write"], ["create_issue"]],
    [["github:destructive"], []],
    [["github.list_*"], ["list_issues_for_repo"]],
    [
      ["github.create_issue", "github.get_repo"],
      ["get_repo", "create_issue"],
    ],
    [["slack"], []],
  ])("the endpoints that a key with %j may call are %j", async (scopes, allowed) => {
    const key = await makeKey(...scopes);
    for (const [endpoint, given] of Object.entries(calls)) {
      const before = github.requests.length;
      const { status, json } = await call(key, "github", endpoint, given);
      if (allowed.includes(endpoint)) {
        expect({ endpoint, status }).toEqual({ endpoint, status: 200 });
      } else {
        expect({ endpoint, status, error: json.error }).toEqual({
          endpoint,
          status: 403,
          error: "scope_not_allowed",
        });
        expect(github.requests.length).toBe(before);
      }
    }
  });

  it("the scope for writing does not allow destructive calls", async () => {
    const destructive = (await skillett.call("GET", "/v1/skills/github")).json.endpoints.find(
      ({ effect }: { effect: string }) => effect === "destructive",
    );
    const refused = await call(await makeKey("github:write"), "github", destructive.name, {});
    expect(refused).toMatchObject({ status: 403, json: { error: "scope_not_allowed" } });
    const judged = await call(await makeKey("github:destructive"), "github", destructive.name, {});
    expect(judged.json.error).toBe("bad_request");
  });

  it("a refusal says what was asked and what the key has", async () => {
    const { json } = await call(await makeKey("github:read", "slack"), "github", "create_issue", params);
    expect(json.message).toBe("API key may not call github create_issue (write). It has github:read, slack.");
  });

  it("a key needs the whole of an integration to connect, share or disconnect it", async () => {
    const part = await makeKey("github:read", "github.create_issue");
    const connect = (key: string) =>
      skillett.call("POST", "/v1/connect", {
        key,
        body: { integration: "github", credentials: { token: github.mintToken() } },
      });
    const change = (key: string, method: string) =>
      skillett.call(method, `/v1/connections/${connection}`, {
        key,
        ...(method === "PATCH" ? { body: { shared: true } } : {}),
      });
    for (const reply of [await connect(part), await change(part, "PATCH"), await change(part, "DELETE")]) {
      expect(reply).toMatchObject({
        status: 403,
        json: {
          error: "scope_not_allowed",
          message: "This takes an API key with the scope github. It has github:read, github.create_issue.",
        },
      });
    }
    const [kept] = (await skillett.call("GET", "/v1/connections")).json.connections;
    expect(kept).toMatchObject({ id: connection, status: "connected", shared: false });
    const whole = await makeKey("github.*");
    expect((await connect(whole)).status).toBe(200);
    expect((await change(whole, "PATCH")).json).toMatchObject({ error: "forbidden" });
    expect((await change(whole, "DELETE")).status).toBe(200);
  });

  it("a narrowed key has none of its owner's powers over the tenant and the instance", async () => {
    const key = await makeKey("github", "slack");
    const me = (await skillett.call("GET", "/v1/me")).json.profile.id;
    const powers: [string, string, object?][] = [
      ["PATCH", `/v1/connections/${await skillett.connect("github", github.mintToken())}`, { shared: true }],
      ["GET", "/v1/connections?everyone=true"],
      ["GET", "/api-keys?everyone=true"],
      ["GET", "/v1/admin/providers"],
      ["PUT", "/v1/admin/providers/github", { client_id: "x", client_secret: "y" }],
      ["POST", "/v1/admin/rotate-keys", {}],
      ["PUT", `/v1/admin/profiles/${me}/plan`, { plan: "free" }],
    ];
    for (const [method, path, body] of powers) {
      const { status, json } = await skillett.call(method, path, { key, ...(body ? { body } : {}) });
      expect([path, status, json.error]).toEqual([path, 403, "forbidden"]);
      expect(json.message).toContain("narrowed to some scopes");
    }
    // They are its owner's, and nothing has come of the requests before.
    const shared = await skillett.call("GET", "/v1/connections?everyone=true");
    expect(shared.json.connections.filter(({ shared }: { shared: boolean }) => shared)).toEqual([]);
    for (const [method, path, body] of powers) {
      const { status, text } = await skillett.call(method, path, body ? { body } : {});
      expect(status, `${path}: ${text}`).toBe(200);
    }
    await skillett.setPlan("unlimited");
  });

  describe("discovery", () => {
    it("discovery shows everything to every key", async () => {
      const key = await makeKey("slack:read");
      const [narrow, wide] = await Promise.all([
        skillett.call("GET", "/v1/skills/github", { key }),
        skillett.call("GET", "/v1/skills/github"),
      ]);
      expect([narrow!.status, narrow!.json]).toEqual([200, wide!.json]);
    });
  });
});
