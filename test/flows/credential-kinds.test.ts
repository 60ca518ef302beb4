import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** Keys, passwords, client credentials, sign-ins, and nothing at all: each connects, calls, and stays secret. */

const key = "k/ey+0123456789=";
const email = "ada@example.com";
const api_token = 'pass"word/0123456789+';
const pair = Buffer.from(`${email}:${api_token}`).toString("base64");
const machine = { id: 1000, name: "machine" };

onEachEngine("kinds of credential", (engine) => {
  let odd: RotatingProvider;
  let upstream: FaultUpstream;
  let skillett: Skillett;
  beforeAll(async () => {
    [odd, upstream] = await Promise.all([startRotatingProvider(), startFaultUpstream()]);
    skillett = await startSkillett(engine, {
      env: {
        ...odd.settings(),
        SKILLETT_ODD_KEY_BASE_URL: upstream.url,
        SKILLETT_ODD_BASIC_BASE_URL: upstream.url,
        SKILLETT_ODD_OPEN_BASE_URL: upstream.url,
        SKILLETT_ODD_OAUTH_BASE_URL: upstream.url,
      },
    });
    registerCallback(skillett, odd);
  });
  afterAll(async () => {
    await skillett?.close();
    await odd?.close();
    await upstream?.close();
  });

  const connect = (integration: string, credentials?: object, more: object = {}) =>
    skillett.call("POST", "/v1/connect", { body: { integration, credentials, ...more } });
  const get = (integration: string, params: object, query = "") =>
    skillett.call("POST", `/v1/${integration}/get_path${query}`, { body: { params } });
  const machineClient = () => ({ client_id: odd.client.id, client_secret: odd.client.secret });
  const listed = async (integration: string) =>
    (await skillett.call("GET", `/v1/connections?integration=${integration}`)).json.connections;

  describe("an API key in the query", () => {
    it("an API key in the query is asked for by name, sent, and shown nowhere", async () => {
      expect((await connect("odd-key", { kee: key })).json).toMatchObject({
        error: "bad_request",
        issues: [
          { at: "credentials.key", message: expect.stringContaining("is required") },
          { at: "credentials.kee", message: expect.stringContaining("Did you mean") },
        ],
        next: ["skillett connect odd-key --credentials -"],
      });
      const connected = await connect("odd-key", { key });
      expect(connected.json).toMatchObject({ status: "connected", account: "Octocat" });
      expect(connected.text).not.toContain(key);
      const { json, text } = await get("odd-key", { path: "echo" });
      expect(json.data.path).toBe("/echo?api_key=[credential]");
      for (const spelled of [key, encodeURIComponent(key)]) expect(text).not.toContain(spelled);
    });

    it("the error of a broken connection does not show the API key in the query", async () => {
      const { status, text } = await get("odd-key", { path: "reset" });
      expect(status).toBe(502);
      expect(text).not.toContain(encodeURIComponent(key));
    });
  });

  describe("a user name and a password", () => {
    it("a user name and a password are sent as Basic, and all but the user name is masked", async () => {
      expect((await connect("odd-basic", { email, api_token })).json).toMatchObject({ status: "connected" });
      const leaked = await get("odd-basic", { path: "leak" });
      expect(leaked.json.data.authorization).toBe("Basic [credential]");
      const echoed = await get("odd-basic", { path: "echo" });
      expect(echoed.json.data.headers.authorization).toBe("Basic [credential]");
      const decoded = await get("odd-basic", { path: "leak", as: "decoded" });
      expect(decoded.json.data.pair).toBe(`${email}:[credential]`);
      for (const { text } of [leaked, echoed, decoded]) {
        expect(text).not.toContain(pair);
        expect(text).not.toContain(JSON.stringify(api_token).slice(1, -1));
      }
    });

    it.each([
      [{ email }, [{ at: "credentials.api_token" }]],
      [{ api_token }, [{ at: "credentials.email" }]],
      [{ email: "ada:x@example.com", api_token }, [{ at: "credentials.email" }]],
      [{ email, api_token: "with a space" }, [{ at: "credentials.api_token" }]],
    ])("credentials of %j are refused at the field that is wrong", async (credentials, issues) => {
      const { status, json } = await connect("odd-basic", credentials);
      expect({ status, json }).toMatchObject({ status: 400, json: { error: "bad_request", issues } });
      expect(JSON.stringify(json)).not.toContain("with a space");
    });
  });

  it("a token from a sign-in is masked where a service gives it away", async () => {
    const { id } = await connectBySignIn(skillett, { integration: "odd-oauth" });
    const leaked = await get("odd-oauth", { path: "leak" });
    expect(leaked.json.data).toMatchObject({ authorization: "Bearer [credential]" });
    for (const token of odd.liveTokens()) expect(leaked.text).not.toContain(token);
    await skillett.call("DELETE", `/v1/connections/${id}`);
  });

  describe("client credentials", () => {
    it("wrong client credentials are refused with both named, and are not stored or shown", async () => {
      const wrong = { ...machineClient(), client_secret: "wrong-secret-0123456789" };
      const { status, json, text } = await connect("odd-machine", wrong);
      expect({ status, json }).toMatchObject({
        status: 400,
        json: {
          error: "bad_request",
          issues: [
            { at: "credentials.client_id", message: expect.stringContaining("invalid_client") },
            { at: "credentials.client_secret", message: expect.stringContaining("belong together") },
          ],
        },
      });
      expect(text).not.toContain(wrong.client_secret);
      expect(await listed("odd-machine")).toEqual([]);
    });

    it("client credentials get a token, and another one when it ends, with one request", async () => {
      const { json } = await connect("odd-machine", machineClient());
      expect(json).toMatchObject({ status: "connected", account: "machine" });
      expect((await get("odd-machine", {})).json).toEqual({ status: 200, data: machine });
      odd.expireAll();
      const asked = odd.tokenRequests.length;
      const replies = await Promise.all([1, 2, 3, 4, 5].map(() => get("odd-machine", {})));
      for (const reply of replies) expect(reply.json).toEqual({ status: 200, data: machine });
      expect(odd.tokenRequests.slice(asked)).toMatchObject([
        { grantType: "client_credentials", body: { scope: "read" } },
      ]);
    });

    it("client credentials with scopes of their own keep them when the token is renewed", async () => {
      await connect("odd-machine", machineClient(), { scopes: ["read", "write"] });
      expect(odd.tokenRequests.at(-1)!.body).toMatchObject({ scope: "read write" });
      expect(await listed("odd-machine")).toMatchObject([{ scopes: ["read", "write"] }]);
      odd.expireAll();
      await get("odd-machine", {});
      expect(odd.tokenRequests.at(-1)!.body).toMatchObject({ scope: "read write" });
      expect(await listed("odd-machine")).toMatchObject([{ scopes: ["read", "write"] }]);
    });

    it("client credentials stay as they are while the provider is down", async () => {
      odd.expireAll();
      odd.goDown();
      const { status, json } = await get("odd-machine", {});
      expect({ status, json }).toMatchObject({ status: 502, json: { retryable: true } });
      odd.comeBack();
      expect((await get("odd-machine", {})).json).toEqual({ status: 200, data: machine });
    });

    it("client credentials that were withdrawn are token_expired, and the next step takes new ones", async () => {
      odd.expireAll();
      odd.failNextToken({ status: 401, body: { error: "invalid_client" } });
      const { status, json } = await get("odd-machine", {});
      expect({ status, json }).toMatchObject({
        status: 401,
        json: { error: "token_expired", next: ["skillett connect odd-machine --credentials -"] },
      });
      expect(await listed("odd-machine")).toMatchObject([{ status: "needs_reconnect" }]);
      const asked = odd.tokenRequests.length;
      expect((await get("odd-machine", {})).json.error).toBe("token_expired");
      expect(odd.tokenRequests.length).toBe(asked);
      const [{ id }] = await listed("odd-machine");
      expect((await connect("odd-machine", machineClient())).json.connection_id).toBe(id);
      expect((await get("odd-machine", {})).json).toEqual({ status: 200, data: machine });
    });

    it("client credentials with scopes that the provider does not know are refused at scopes", async () => {
      odd.failNextToken({ status: 400, body: { error: "invalid_scope" } });
      const { status, json } = await connect("odd-machine", machineClient(), { scopes: ["everything"] });
      expect({ status, json }).toMatchObject({ status: 400, json: { issues: [{ at: "scopes" }] } });
    });

    it("an integration with client credentials cannot be signed in to", async () => {
      const { status, json } = await connect("odd-machine");
      expect({ status, json }).toMatchObject({
        status: 400,
        json: { next: ["skillett connect odd-machine --credentials -"] },
      });
      expect(json.issues.map(({ at }: { at: string }) => at)).toEqual([
        "credentials.client_id",
        "credentials.client_secret",
      ]);
    });
  });

  describe("integrations without credentials", () => {
    it("an integration that needs no credential is called without one", async () => {
      const { json } = await get("odd-open", { path: "echo" });
      expect(json).toMatchObject({ status: 200, data: { method: "GET", path: "/echo" } });
      expect(json.data.headers.authorization).toBeUndefined();
      const { calls } = (await skillett.call("GET", "/v1/calls?integration=odd-open")).json;
      expect(calls).toMatchObject([{ connection_id: null, status: "completed" }]);
    });

    it("an integration that needs no credential is listed as connected, and has no connection", async () => {
      const { integrations } = (await skillett.call("GET", "/v1/skills")).json;
      const open = integrations.find(({ slug }: { slug: string }) => slug === "odd-open");
      expect(open).toMatchObject({ connected: true, connections: [], auth: ["none"] });
    });

    it.each([
      ["a sign-in", undefined],
      ["a token", { token: "test-token-0123456789" }],
    ])("an integration that needs no credential refuses %s", async (_, credentials) => {
      const { status, json } = await connect("odd-open", credentials);
      expect({ status, json }).toMatchObject({
        status: 400,
        json: {
          message: expect.stringContaining("needs no account"),
          next: ["skillett skills odd-open"],
        },
      });
    });

    it("a 401 of a service that needs no credential is handed on", async () => {
      const { status, json } = await get("odd-open", { path: "status/401" });
      expect({ status, json }).toMatchObject({ status: 200, json: { status: 401 } });
    });
  });

  it.each([
    ["odd-key", { url: expect.stringContaining("/echo?api_key=") }],
    ["odd-basic", { headers: { authorization: expect.stringMatching(/^Basic \[credential\]$/) } }],
    ["odd-machine", { headers: { authorization: "Bearer [credential]" } }],
    ["odd-open", { method: "GET" }],
  ])("a dry run of %s shows no secret, and sends nothing", async (integration, request) => {
    const sent = [upstream.count("/echo"), odd.requests.length];
    const { json, text } = await get(integration, { path: "echo" }, "?dry_run=true");
    expect(json).toMatchObject({ dry_run: true, request });
    const secrets = [key, encodeURIComponent(key), api_token, pair, odd.client.secret, ...odd.liveTokens()];
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect([upstream.count("/echo"), odd.requests.length]).toEqual(sent);
  });
});
