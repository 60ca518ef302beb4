import { rejects } from "node:assert";
import * as openid from "openid-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "../support/skillett.js";
import { createVisitor, password, type Visitor } from "../support/visitor.js";

/** A device signs in over HTTP: in the words of the RFC, in our own, and by a client that knows neither of us. */

const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
const client_id = "skillett-cli";
const unknownCode = "0".repeat(40);

onEachEngine("device login", (engine) => {
  let skillett: Skillett;
  let owner: Visitor;
  const time = { now: Date.now() };
  beforeAll(async () => {
    skillett = await startSkillett(engine, { clock: () => time.now });
    owner = createVisitor(skillett.url);
    const body = { token: skillett.claimToken, email: "ada@example.com", display_name: "Ada", password };
    expect((await owner.call("POST", "/claim", body)).status).toBe(200);
  });
  afterAll(() => skillett?.close());
  // Nobody waits for anything that another test has counted.
  beforeEach(() => wait(3_600));

  const wait = (seconds: number) => {
    time.now += seconds * 1000;
  };
  const post = (path: string, body: unknown, headers?: Record<string, string>) =>
    skillett.call("POST", path, { key: null, body, ...(headers ? { headers } : {}) });
  const postForm = (path: string, fields: [string, string][] | Record<string, string>) =>
    post(path, new URLSearchParams(fields).toString(), {
      "content-type": "application/x-www-form-urlencoded",
    });
  const begin = async (fields: object = {}) =>
    (await post("/auth/device/code", { client_id, ...fields })).json;
  const pollForm = (device_code: string, more: Record<string, string> = {}) =>
    postForm("/auth/device/token", { grant_type, device_code, client_id, ...more });
  const pollJson = (device_code: string) => post("/auth/device/token", { device_code });
  const approve = (user_code: string, more: object = {}) =>
    owner.call("POST", "/auth/device/authorize", { user_code, ...more });
  const deny = (user_code: string) => owner.call("POST", "/auth/device/deny", { user_code });
  const keys = async () => (await skillett.call("GET", "/api-keys")).json;

  function expectNotStored({ headers }: Reply): void {
    expect(headers.get("cache-control")).toBe("no-store");
  }
  function expectStandard(reply: Reply, error: string): void {
    expect(reply).toMatchObject({
      status: 400,
      json: { error, error_description: reply.json.message, request_id: expect.any(String) },
    });
    expect(reply.json.message).toMatch(/\S/);
    expectNotStored(reply);
  }

  describe("codes", () => {
    it.each([
      ["JSON", () => post("/auth/device/code", { client_id })],
      ["nothing at all", () => post("/auth/device/code", undefined)],
      ["a form", () => postForm("/auth/device/code", { client_id, scope: "", unknown: "x" })],
    ])("are given for %s", async (_, ask) => {
      const reply = await ask();
      expect(reply.status).toBe(200);
      const { user_code, ...rest } = reply.json;
      expect(user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      expect(rest).toEqual({
        device_code: expect.stringMatching(/^[0-9a-f]{40}$/),
        verification_uri: `${skillett.url}/device`,
        verification_uri_complete: `${skillett.url}/device?user_code=${user_code}`,
        expires_in: 900,
        interval: 5,
      });
      expectNotStored(reply);
    });

    it.each<[string, [string, string][], string]>([
      ["without a client", [["scope", "*"]], "invalid_request"],
      ["with an empty client", [["client_id", ""]], "invalid_request"],
      [
        "with two clients",
        [
          ["client_id", client_id],
          ["client_id", client_id],
        ],
        "invalid_request",
      ],
      ["with a client too long", [["client_id", "x".repeat(201)]], "invalid_request"],
      [
        "for a scope there is not",
        [
          ["client_id", client_id],
          ["scope", "githbu"],
        ],
        "invalid_scope",
      ],
    ])("are refused to a form %s", async (_, fields, error) => {
      expectStandard(await postForm("/auth/device/code", fields), error);
    });

    it.each([
      ["a client that is no string", { client_id: 1 }, "bad_request"],
      ["a name too long", { device_name: "x".repeat(101) }, "bad_request"],
      ["a scope there is not", { scope: "github slak:read" }, "invalid_scope"],
    ])("are refused to JSON with %s", async (_, body, error) => {
      expect(await post("/auth/device/code", body)).toMatchObject({ status: 400, json: { error } });
    });

    it("are given twenty times a minute to one address", async () => {
      const replies = await Promise.all(Array.from({ length: 25 }, () => post("/auth/device/code", {})));
      const refused = replies.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(5);
      expect(refused[0]!.json).toMatchObject({ error: "rate_limit_reached", retryable: true });
      expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0);
    });
  });

  describe("in the words of the RFC", () => {
    it("pending, too soon, then the key, once", async () => {
      const { device_code, user_code } = await begin({ device_name: "laptop" });
      expectStandard(await pollForm(device_code), "authorization_pending");
      wait(4);
      expectStandard(await pollForm(device_code), "slow_down");
      wait(10);
      expectStandard(await pollForm(device_code), "authorization_pending");
      expect(await approve(user_code)).toMatchObject({ status: 200, json: { status: "authorized" } });
      const reply = await pollForm(device_code);
      expect(reply).toMatchObject({
        status: 200,
        json: {
          access_token: expect.stringMatching(/^sk_[0-9a-f]{40}$/),
          token_type: "Bearer",
          scope: "*",
          status: "complete",
          user: { email: "ada@example.com", display_name: "Ada" },
          api_keys_url: `${skillett.url}/dashboard/api-keys`,
        },
      });
      expectNotStored(reply);
      expect(reply.headers.get("pragma")).toBe("no-cache");
      expectStandard(await pollForm(device_code), "invalid_grant");
      const { json } = await skillett.call("GET", "/v1/me", { key: reply.json.access_token });
      expect(json).toMatchObject({
        profile: { email: "ada@example.com" },
        api_key: { name: "laptop", scopes: ["*"] },
      });
    });

    it("turned away, and expired", async () => {
      const denied = await begin();
      expect(await deny(denied.user_code)).toMatchObject({ status: 200, json: { status: "denied" } });
      const expired = await begin();
      for (let times = 0; times < 2; times++)
        expectStandard(await pollForm(denied.device_code), "access_denied");
      wait(900);
      for (let times = 0; times < 2; times++)
        expectStandard(await pollForm(expired.device_code), "expired_token");
    });

    it("as JSON with a grant_type just the same", async () => {
      const body = { grant_type, device_code: unknownCode, client_id };
      expectStandard(await post("/auth/device/token", body), "invalid_grant");
      expectStandard(await post("/auth/device/token", { ...body, client_id: undefined }), "invalid_request");
    });

    it.each<[string, string, (device_code: string) => [string, string][]]>([
      ["no grant", "invalid_request", (device_code) => Object.entries({ device_code, client_id })],
      [
        "an empty grant",
        "invalid_request",
        (device_code) => Object.entries({ grant_type: "", device_code, client_id }),
      ],
      [
        "another grant",
        "unsupported_grant_type",
        (device_code) => Object.entries({ grant_type: "password", device_code, client_id }),
      ],
      ["no device code", "invalid_request", () => Object.entries({ grant_type, client_id })],
      ["no client", "invalid_request", (device_code) => Object.entries({ grant_type, device_code })],
      [
        "two device codes",
        "invalid_request",
        (device_code) => [
          ...Object.entries({ grant_type, device_code, client_id }),
          ["device_code", device_code],
        ],
      ],
      [
        "two grants",
        "invalid_request",
        (device_code) => [
          ...Object.entries({ grant_type, device_code, client_id }),
          ["grant_type", grant_type],
        ],
      ],
      [
        "an unknown code",
        "invalid_grant",
        () => Object.entries({ grant_type, device_code: unknownCode, client_id }),
      ],
      [
        "a code that cannot be",
        "invalid_grant",
        () => Object.entries({ grant_type, device_code: "'; --", client_id }),
      ],
      [
        "another client",
        "invalid_grant",
        (device_code) => Object.entries({ grant_type, device_code, client_id: "x" }),
      ],
    ])("%s is %s", async (_, error, fields) => {
      const { device_code, user_code } = await begin();
      await approve(user_code);
      expectStandard(await postForm("/auth/device/token", fields(device_code)), error);
      expect((await pollForm(device_code)).status).toBe(200);
    });
  });

  describe("in our own words", () => {
    it("pending, then complete, then used", async () => {
      const { device_code, user_code } = await begin();
      expect(await pollJson(device_code)).toMatchObject({
        status: 400,
        json: { status: "pending", error: "authorization_pending", retryable: true },
      });
      expect(await pollJson(device_code)).toMatchObject({
        status: 400,
        json: { status: "pending", error: "slow_down" },
      });
      await approve(user_code);
      const reply = await pollJson(device_code);
      expect(reply).toMatchObject({
        status: 200,
        json: { status: "complete", user: { display_name: "Ada" } },
      });
      const again = await pollJson(device_code);
      expect(again).toMatchObject({ status: 400, json: { error: "already_used" } });
      expectNotStored(again);
    });

    it("turned away, and expired", async () => {
      const denied = await begin();
      await deny(denied.user_code);
      expect(await pollJson(denied.device_code)).toMatchObject({
        status: 400,
        json: { status: "denied", error: "access_denied" },
      });
      const expired = await begin();
      wait(900);
      expect(await pollJson(expired.device_code)).toMatchObject({
        status: 400,
        json: { status: "expired", error: "expired_token" },
      });
    });

    it("unknown and malformed codes", async () => {
      expect(await pollJson(unknownCode)).toMatchObject({
        status: 404,
        json: { error: "not_found", message: "Device code not found." },
      });
      for (const body of [{}, { device_code: "" }, { device_code: 1 }, { device_code: "abc" }]) {
        expect(await post("/auth/device/token", body)).toMatchObject({
          status: 400,
          json: { error: "bad_request", issues: [{ at: "device_code" }] },
        });
      }
    });
  });

  describe("the person", () => {
    it("sees what a device asks for, and may give it less", async () => {
      const { device_code, user_code } = await begin({ device_name: "ci", scope: "github slack:read" });
      const typed = user_code.toLowerCase().replace("-", "%20");
      const seen = await owner.call("GET", `/auth/device/authorize?user_code=${typed}`);
      expect(seen).toMatchObject({
        status: 200,
        json: {
          user_code,
          device_name: "ci",
          client_id,
          address: "127.0.0.1",
          scopes: ["github", "slack:read"],
        },
      });
      expectNotStored(seen);
      expect(await approve(user_code, { scopes: ["gmail"] })).toMatchObject({
        status: 400,
        json: { issues: [{ at: "scopes" }] },
      });
      await approve(user_code, { scopes: ["github:read"] });
      const { json } = await pollJson(device_code);
      expect(json.scope).toBe("github:read");
    });

    it("has to be signed in; a key is no person, and a stranger's page is not listened to", async () => {
      const { device_code, user_code } = await begin();
      const paths = ["/auth/device/authorize", "/auth/device/deny"];
      for (const path of paths) {
        expect((await post(path, { user_code })).status).toBe(401);
        expect((await skillett.call("POST", path, { body: { user_code } })).status).toBe(401);
        const foreign = { origin: "https://evil.example" };
        expect((await owner.call("POST", path, { user_code }, foreign)).status).toBe(403);
      }
      expect((await pollJson(device_code)).json.status).toBe("pending");
    });

    it("is told what is wrong with a code, and is locked out after five wrong ones", async () => {
      const { user_code } = await begin();
      expect(await approve("ABCD-EFGH")).toMatchObject({
        status: 400,
        json: {
          error: "bad_request",
          issues: [{ at: "user_code", message: expect.stringContaining("has A in it") }],
        },
      });
      const wrong = await Promise.all(Array.from({ length: 8 }, () => approve("BBBB-BBBB")));
      expect(wrong.filter(({ status }) => status === 400)).toHaveLength(5);
      expect(wrong.filter(({ status }) => status === 429)).toHaveLength(3);
      const locked = await approve(user_code);
      expect(locked).toMatchObject({ status: 429, json: { error: "rate_limit_reached" } });
      expect(locked.headers.get("retry-after")).toBe("900");
    });

    it("on a full plan is told so", async () => {
      await skillett.setPlan("free");
      const { user_code } = await begin();
      expect(await approve(user_code)).toMatchObject({ status: 403, json: { error: "plan_limit_reached" } });
      await skillett.setPlan("unlimited");
      expect((await approve(user_code)).status).toBe(200);
    });
  });

  it("many polls at once make one key", async () => {
    const { device_code, user_code } = await begin();
    await approve(user_code);
    const before = (await keys()).length;
    const replies = await Promise.all(Array.from({ length: 10 }, () => pollForm(device_code)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await keys()).length).toBe(before + 1);
  });

  it("what lies in the database opens nothing", async () => {
    const { device_code, user_code } = await begin();
    const rows = JSON.stringify(
      await skillett.app.database.kysely.selectFrom("device_codes").selectAll().execute(),
    );
    expect(rows).not.toContain(device_code);
    expect(rows).not.toContain(user_code);
    expect(rows).not.toContain(user_code.replace("-", ""));
  });

  describe("openid-client, unmodified", () => {
    const discover = () =>
      openid.discovery(new URL(skillett.url), client_id, undefined, openid.None(), {
        algorithm: "oauth2",
        execute: [openid.allowInsecureRequests],
      });

    it("finds us, waits, and gets a key that works", async () => {
      const config = await discover();
      const started = await openid.initiateDeviceAuthorization(config, { scope: "github:read" });
      const polled = openid.pollDeviceAuthorizationGrant(config, started);
      await approve(started.user_code);
      const { access_token, token_type, scope } = await polled;
      expect({ token_type, scope }).toEqual({ token_type: "bearer", scope: "github:read" });
      const { json } = await skillett.call("GET", "/v1/me", { key: access_token });
      expect(json.api_key.scopes).toEqual(["github:read"]);
      await rejects(openid.pollDeviceAuthorizationGrant(config, { ...started, interval: 0 }), {
        error: "invalid_grant",
      });
    });

    it("understands that it was turned away", async () => {
      const config = await discover();
      const started = await openid.initiateDeviceAuthorization(config, {});
      await deny(started.user_code);
      await rejects(openid.pollDeviceAuthorizationGrant(config, { ...started, interval: 0 }), {
        error: "access_denied",
      });
    });

    it("waits on while it is pending", async () => {
      const config = await discover();
      const started = await openid.initiateDeviceAuthorization(config, {});
      const stop = new AbortController();
      const polled = openid.pollDeviceAuthorizationGrant(config, { ...started, interval: 0 }, undefined, {
        signal: stop.signal,
      });
      const row = () =>
        skillett.app.database.kysely
          .selectFrom("device_codes")
          .select("polled_at")
          .where("status", "=", "pending")
          .orderBy("created_at", "desc")
          .executeTakeFirst();
      await expect.poll(async () => (await row())?.polled_at ?? null).not.toBeNull();
      await approve(started.user_code);
      try {
        expect((await polled).access_token).toMatch(/^sk_/);
      } finally {
        stop.abort();
      }
    });
  });
});
