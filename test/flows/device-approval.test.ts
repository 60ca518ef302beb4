import { rejects } from "node:assert";
import * as openid from "openid-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onEachEngine } from "#support/skillett.js";
import { client_id, type DeviceStage, startDeviceStage } from "./device-stage.js";

/** The person who lets a device in, and a client that knows nothing of us but the RFCs. */

onEachEngine("device approval", (engine) => {
  let stage: DeviceStage;
  beforeAll(async () => {
    stage = await startDeviceStage(engine);
  });
  afterAll(() => stage?.skillett.close());
  // Nobody waits for anything that another test has counted.
  beforeEach(() => stage.wait(3_600));

  const keyCount = async () => (await stage.skillett.call("GET", "/api-keys")).json.length;

  describe("the person", () => {
    it("a person sees what a device asks for, and may give it less", async () => {
      const { device_code, user_code } = await stage.begin({ device_name: "ci", scope: "github slack:read" });
      const typed = user_code.toLowerCase().replace("-", "%20");
      const seen = await stage.owner.call("GET", `/auth/device/authorize?user_code=${typed}`);
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
      expect(seen.headers.get("cache-control")).toBe("no-store");
      expect(await stage.approve(user_code, { scopes: ["gmail"] })).toMatchObject({
        status: 400,
        json: { issues: [{ at: "scopes" }] },
      });
      await stage.approve(user_code, { scopes: ["github:read"] });
      const { json } = await stage.pollJson(device_code);
      expect(json.scope).toBe("github:read");
    });

    it("a device gets the scope for raw requests only when its person names it", async () => {
      const usual = await stage.begin({ scope: "github github:raw" });
      await stage.approve(usual.user_code);
      expect((await stage.pollJson(usual.device_code)).json.scope).toBe("github");
      const alone = await stage.begin({ scope: "github:raw" });
      expect(await stage.approve(alone.user_code)).toMatchObject({
        status: 400,
        json: { issues: [{ at: "scopes", message: expect.stringContaining("given only by name") }] },
      });
      await stage.approve(alone.user_code, { scopes: ["github:raw"] });
      expect((await stage.pollJson(alone.device_code)).json.scope).toBe("github:raw");
      const none = await stage.begin({ scope: "github" });
      expect((await stage.approve(none.user_code, { scopes: ["github:raw"] })).status).toBe(400);
    });

    it("a device is decided on with a session alone, and not from a page of another site", async () => {
      const { device_code, user_code } = await stage.begin();
      const paths = ["/auth/device/authorize", "/auth/device/deny"];
      for (const path of paths) {
        expect((await stage.post(path, { user_code })).status).toBe(401);
        expect((await stage.skillett.call("POST", path, { body: { user_code } })).status).toBe(401);
        const foreign = { origin: "https://evil.example" };
        expect((await stage.owner.call("POST", path, { user_code }, foreign)).status).toBe(403);
      }
      expect((await stage.pollJson(device_code)).json.status).toBe("pending");
    });

    it("a person sees what is wrong with a code, and is locked out after five wrong ones", async () => {
      const { user_code } = await stage.begin();
      expect(await stage.approve("ABCD-EFGH")).toMatchObject({
        status: 400,
        json: {
          error: "bad_request",
          issues: [{ at: "user_code", message: expect.stringContaining("has A in it") }],
        },
      });
      const wrong = await Promise.all(Array.from({ length: 8 }, () => stage.approve("BBBB-BBBB")));
      expect(wrong.filter(({ status }) => status === 400)).toHaveLength(5);
      expect(wrong.filter(({ status }) => status === 429)).toHaveLength(3);
      const locked = await stage.approve(user_code);
      expect(locked).toMatchObject({ status: 429, json: { error: "rate_limit_reached" } });
      expect(locked.headers.get("retry-after")).toBe("900");
    });

    it("a full plan refuses the approval of a device until it has room", async () => {
      await stage.skillett.setPlan("free");
      const { user_code } = await stage.begin();
      expect(await stage.approve(user_code)).toMatchObject({
        status: 403,
        json: { error: "plan_limit_reached" },
      });
      await stage.skillett.setPlan("unlimited");
      expect((await stage.approve(user_code)).status).toBe(200);
    });
  });

  it("many polls at once make one key", async () => {
    const { device_code, user_code } = await stage.begin();
    await stage.approve(user_code);
    const before = await keyCount();
    const replies = await Promise.all(Array.from({ length: 10 }, () => stage.pollForm(device_code)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await keyCount()).toBe(before + 1);
  });

  it("the database has no code of a device in the clear", async () => {
    const { device_code, user_code } = await stage.begin();
    const rows = JSON.stringify(
      await stage.skillett.app.database.kysely.selectFrom("device_codes").selectAll().execute(),
    );
    expect(rows).not.toContain(device_code);
    expect(rows).not.toContain(user_code);
    expect(rows).not.toContain(user_code.replace("-", ""));
  });

  describe("openid-client, unmodified", () => {
    const discover = () =>
      openid.discovery(new URL(stage.skillett.url), client_id, undefined, openid.None(), {
        algorithm: "oauth2",
        execute: [openid.allowInsecureRequests],
      });

    it("openid-client finds the endpoints, waits, and gets a key that works", async () => {
      const config = await discover();
      const started = await openid.initiateDeviceAuthorization(config, { scope: "github:read" });
      expect(started.interval).toBe(5);
      // It waits once before it asks: a second shows that as well as the five we name.
      const polled = openid.pollDeviceAuthorizationGrant(config, { ...started, interval: 1 });
      await stage.approve(started.user_code);
      const { access_token, token_type, scope } = await polled;
      expect({ token_type, scope }).toEqual({ token_type: "bearer", scope: "github:read" });
      const { json } = await stage.skillett.call("GET", "/v1/me", { key: access_token });
      expect(json.api_key.scopes).toEqual(["github:read"]);
      await rejects(openid.pollDeviceAuthorizationGrant(config, { ...started, interval: 0 }), {
        error: "invalid_grant",
      });
    });

    it("openid-client understands that a device was turned away", async () => {
      const config = await discover();
      const started = await openid.initiateDeviceAuthorization(config, {});
      await stage.deny(started.user_code);
      await rejects(openid.pollDeviceAuthorizationGrant(config, { ...started, interval: 0 }), {
        error: "access_denied",
      });
    });

    it("openid-client waits while a device is pending, and then gets its key", async () => {
      const config = await discover();
      const started = await openid.initiateDeviceAuthorization(config, {});
      const stop = new AbortController();
      const polled = openid.pollDeviceAuthorizationGrant(config, { ...started, interval: 0 }, undefined, {
        signal: stop.signal,
      });
      const row = () =>
        stage.skillett.app.database.kysely
          .selectFrom("device_codes")
          .select("polled_at")
          .where("status", "=", "pending")
          .orderBy("created_at", "desc")
          .executeTakeFirst();
      await expect.poll(async () => (await row())?.polled_at ?? null).not.toBeNull();
      await stage.approve(started.user_code);
      try {
        expect((await polled).access_token).toMatch(/^sk_/);
      } finally {
        stop.abort();
      }
    });
  });
});
