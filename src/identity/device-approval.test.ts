import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DeviceStage, openDeviceStage, typed, wish } from "#support/device-fixture.js";

let stage: DeviceStage;
beforeEach(async () => {
  stage = await openDeviceStage();
});
afterEach(() => stage.close());

describe("approving a device", () => {
  test("a person sees what the device asks for", async () => {
    const { userCode } = await stage.login.begin({ ...wish, scopes: ["github"] });
    expect(await stage.login.see(stage.person, typed(userCode))).toMatchObject({
      device_name: "laptop",
      address: "203.0.113.9",
      scopes: '["github"]',
    });
  });

  test("an approval may give less than is asked for, not more", async () => {
    const { deviceCode, userCode } = await stage.login.begin({ ...wish, scopes: ["github"] });
    await expect(stage.login.approve(stage.person, typed(userCode), ["*"])).rejects.toMatchObject({
      issues: [{ at: "scopes", message: "the device does not ask for *, but for github" }],
    });
    await expect(stage.login.approve(stage.person, typed(userCode), ["gitlab"])).rejects.toMatchObject({
      issues: [{ at: "scopes[0]" }],
    });
    await stage.login.approve(stage.person, typed(userCode), ["github.create_*"]);
    expect(await stage.login.poll(deviceCode)).toMatchObject({ key: { scopes: '["github.create_*"]' } });
  });

  test("a code is decided about once", async () => {
    const { userCode } = await stage.login.begin(wish);
    const decided = await Promise.allSettled([
      stage.login.approve(stage.person, typed(userCode)),
      stage.login.deny(stage.person, typed(userCode)),
    ]);
    expect(decided.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("a full plan is reported before a key is made", async () => {
    const first = await stage.login.begin(wish);
    await stage.login.approve(stage.person, typed(first.userCode));
    await stage.login.poll(first.deviceCode);
    await stage.setPlan("free");
    const { deviceCode, userCode } = await stage.login.begin(wish);
    await expect(stage.login.approve(stage.person, typed(userCode))).rejects.toMatchObject({
      code: "plan_limit_reached",
    });
    expect((await stage.login.poll(deviceCode)).outcome).toBe("pending");
    await stage.setPlan("pro");
    await stage.login.approve(stage.person, typed(userCode));
    await stage.setPlan("free");
    const before = await stage.keys();
    const told = await stage.login.poll(deviceCode);
    expect(told).toEqual({ outcome: "denied", message: expect.stringContaining("no place") });
    expect(await stage.login.poll(deviceCode)).toEqual({ outcome: "denied" });
    expect(await stage.keys()).toEqual(before);
  });

  test("an approval by somebody who has left the tenant since gives no key", async () => {
    const { deviceCode, userCode } = await stage.login.begin(wish);
    await stage.login.approve(stage.person, typed(userCode));
    await stage.database.kysely.deleteFrom("memberships").execute();
    const before = await stage.keys();
    expect(await stage.login.poll(deviceCode)).toMatchObject({ outcome: "denied" });
    expect(await stage.keys()).toEqual(before);
  });
});

describe("guesses of user codes", () => {
  const wrong = "BBBB-BBBB";
  const refused = (code: string) => expect.objectContaining({ code });

  test("five wrong codes lock a person until the window ends, wherever they are and also for right ones", async () => {
    const { userCode } = await stage.login.begin(wish);
    for (let times = 0; times < 5; times++) {
      await expect(stage.login.see(stage.person, typed(wrong, `198.51.100.${times}`))).rejects.toEqual(
        refused("bad_request"),
      );
    }
    for (const code of [wrong, userCode]) {
      await expect(stage.login.see(stage.person, typed(code, "198.51.100.9"))).rejects.toMatchObject({
        code: "rate_limit_reached",
        retryAfterSeconds: 900,
      });
    }
    stage.wait(900);
    const later = await stage.login.begin(wish);
    await expect(stage.login.see(stage.person, typed(later.userCode))).resolves.toBeDefined();
  });

  test("five wrong codes lock an address, whoever is signed in there", async () => {
    const persons = Array.from({ length: 6 }, (_, at) => ({ ...stage.person, profileId: `p${at}` }));
    const told = await Promise.allSettled(persons.map((it) => stage.login.see(it, typed(wrong))));
    const codes = told.map((it) => (it as { reason: { code: string } }).reason.code).sort();
    expect(codes).toEqual([...Array(5).fill("bad_request"), "rate_limit_reached"]);
  });

  test("many codes at once are looked up no more than five times", async () => {
    const told = await Promise.allSettled(
      Array.from({ length: 30 }, () => stage.login.see(stage.person, typed(wrong))),
    );
    const looked = told.filter((it) => (it as { reason: { code: string } }).reason.code === "bad_request");
    expect(looked).toHaveLength(5);
  });

  test("right codes, and texts that cannot be codes, do not count as guesses", async () => {
    const { userCode } = await stage.login.begin(wish);
    for (let times = 0; times < 10; times++) {
      await stage.login.see(stage.person, typed(userCode));
      await expect(stage.login.see(stage.person, typed("AAAA-AAAA"))).rejects.toEqual(refused("bad_request"));
    }
  });

  test("unknown, used, denied and expired codes are answered alike", async () => {
    const answers = new Set<string>();
    const see = (code: string) =>
      stage.login
        .see(stage.person, typed(code))
        .catch((error) => answers.add(`${error.code} ${error.message}`));
    const [used, denied, expired] = [
      await stage.login.begin(wish),
      await stage.login.begin(wish),
      await stage.login.begin(wish),
    ];
    await stage.login.approve(stage.person, typed(used.userCode));
    await stage.login.poll(used.deviceCode);
    await stage.login.deny(stage.person, typed(denied.userCode));
    stage.wait(900);
    for (const code of [wrong, used.userCode, denied.userCode, expired.userCode]) await see(code);
    expect([...answers]).toEqual([expect.stringContaining("is not a code that waits for an answer")]);
  });
});
