import type * as openid from "openid-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onEachEngine, startSkillett } from "#support/skillett.js";
import { createVisitor } from "#support/visitor.js";
import { type OAuthStage, startOAuthStage, usedRedirectUri } from "./oauth-stage.js";

/** The authorization server for remote MCP clients, asked by a client that is strict about the RFCs. */

onEachEngine("OAuth server", (engine) => {
  let stage: OAuthStage;
  let client: openid.Configuration;
  beforeAll(async () => {
    stage = await startOAuthStage(engine);
    client = await stage.register();
  });
  afterAll(() => stage?.skillett.close());
  // Nobody waits for anything that another test has counted.
  beforeEach(() => stage.wait(3_600));

  const get = (path: string, headers: Record<string, string> = {}) =>
    stage.skillett.call("GET", path, { key: null, headers });
  /** What becomes of a request: `error` in the redirect, or the status of a page. */
  async function refusal(params: Record<string, string | null>): Promise<unknown> {
    const { reply } = await (await stage.begin(client, params)).open();
    const location = reply.headers.get("location");
    if (location === null) return reply.status;
    const { searchParams, hash } = new URL(location);
    return searchParams.get("error") ?? new URLSearchParams(hash.slice(1)).get("error");
  }

  describe("the discovery of the server", () => {
    it("the server is found from the resource, at each address that clients try", async () => {
      const { url } = stage.skillett;
      const resources = [
        "/.well-known/oauth-protected-resource/mcp",
        "/.well-known/oauth-protected-resource",
      ];
      for (const path of resources) {
        const { json, headers } = await get(path);
        expect(json).toMatchObject({
          resource: `${url}/mcp`,
          authorization_servers: [`${url}/oauth`],
          scopes_supported: expect.arrayContaining(["*", "github", "github:read"]),
          bearer_methods_supported: ["header"],
        });
        expect(headers.get("access-control-allow-origin")).toBe("*");
      }
      const documents = [
        "/.well-known/oauth-authorization-server/oauth",
        "/.well-known/openid-configuration/oauth",
        "/oauth/.well-known/openid-configuration",
        "/oauth/.well-known/oauth-authorization-server",
      ];
      const found = await Promise.all(documents.map((path) => get(path, { host: "evil.example" })));
      for (const { json, status } of found) {
        expect([status, json]).toEqual([200, found[0]!.json]);
        expect(JSON.stringify(json)).not.toContain("evil.example");
      }
      expect(found[0]!.json).toMatchObject({
        issuer: `${url}/oauth`,
        authorization_endpoint: `${url}/oauth/authorize`,
        token_endpoint: `${url}/oauth/token`,
        code_challenge_methods_supported: ["S256"],
        response_types_supported: ["code"],
        grant_types_supported: ["authorization_code", "refresh_token"],
        client_id_metadata_document_supported: true,
        authorization_response_iss_parameter_supported: true,
      });
      expect(found[0]!.json).not.toHaveProperty("userinfo_endpoint");
    });

    it("the metadata for devices has an issuer of its own", async () => {
      const { json } = await get("/.well-known/oauth-authorization-server");
      expect(json.issuer).toBe(stage.skillett.url);
    });
  });

  describe("a client", () => {
    it("a client registers itself, and sees what it gets of what it asks for", async () => {
      const body = {
        client_name: "n".repeat(300),
        redirect_uris: ["https://app.example/cb", "cursor://callback"],
        grant_types: ["authorization_code", "client_credentials"],
        response_types: ["code", "token"],
        scope: "claudeai offline_access",
        token_endpoint_auth_method: "none",
        jwks_uri: "http://169.254.169.254/keys",
        sector_identifier_uri: "https://169.254.169.254/sector",
      };
      const { status, json } = await stage.skillett.call("POST", "/oauth/register", { key: null, body });
      expect([status, json]).toEqual([201, expect.objectContaining({ response_types: ["code"] })]);
      expect(json.grant_types).toEqual(["authorization_code", "refresh_token"]);
      expect(json.client_name).toHaveLength(100);
      for (const field of ["scope", "jwks_uri", "sector_identifier_uri", "client_secret"])
        expect(json).not.toHaveProperty(field);
    });

    it.each([
      ["http://app.example/cb"],
      ["javascript:alert(1)"],
      ["data:text/html,x"],
      ["evil:/cb"],
      ["https://user:pw@app.example/cb"],
      ["https://*.example/cb"],
      ["https://app.example/cb#part"],
      ["no address"],
    ])("a client cannot have the browser sent to %j", async (uri) => {
      stage.wait(3_600);
      for (const uris of [[uri], [usedRedirectUri, uri]]) {
        const body = { redirect_uris: uris, token_endpoint_auth_method: "none" };
        const { status, json } = await stage.skillett.call("POST", "/oauth/register", { key: null, body });
        expect([status, json.error]).toEqual([400, expect.stringMatching(/^invalid_/)]);
        expect(json.error_description).toContain("redirect_uris");
      }
    });

    it("a client may say null or an empty text for metadata that it does not have", async () => {
      stage.wait(3_600);
      const unsaid = ["client_name", "client_uri", "logo_uri", "scope", "contacts", "tos_uri", "policy_uri"];
      const more = ["jwks_uri", "jwks", "software_id", "software_version", "grant_types", "response_types"];
      for (const nothing of [null, ""]) {
        const body = {
          ...Object.fromEntries([...unsaid, ...more].map((name) => [name, nothing])),
          redirect_uris: [usedRedirectUri],
          token_endpoint_auth_method: "none",
        };
        const { status, json } = await stage.skillett.call("POST", "/oauth/register", { key: null, body });
        expect([status, json.client_uri, json.client_name]).toEqual([201, undefined, undefined]);
      }
      const plain = { redirect_uris: [usedRedirectUri], token_endpoint_auth_method: null };
      const { json } = await stage.skillett.call("POST", "/oauth/register", { key: null, body: plain });
      // Left out means a secret. @see RFC 7591 §2
      expect(json).toMatchObject({ token_endpoint_auth_method: "client_secret_basic" });
      expect(json.client_secret).toEqual(expect.any(String));
      const without = await stage.skillett.call("POST", "/oauth/register", {
        key: null,
        body: { redirect_uris: null, token_endpoint_auth_method: "none" },
      });
      expect([without.status, without.json.error]).toEqual([400, expect.stringMatching(/^invalid_/)]);
    });

    it("a client cannot have a name that seems to say something else", async () => {
      stage.wait(3_600);
      const named = (client_name: string) =>
        stage.skillett.call("POST", "/oauth/register", {
          key: null,
          body: { client_name, redirect_uris: [usedRedirectUri], token_endpoint_auth_method: "none" },
        });
      expect(await named("\u202eedualC")).toMatchObject({
        status: 400,
        json: { error: "invalid_client_metadata", error_description: expect.stringContaining("U+202E") },
      });
      expect((await named("Client 👩\u200d🚀")).status).toBe(201);
    });

    it("a client with a secret has to know it", async () => {
      const secretive = await stage.register({ token_endpoint_auth_method: "client_secret_post" });
      const tokens = await stage.letIn(secretive);
      expect(await stage.use(tokens.access_token)).toMatchObject({ scopes: ["github:read"] });
      const { client_id } = secretive.clientMetadata();
      const form = new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: tokens.refresh_token,
        client_id,
        client_secret: "guessed",
      });
      expect(await postForm("/oauth/token", form)).toMatchObject({
        status: 401,
        json: { error: "invalid_client" },
      });
    });

    it("a network cannot register clients without end, and no client of 16 KiB", async () => {
      const body = { redirect_uris: [usedRedirectUri], token_endpoint_auth_method: "none" };
      const post = (more = {}) =>
        stage.skillett.call("POST", "/oauth/register", { key: null, body: { ...body, ...more } });
      expect((await post({ client_uri: `https://app.example/${"x".repeat(16_384)}` })).status).toBe(413);
      let last = await post();
      for (let count = 0; count < 40 && last.status === 201; count++) last = await post();
      expect(last).toMatchObject({ status: 429, json: { error: "temporarily_unavailable" } });
      expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    });
  });

  const postForm = (path: string, form: URLSearchParams) =>
    stage.skillett.call("POST", path, {
      key: null,
      body: form.toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });

  describe("a request", () => {
    it("an authorization request leads to tokens for what was asked, on whatever port the program listens", async () => {
      const tokens = await stage.letIn(client);
      expect(tokens).toMatchObject({ token_type: "bearer", scope: "github:read", expires_in: 3600 });
      expect(tokens).not.toHaveProperty("id_token");
      const me = (await stage.owner.call("GET", "/api/me")).json;
      expect(await stage.use(tokens.access_token)).toMatchObject({
        profileId: me.profile.id,
        tenantId: me.tenantId,
        agentId: null,
        keyId: expect.stringMatching(/^grant_/),
        scopes: ["github:read"],
      });
    });

    it("an authorization request without a resource is for /mcp, and one without scopes for everything", async () => {
      const request = await stage.begin(client, { resource: null, scope: null });
      const { access_token } = await request.redeem(await request.decideAll("approve"));
      expect((await stage.use(access_token)).scopes).toEqual(["*"]);
    });

    it("an authorization request that is not as it has to be is refused", async () => {
      expect(await refusal({ code_challenge: null, code_challenge_method: null })).toBe("invalid_request");
      expect(await refusal({ code_challenge_method: "plain" })).toBe("invalid_request");
      expect(await refusal({ redirect_uri: "https://evil.example/cb" })).toBe(400);
      expect(await refusal({ redirect_uri: "http://127.0.0.1:1/other" })).toBe(400);
      expect(await refusal({ resource: "https://other.example/mcp" })).toBe("invalid_target");
      expect(await refusal({ resource: `${stage.resource}/` })).toBe("invalid_target");
      for (const scope of ["jira", "github.no_such", "openid", "github:everything", "*.x"])
        expect([scope, await refusal({ scope })]).toEqual([scope, "invalid_scope"]);
      expect(await refusal({ response_type: "token" })).toBe("invalid_request");
      expect(await refusal({ response_mode: "form_post" })).toBe(400);
      expect(await refusal({ prompt: "none" })).toBe("consent_required");
      expect(await refusal({ client_id: "unknown" })).toBe(400);
      // What OpenID Connect has beyond OAuth is not listened to.
      expect((await (await stage.begin(client, { prompt: "login" })).open()).uid).not.toBe("");
    });

    it("an authorization request that leads nowhere is answered with a page of the server, escaped", async () => {
      const path = `/oauth/authorize?client_id=${encodeURIComponent("<script>")}`;
      const { status, text, headers } = await get(path, { accept: "text/html" });
      expect(status).toBe(400);
      expect(text).toContain("This request does not work");
      expect(text).not.toContain("<script>");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    });
  });

  it("a server that people reach by TLS has cookies for TLS alone, and one for each decision", async () => {
    const env = { SKILLETT_PUBLIC_URL: "https://skills.example" };
    const behindTls = await startSkillett(engine, { env });
    try {
      const body = { redirect_uris: [usedRedirectUri], token_endpoint_auth_method: "none" };
      const { json } = await behindTls.call("POST", "/oauth/register", { key: null, body });
      const { authorize } = await stage.begin(client);
      const path = authorize
        .replace(client.clientMetadata().client_id, json.client_id)
        .replace(encodeURIComponent(stage.resource), encodeURIComponent("https://skills.example/mcp"));
      const { headers } = await createVisitor(behindTls.url).call("GET", path);
      const { origin, searchParams } = new URL(headers.get("location")!);
      expect(origin).toBe("https://skills.example");
      const cookies = headers.getSetCookie();
      for (const cookie of cookies) expect(cookie).toMatch(/; secure; httponly/i);
      const uid = searchParams.get("uid");
      expect(cookies.join()).toContain(`skillett.authorization=${uid}; path=/api/authorizations/${uid}`);
      expect(cookies.join()).toContain(`path=/oauth/authorize/${uid}`);
    } finally {
      await behindTls.close();
    }
  });
});
