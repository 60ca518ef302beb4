import { expect, it } from "vitest";
import { signIn } from "#support/browser.js";
import { connectBySignIn } from "#support/signing-in.js";
import { onEachEngine } from "#support/skillett.js";
import { signUp } from "#support/world.js";
import { useClosedServer } from "./mcp-sign-in-stage.js";

/** People sign in at an MCP server that a tenant added, with a client that Skillett registers there. */

onEachEngine("signing in at MCP servers of a tenant", (engine) => {
  const { server, authorization, skillett, add, refresh, run } = useClosedServer(engine);

  it("a person signs in with a client that was registered by a program, and the tools are there", async () => {
    const added = await add();
    const slug = added.integration;
    expect(added).toMatchObject({ closed: true, notes: [] });
    expect(added.next).toEqual([`skillett connect ${slug}`, `skillett integrations refresh ${slug}`]);
    expect(authorization().registered).toMatchObject([
      {
        client_name: "Skillett",
        redirect_uris: [
          expect.stringMatching(new RegExp(`^${skillett().url}/callback/client_[0-9a-f]{32}$`)),
        ],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ]);
    const { asked, page, told } = await connectBySignIn(skillett(), { integration: slug });
    expect(page).toMatchObject({ status: 200 });
    expect(told).toMatchObject({ status: "connected" });
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      resource: server().url,
      scope: "tickets",
      code_challenge_method: "S256",
    });
    expect(await refresh(slug)).toMatchObject({ closed: false, endpoints: { on: 1, off: 0 } });
    expect(await run(slug)).toMatchObject({ status: 200, data: { name: "find_tickets" } });
  });

  it("a token that has ended is renewed, and is revoked with the connection", async () => {
    const slug = (await add()).integration;
    const { id } = await connectBySignIn(skillett(), { integration: slug });
    await refresh(slug);
    authorization().tokens.expireAll();
    expect(await run(slug)).toMatchObject({ status: 200 });
    const { json } = await skillett().call("DELETE", `/v1/connections/${id}`);
    expect(json).toMatchObject({ revoked: true });
    expect(authorization().tokens.live()).toEqual([]);
  });

  it("scopes are those of the challenge, with the one for renewing, and none when there are far too many", async () => {
    const scopeOf = async () => {
      const body = { integration: (await add()).integration };
      const { oauth_url } = (await skillett().call("POST", "/v1/connect", { body })).json;
      return new URL(oauth_url).searchParams.get("scope");
    };
    const { challenge } = authorization();
    authorization().metadata = { scopes_supported: ["openid", "offline_access"] };
    authorization().challenge = () => `${challenge()}, scope="tickets:read files:read"`;
    expect(await scopeOf()).toBe("tickets:read files:read offline_access");
    authorization().challenge = () => "Bearer";
    expect(await scopeOf()).toBe("tickets offline_access");
    authorization().resourceMetadata = { scopes_supported: ["tickets", "bad scope", "ümlaut"] };
    expect(await scopeOf()).toBe("tickets offline_access");
    authorization().resourceMetadata = {
      scopes_supported: Array.from({ length: 500 }, (_, i) => `scope-${i}`),
    };
    expect(await scopeOf()).toBeNull();
  });

  it("a person who says no connects nothing", async () => {
    const slug = (await add()).integration;
    const { told } = await connectBySignIn(skillett(), { integration: slug }, { deny: true });
    expect(told).toMatchObject({ status: "error", message: expect.stringContaining("was denied") });
    expect(authorization().tokens.live()).toEqual([]);
  });

  it("reading a server anew registers no other client", async () => {
    const slug = (await add()).integration;
    await connectBySignIn(skillett(), { integration: slug });
    await refresh(slug);
    authorization().tokens.expireAll();
    const { status } = await skillett().call("POST", `/v1/integrations/${slug}/refresh`);
    expect(status).toBe(200);
    expect(authorization().registered).toHaveLength(1);
  });

  it.each([
    ["proves itself in the body", { token_endpoint_auth_methods_supported: ["client_secret_post"] }, {}],
    ["has no secret", { token_endpoint_auth_methods_supported: ["none"] }, {}],
    ["is given another way than it asked for", {}, { token_endpoint_auth_method: "client_secret_post" }],
  ])("a client that %s signs in, renews and revokes", async (_, metadata, registration) => {
    Object.assign(authorization(), { metadata, registration });
    const slug = (await add()).integration;
    const { id } = await connectBySignIn(skillett(), { integration: slug });
    expect(await refresh(slug)).toMatchObject({ endpoints: { on: 1 } });
    authorization().tokens.expireAll();
    expect(await run(slug)).toMatchObject({ status: 200 });
    expect((await skillett().call("DELETE", `/v1/connections/${id}`)).json).toMatchObject({ revoked: true });
  });

  it("a code that comes back to the address of another client goes nowhere", async () => {
    const [one, other] = [(await add()).integration, (await add()).integration];
    const begin = async (integration: string) =>
      (await skillett().call("POST", "/v1/connect", { body: { integration } })).json;
    const asked = await begin(other);
    const wrong = new URL((await begin(one)).oauth_url).searchParams.get("redirect_uri")!;
    const before = authorization().tokenRequests.length;
    for (const path of [new URL(wrong).pathname, "/callback"]) {
      const begun = path === "/callback" ? await begin(other) : asked;
      const state = new URL(begun.oauth_url).searchParams.get("state")!;
      const query = new URLSearchParams({ code: "stolen", state, iss: authorization().issuer });
      expect((await skillett().call("GET", `${path}?${query}`)).text).toContain("address of another service");
      const { json } = await skillett().call("GET", `/v1/connect/${begun.connection_id}`);
      expect(json.status).toBe("error");
    }
    expect(authorization().tokenRequests).toHaveLength(before);
  });

  it("a sign-in that moves to another host is refused while somebody is connected", async () => {
    const slug = (await add()).integration;
    const { id } = await connectBySignIn(skillett(), { integration: slug });
    await refresh(slug);
    const moved = new URL(server().url).origin;
    authorization().metadata = { token_endpoint: `${moved}/token` };
    expect(await refresh(slug)).toMatchObject({ error: "conflict", message: expect.stringContaining(moved) });
    authorization().tokens.expireAll();
    expect(await run(slug)).toMatchObject({ status: 200 });
    await skillett().call("DELETE", `/v1/connections/${id}`);
    expect((await refresh(slug)).next[0]).toBe(`skillett connect ${slug}`);
  });

  it("a client with a secret that the server has forgotten is told of, and the connection stays", async () => {
    const slug = (await add()).integration;
    await connectBySignIn(skillett(), { integration: slug });
    await refresh(slug);
    const other = (await add()).integration;
    authorization().tokens.expireAll();
    const { message } = await run(slug);
    expect(message).toContain("refuses the OAuth client that was registered there");
    expect(message).not.toContain("operator");
    expect(other).not.toBe(slug);
  });

  it("nobody refines how people sign in, and no folder brings it", async () => {
    const slug = (await add()).integration;
    await connectBySignIn(skillett(), { integration: slug });
    await refresh(slug);
    const put = (query: string, files: Record<string, string>) =>
      skillett().call("POST", `/v1/integrations/import?content=folder&${query}`, { body: { files } });
    const text = "name: Evil\nregister_url: https://evil.example\ntoken_url: https://evil.example/token\n";
    const refined = await put(`slug=${slug}&overlay=true`, { "provider.yaml": text });
    expect(refined.status).toBe(400);
    expect(refined.text).toContain("cannot be refined");
    const whole = {
      "integration.yaml": [
        "name: Mine",
        "description: Things.",
        "category: developer",
        "base_url: https://acme.example",
        "auth: { sign_in: { provider: own, scopes: [] } }",
      ].join("\n"),
      "SKILL.md": "---\nname: skillett-mine\ndescription: Things.\n---\n# Mine\n",
      "provider.yaml": text,
    };
    const folder = await put("slug=mine", whole);
    expect(folder.status).toBe(400);
    expect(folder.text).toContain("is for MCP servers");
  });

  it("a server that can be signed in at only later keeps the accounts that are connected by a key", async () => {
    authorization().metadata = { code_challenge_methods_supported: [] };
    const slug = (await add()).integration;
    const token = authorization().tokens.issue({ user: "octocat", clientId: "", scopes: [] }).access;
    await skillett().connect(slug, token);
    expect(await refresh(slug)).toMatchObject({ endpoints: { on: 1 } });
    authorization().metadata = {};
    expect(await refresh(slug)).toMatchObject({ endpoints: { on: 1 }, diff: { changed: [] } });
    expect(await run(slug)).toMatchObject({ status: 200 });
    const { json } = await skillett().call("POST", "/v1/connect", { body: { integration: slug } });
    expect(json.oauth_url).toContain(authorization().url);
  });

  it("tenants have clients of their own at the same server, also under the same name", async () => {
    const slug = (await add()).integration;
    const ada = await signUp(skillett(), "Ada");
    const added = await ada.call("POST", "/v1/integrations/mcp", { url: server().url, slug });
    expect(added.json).toMatchObject({ integration: slug, notes: [] });
    const uris = authorization().registered.map(({ redirect_uris }) => redirect_uris);
    expect(new Set(uris.flat()).size).toBe(2);
    const begin = async (ask: Promise<{ json: { oauth_url: string } }>) =>
      new URL((await ask).json.oauth_url).searchParams.get("redirect_uri");
    const body = { integration: slug };
    const [own, hers] = [
      await begin(skillett().call("POST", "/v1/connect", { body })),
      await begin(ada.call("POST", "/v1/connect", body)),
    ];
    expect([own, hers]).toEqual(uris.flat());
  });

  it("a server that is removed takes our client there with it", async () => {
    const slug = (await add()).integration;
    const { kysely } = skillett().app.database;
    const rows = () =>
      kysely.selectFrom("integration_clients").select(["slug", "box"]).where("slug", "=", slug).execute();
    const [row] = await rows();
    expect(row!.box).not.toContain("secret-");
    await skillett().call("DELETE", `/v1/integrations/${slug}`);
    expect(await rows()).toEqual([]);
  });
});

