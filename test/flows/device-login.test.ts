import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onEachEngine, type Reply } from "#support/skillett.js";
import { client_id, type DeviceStage, grant_type, startDeviceStage } from "./device-stage.js";

/** A device signs in over HTTP, in the words of the RFC and in our own: case by case. */

const unknownCode = "0".repeat(40);

onEachEngine("device login", (engine) => {
  let stage: DeviceStage;
  beforeAll(async () => {
    stage = await startDeviceStage(engine);
  });
  afterAll(() => stage?.skillett.close());
  // Nobody waits for anything that another test has counted.
  beforeEach(() => stage.wait(3_600));

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
      ["JSON", () => stage.post("/auth/device/code", { client_id })],
      ["nothing at all", () => stage.post("/auth/device/code", undefined)],
      ["a form", () => stage.postForm("/auth/device/code", { client_id, scope: "", unknown: "x" })],
    ])("a device that sends %s gets its codes", async (_, ask) => {
      const reply = await ask();
      expect(reply.status).toBe(200);
      const { user_code, ...rest } = reply.json;
      expect(user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      expect(rest).toEqual({
        device_code: expect.stringMatching(/^[0-9a-f]{40}$/),
        verification_uri: `${stage.skillett.url}/device`,
        verification_uri_complete: `${stage.skillett.url}/device?user_code=${user_code}`,
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
      ["with too long a client", [["client_id", "x".repeat(201)]], "invalid_request"],
      [
        "with an unknown scope",
        [
          ["client_id", client_id],
          ["scope", "githbu"],
        ],
        "invalid_scope",
      ],
    ])("a form %s gets no codes for a device", async (_, fields, error) => {
      expectStandard(await stage.postForm("/auth/device/code", fields), error);
    });

    it.each([
      ["a client that is no string", { client_id: 1 }, "bad_request"],
      ["too long a name", { device_name: "x".repeat(101) }, "bad_request"],
      ["an unknown scope", { scope: "github slak:read" }, "invalid_scope"],
    ])("JSON with %s gets no codes for a device", async (_, body, error) => {
      expect(await stage.post("/auth/device/code", body)).toMatchObject({ status: 400, json: { error } });
    });

    it("one address gets codes for devices twenty times a minute", async () => {
      const replies = await Promise.all(
        Array.from({ length: 25 }, () => stage.post("/auth/device/code", {})),
      );
      const refused = replies.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(5);
      expect(refused[0]!.json).toMatchObject({ error: "rate_limit_reached", retryable: true });
      expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0);
    });
  });

  describe("answers in the words of the RFC", () => {
    it("a poll in a form is pending, then too soon, then has the key, once", async () => {
      const { device_code, user_code } = await stage.begin({ device_name: "laptop" });
      expectStandard(await stage.pollForm(device_code), "authorization_pending");
      stage.wait(4);
      expectStandard(await stage.pollForm(device_code), "slow_down");
      stage.wait(10);
      expectStandard(await stage.pollForm(device_code), "authorization_pending");
      expect(await stage.approve(user_code)).toMatchObject({ status: 200, json: { status: "authorized" } });
      const reply = await stage.pollForm(device_code);
      expect(reply).toMatchObject({
        status: 200,
        json: {
          access_token: expect.stringMatching(/^sk_[0-9a-f]{40}$/),
          token_type: "Bearer",
          scope: "*",
          status: "complete",
          user: { email: "ada@example.com", display_name: "Ada" },
          api_keys_url: `${stage.skillett.url}/dashboard/api-keys`,
        },
      });
      expectNotStored(reply);
      expect(reply.headers.get("pragma")).toBe("no-cache");
      expectStandard(await stage.pollForm(device_code), "invalid_grant");
      const { json } = await stage.skillett.call("GET", "/v1/me", { key: reply.json.access_token });
      expect(json).toMatchObject({
        profile: { email: "ada@example.com" },
        api_key: { name: "laptop", scopes: ["*"] },
      });
    });

    it("a poll in a form for a denied or expired device is refused as the RFC says", async () => {
      const denied = await stage.begin();
      expect(await stage.deny(denied.user_code)).toMatchObject({ status: 200, json: { status: "denied" } });
      const expired = await stage.begin();
      for (let times = 0; times < 2; times++)
        expectStandard(await stage.pollForm(denied.device_code), "access_denied");
      stage.wait(900);
      for (let times = 0; times < 2; times++)
        expectStandard(await stage.pollForm(expired.device_code), "expired_token");
    });

    it("a poll in JSON with a grant_type is answered in the words of the RFC", async () => {
      const body = { grant_type, device_code: unknownCode, client_id };
      expectStandard(await stage.post("/auth/device/token", body), "invalid_grant");
      expectStandard(
        await stage.post("/auth/device/token", { ...body, client_id: undefined }),
        "invalid_request",
      );
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
        "a malformed code",
        "invalid_grant",
        () => Object.entries({ grant_type, device_code: "'; --", client_id }),
      ],
      [
        "another client",
        "invalid_grant",
        (device_code) => Object.entries({ grant_type, device_code, client_id: "x" }),
      ],
    ])("a poll with %s is refused as %s", async (_, error, fields) => {
      const { device_code, user_code } = await stage.begin();
      await stage.approve(user_code);
      expectStandard(await stage.postForm("/auth/device/token", fields(device_code)), error);
      expect((await stage.pollForm(device_code)).status).toBe(200);
    });
  });

  describe("answers in words of Skillett", () => {
    it("a poll in JSON is pending, then complete, then used", async () => {
      const { device_code, user_code } = await stage.begin();
      expect(await stage.pollJson(device_code)).toMatchObject({
        status: 400,
        json: { status: "pending", error: "authorization_pending", retryable: true },
      });
      expect(await stage.pollJson(device_code)).toMatchObject({
        status: 400,
        json: { status: "pending", error: "slow_down" },
      });
      await stage.approve(user_code);
      const reply = await stage.pollJson(device_code);
      expect(reply).toMatchObject({
        status: 200,
        json: { status: "complete", user: { display_name: "Ada" } },
      });
      const again = await stage.pollJson(device_code);
      expect(again).toMatchObject({ status: 400, json: { error: "already_used" } });
      expectNotStored(again);
    });

    it("a poll in JSON for a denied or expired device has that as its status", async () => {
      const denied = await stage.begin();
      await stage.deny(denied.user_code);
      expect(await stage.pollJson(denied.device_code)).toMatchObject({
        status: 400,
        json: { status: "denied", error: "access_denied" },
      });
      const expired = await stage.begin();
      stage.wait(900);
      expect(await stage.pollJson(expired.device_code)).toMatchObject({
        status: 400,
        json: { status: "expired", error: "expired_token" },
      });
    });

    it("an unknown device code is not found, and a malformed one is refused", async () => {
      expect(await stage.pollJson(unknownCode)).toMatchObject({
        status: 404,
        json: { error: "not_found", message: "Device code not found." },
      });
      for (const body of [{}, { device_code: "" }, { device_code: 1 }, { device_code: "abc" }]) {
        expect(await stage.post("/auth/device/token", body)).toMatchObject({
          status: 400,
          json: { error: "bad_request", issues: [{ at: "device_code" }] },
        });
      }
    });
  });
});
