import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "#core/digest.js";
import { createDeviceCodeRows } from "#store/device-code-rows.js";
import { type DeviceStage, openDeviceStage, typed, wish } from "#support/device-fixture.js";

let stage: DeviceStage;
beforeEach(async () => {
  stage = await openDeviceStage();
});
afterEach(() => stage.close());

describe("codes of a device", () => {
  test("a device code has 160 bits and a user code eight letters, and both lie hashed", async () => {
    const { deviceCode, userCode, expiresIn, interval } = await stage.login.begin(wish);
    expect(deviceCode).toMatch(/^[0-9a-f]{40}$/);
    expect(userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect({ expiresIn, interval }).toEqual({ expiresIn: 900, interval: 5 });
    expect(await stage.device()).toMatchObject({
      device_code_hash: sha256(deviceCode),
      user_code_hash: sha256(userCode.replace("-", "")),
      expires_at: stage.now() + 900_000,
    });
  });

  test("codes are given twenty times a minute to one address", async () => {
    await Promise.all(Array.from({ length: 20 }, () => stage.login.begin(wish)));
    await expect(stage.login.begin(wish)).rejects.toMatchObject({
      code: "rate_limit_reached",
      retryAfterSeconds: 60,
    });
    await expect(stage.login.begin({ ...wish, address: "203.0.113.10" })).resolves.toBeDefined();
    stage.wait(60);
    await expect(stage.login.begin(wish)).resolves.toBeDefined();
  });

  test("codes are given for existing scopes alone", async () => {
    await expect(stage.login.begin({ ...wish, scopes: ["githbu"] })).rejects.toMatchObject({
      code: "invalid_scope",
      message: "scope: there is no integration githbu. Did you mean github?",
    });
  });
});

describe("polling", () => {
  test("polling waits, and gives the key once after the approval", async () => {
    const { deviceCode, userCode } = await stage.login.begin(wish);
    expect(await stage.login.poll(deviceCode)).toEqual({ outcome: "pending" });
    await stage.login.approve(stage.person, typed(userCode.toLowerCase().replace("-", " ")));
    const before = await stage.keys();
    stage.wait(5);
    const told = await stage.login.poll(deviceCode, "cli");
    expect(told).toMatchObject({ outcome: "complete", fullKey: expect.stringMatching(/^sk_[0-9a-f]{40}$/) });
    const made = (await stage.keys()).slice(before.length);
    expect(made).toMatchObject([
      {
        name: "laptop",
        scopes: '["*"]',
        tenant_id: stage.person.tenantId,
        profile_id: stage.person.profileId,
        key_hash: sha256((told as { fullKey: string }).fullKey),
      },
    ]);
    stage.wait(5);
    expect(await stage.login.poll(deviceCode)).toEqual({ outcome: "used" });
  });

  test("polling too soon makes the interval longer by five seconds, each time, and it stays so", async () => {
    const { deviceCode } = await stage.login.begin(wish);
    const poll = async () => (await stage.login.poll(deviceCode)).outcome;
    expect(await poll()).toBe("pending");
    stage.wait(4.999);
    expect(await poll()).toBe("slow_down");
    stage.wait(9.999);
    expect(await poll()).toBe("slow_down");
    stage.wait(15);
    expect(await poll()).toBe("pending");
    stage.wait(14.999);
    expect(await poll()).toBe("slow_down");
    expect((await stage.device()).interval_seconds).toBe(20);
  });

  test("one of two polls at once is told to slow down while the device is pending", async () => {
    const { deviceCode } = await stage.login.begin(wish);
    const told = await Promise.all([stage.login.poll(deviceCode), stage.login.poll(deviceCode)]);
    expect(told.map(({ outcome }) => outcome).sort()).toEqual(["pending", "slow_down"]);
  });

  test("nobody who was let in is told to slow down", async () => {
    const { deviceCode, userCode } = await stage.login.begin(wish);
    await stage.login.poll(deviceCode);
    await stage.login.approve(stage.person, typed(userCode));
    expect((await stage.login.poll(deviceCode)).outcome).toBe("complete");
  });

  test("many polls at once make one key", async () => {
    const { deviceCode, userCode } = await stage.login.begin(wish);
    await stage.login.approve(stage.person, typed(userCode));
    const before = await stage.keys();
    const told = await Promise.all(Array.from({ length: 10 }, () => stage.login.poll(deviceCode)));
    expect(told.filter(({ outcome }) => outcome === "complete")).toHaveLength(1);
    expect(told.filter(({ outcome }) => outcome === "used")).toHaveLength(9);
    expect(await stage.keys()).toHaveLength(before.length + 1);
  });

  test("polling after the end is answered with expired, however often, also when it was approved", async () => {
    const { deviceCode, userCode } = await stage.login.begin(wish);
    const other = await stage.login.begin(wish);
    await stage.login.approve(stage.person, typed(other.userCode));
    stage.wait(899.999);
    expect((await stage.login.poll(deviceCode)).outcome).toBe("pending");
    stage.wait(0.001);
    for (let times = 0; times < 3; times++) {
      expect((await stage.login.poll(deviceCode)).outcome).toBe("expired");
      expect((await stage.login.poll(other.deviceCode)).outcome).toBe("expired");
    }
    await expect(stage.login.approve(stage.person, typed(userCode))).rejects.toMatchObject({
      code: "bad_request",
    });
  });

  test("a device that was turned away stays so", async () => {
    const { deviceCode, userCode } = await stage.login.begin(wish);
    await stage.login.deny(stage.person, typed(userCode));
    for (let times = 0; times < 2; times++) {
      expect((await stage.login.poll(deviceCode)).outcome).toBe("denied");
      await expect(stage.login.approve(stage.person, typed(userCode))).rejects.toMatchObject({
        code: "bad_request",
      });
    }
  });

  test("a poll with an unknown code or as another client is unknown and leaves no trace", async () => {
    const { deviceCode } = await stage.login.begin(wish);
    const anonymous = await stage.login.begin({ ...wish, clientId: null });
    const row = await stage.device();
    expect((await stage.login.poll("0".repeat(40))).outcome).toBe("unknown");
    expect((await stage.login.poll(deviceCode, "another")).outcome).toBe("unknown");
    expect((await stage.login.poll(anonymous.deviceCode, "cli")).outcome).toBe("unknown");
    expect(await stage.device()).toEqual(row);
  });
});

test("device codes that have expired are deleted", async () => {
  const { deviceCode } = await stage.login.begin(wish);
  const rows = createDeviceCodeRows(stage.database);
  await rows.deleteExpired(stage.now() + 900_000);
  expect((await stage.login.poll(deviceCode)).outcome).toBe("pending");
  await rows.deleteExpired(stage.now() + 900_001);
  expect((await stage.login.poll(deviceCode)).outcome).toBe("unknown");
});