onEachEngine("signing in with a client that is a document", (engine) => {
  const publicUrl = "https://skillett.example";
  const { server, authorization, skillett } = useClosedServer(engine, { SKILLETT_PUBLIC_URL: publicUrl });

  it("a server that reads documents of clients is not asked to register one", async () => {
    authorization().metadata = { client_id_metadata_document_supported: true };
    authorization().readDocument = async (url) =>
      (await skillett().call("GET", url.slice(publicUrl.length), { key: null })).json;
    const body = { url: server().url, slug: "desk" };
    expect((await skillett().call("POST", "/v1/integrations/mcp", { body })).json.notes).toEqual([]);
    expect(authorization().registered).toEqual([]);
    const begun = (await skillett().call("POST", "/v1/connect", { body: { integration: "desk" } })).json;
    const id = new URL(begun.oauth_url).searchParams.get("client_id");
    expect(id).toMatch(/^https:\/\/skillett\.example\/callback\/client_[0-9a-f]{32}\/client\.json$/);
    const back = (await signIn(begun.oauth_url, { stopAt: publicUrl })).url;
    await skillett().call("GET", back.slice(publicUrl.length), { key: null });
    const { json } = await skillett().call("GET", `/v1/connect/${begun.connection_id}`);
    expect(json).toMatchObject({ status: "connected" });
    const { endpoints } = (await skillett().call("POST", "/v1/integrations/desk/refresh")).json;
    expect(endpoints).toEqual({ on: 1, off: 0 });
    authorization().tokens.expireAll();
    const params = { words: "late" };
    expect((await skillett().call("POST", "/v1/desk/find_tickets", { body: { params } })).json.status).toBe(
      200,
    );
    const ended = await skillett().call("DELETE", `/v1/connections/${json.connection_id}`);
    expect(ended.json).toMatchObject({ revoked: true });
  });
});
