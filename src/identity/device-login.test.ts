import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Person } from "#core/caller.js";
import { sha256 } from "#core/digest.js";
import { type PlanName, plan } from "#core/plans.js";
import { createDeviceLogin, type DeviceLogin, type DeviceWish } from "#identity/device-login.js";
import { createThrottle } from "#identity/throttle.js";
import { createApiKeys } from "#store/api-keys.js";
import type { Database } from "#store/database.js";
import { createDeviceCodes } from "#store/device-codes.js";
import { migrate } from "#store/migrate.js";
import { openDatabase } from "#store/open.js";
import type { ProfileRow, TenantRow } from "#store/tables.js";
import { createThrottles } from "#store/throttles.js";

const integrations = new Map([["github", { endpoints: new Map([["create_issue", {}]]) }]]);
const wish: DeviceWish = { clientId: "cli", deviceName: "laptop", scopes: ["*"], address: "203.0.113.9" };

let directory: string;
let database: Database;
let login: DeviceLogin;
let person: Person;
let now: number;
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "skillett-device-"));
  database = await openDatabase({ url: undefined, directory });
  await migrate(database);
  now = Date.UTC(2030, 0, 15);
  const clock = () => now;
  person = { tenantId: "t", profileId: "p", plan: plan("unlimited"), role: "owner", isOperator: true };
  await insertPerson();
  login = createDeviceLogin({
    deviceCodes: createDeviceCodes(database),
    apiKeys: createApiKeys(database),
    throttle: createThrottle({ throttles: createThrottles(database), clock }),
    clock,
    integrations,
  });
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

async function insertPerson(): Promise<void> {
  const [tenant_id, profile_id, created_at] = [person.tenantId, person.profileId, now];
  const { kysely } = database;
  await kysely
    .insertInto("tenants")
    .values({ id: tenant_id, name: "Home", created_at } as TenantRow)
    .execute();
  const flags = { email_verified: 1, two_factor_enabled: 0, is_operator: 1 };
  const profile = { id: profile_id, email: "ada@example.com", plan: "unlimited", created_at, ...flags };
  await kysely
    .insertInto("profiles")
    .values(profile as ProfileRow)
    .execute();
  await kysely
    .insertInto("memberships")
    .values({ id: "m", tenant_id, profile_id, role: "owner", created_at })
    .execute();
}

const typed = (userCode: string, address = "198.51.100.7") => ({ userCode, address });
const wait = (seconds: number) => {
  now += seconds * 1000;
};
const keys = () => database.kysely.selectFrom("api_keys").selectAll().orderBy("id").execute();
const device = () => database.kysely.selectFrom("device_codes").selectAll().executeTakeFirstOrThrow();
const setPlan = async (name: PlanName) => {
  person.plan = plan(name);
  await database.kysely.updateTable("profiles").set({ plan: name }).execute();
};

describe("codes", () => {
  test("are 160 bits for the device and eight letters for the person, and lie hashed", async () => {
    const { deviceCode, userCode, expiresIn, interval } = await login.begin(wish);
    expect(deviceCode).toMatch(/^[0-9a-f]{40}$/);
    expect(userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect({ expiresIn, interval }).toEqual({ expiresIn: 900, interval: 5 });
    expect(await device()).toMatchObject({
      device_code_hash: sha256(deviceCode),
      user_code_hash: sha256(userCode.replace("-", "")),
      expires_at: now + 900_000,
    });
  });

  test("are given twenty times a minute to one address", async () => {
    await Promise.all(Array.from({ length: 20 }, () => login.begin(wish)));
    await expect(login.begin(wish)).rejects.toMatchObject({
      code: "rate_limit_reached",
      retryAfterSeconds: 60,
    });
    await expect(login.begin({ ...wish, address: "203.0.113.10" })).resolves.toBeDefined();
    wait(60);
    await expect(login.begin(wish)).resolves.toBeDefined();
  });

  test("are for scopes there are", async () => {
    await expect(login.begin({ ...wish, scopes: ["githbu"] })).rejects.toMatchObject({
      code: "invalid_scope",
      message: "scope: there is no integration githbu. Did you mean github?",
    });
  });
});

describe("polling", () => {
  test("waits, and gives the key once after the approval", async () => {
    const { deviceCode, userCode } = await login.begin(wish);
    expect(await login.poll(deviceCode)).toEqual({ outcome: "pending" });
    await login.approve(person, typed(userCode.toLowerCase().replace("-", " ")));
    const before = await keys();
    wait(5);
    const told = await login.poll(deviceCode, "cli");
    expect(told).toMatchObject({ outcome: "complete", fullKey: expect.stringMatching(/^sk_[0-9a-f]{40}$/) });
    const made = (await keys()).slice(before.length);
    expect(made).toMatchObject([
      {
        name: "laptop",
        scopes: '["*"]',
        tenant_id: person.tenantId,
        profile_id: person.profileId,
        key_hash: sha256((told as { fullKey: string }).fullKey),
      },
    ]);
    wait(5);
    expect(await login.poll(deviceCode)).toEqual({ outcome: "used" });
  });

  test("too soon makes the interval longer by five seconds, each time, and it stays so", async () => {
    const { deviceCode } = await login.begin(wish);
    const poll = async () => (await login.poll(deviceCode)).outcome;
    expect(await poll()).toBe("pending");
    wait(4.999);
    expect(await poll()).toBe("slow_down");
    wait(9.999);
    expect(await poll()).toBe("slow_down");
    wait(15);
    expect(await poll()).toBe("pending");
    wait(14.999);
    expect(await poll()).toBe("slow_down");
    expect((await device()).interval_seconds).toBe(20);
  });

  test("of two at once while it is pending one is too soon", async () => {
    const { deviceCode } = await login.begin(wish);
    const told = await Promise.all([login.poll(deviceCode), login.poll(deviceCode)]);
    expect(told.map(({ outcome }) => outcome).sort()).toEqual(["pending", "slow_down"]);
  });

  test("nobody who was let in is told to slow down", async () => {
    const { deviceCode, userCode } = await login.begin(wish);
    await login.poll(deviceCode);
    await login.approve(person, typed(userCode));
    expect((await login.poll(deviceCode)).outcome).toBe("complete");
  });

  test("many at once make one key", async () => {
    const { deviceCode, userCode } = await login.begin(wish);
    await login.approve(person, typed(userCode));
    const before = await keys();
    const told = await Promise.all(Array.from({ length: 10 }, () => login.poll(deviceCode)));
    expect(told.filter(({ outcome }) => outcome === "complete")).toHaveLength(1);
    expect(told.filter(({ outcome }) => outcome === "used")).toHaveLength(9);
    expect(await keys()).toHaveLength(before.length + 1);
  });

  test("after the end is told so, however soon and however often, also when it was approved", async () => {
    const { deviceCode, userCode } = await login.begin(wish);
    const other = await login.begin(wish);
    await login.approve(person, typed(other.userCode));
    wait(899.999);
    expect((await login.poll(deviceCode)).outcome).toBe("pending");
    wait(0.001);
    for (let times = 0; times < 3; times++) {
      expect((await login.poll(deviceCode)).outcome).toBe("expired");
      expect((await login.poll(other.deviceCode)).outcome).toBe("expired");
    }
    await expect(login.approve(person, typed(userCode))).rejects.toMatchObject({ code: "bad_request" });
  });

  test("a device that was turned away stays so", async () => {
    const { deviceCode, userCode } = await login.begin(wish);
    await login.deny(person, typed(userCode));
    for (let times = 0; times < 2; times++) {
      expect((await login.poll(deviceCode)).outcome).toBe("denied");
      await expect(login.approve(person, typed(userCode))).rejects.toMatchObject({ code: "bad_request" });
    }
  });

  test("with another's code, or as another client, is unknown and leaves no trace", async () => {
    const { deviceCode } = await login.begin(wish);
    const anonymous = await login.begin({ ...wish, clientId: null });
    const row = await device();
    expect((await login.poll("0".repeat(40))).outcome).toBe("unknown");
    expect((await login.poll(deviceCode, "another")).outcome).toBe("unknown");
    expect((await login.poll(anonymous.deviceCode, "cli")).outcome).toBe("unknown");
    expect(await device()).toEqual(row);
  });
});

describe("approving", () => {
  test("shows what is asked for", async () => {
    const { userCode } = await login.begin({ ...wish, scopes: ["github"] });
    expect(await login.see(person, typed(userCode))).toMatchObject({
      device_name: "laptop",
      address: "203.0.113.9",
      scopes: '["github"]',
    });
  });

  test("may give less than is asked for, not more", async () => {
    const { deviceCode, userCode } = await login.begin({ ...wish, scopes: ["github"] });
    await expect(login.approve(person, typed(userCode), ["*"])).rejects.toMatchObject({
      issues: [{ at: "scopes", message: "the device does not ask for *, but for github" }],
    });
    await expect(login.approve(person, typed(userCode), ["gitlab"])).rejects.toMatchObject({
      issues: [{ at: "scopes[0]" }],
    });
    await login.approve(person, typed(userCode), ["github.create_*"]);
    expect(await login.poll(deviceCode)).toMatchObject({ key: { scopes: '["github.create_*"]' } });
  });

  test("a code is decided about once", async () => {
    const { userCode } = await login.begin(wish);
    const decided = await Promise.allSettled([
      login.approve(person, typed(userCode)),
      login.deny(person, typed(userCode)),
    ]);
    expect(decided.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("tells of a full plan before anything is made", async () => {
    const first = await login.begin(wish);
    await login.approve(person, typed(first.userCode));
    await login.poll(first.deviceCode);
    await setPlan("free");
    const { deviceCode, userCode } = await login.begin(wish);
    await expect(login.approve(person, typed(userCode))).rejects.toMatchObject({
      code: "plan_limit_reached",
    });
    expect((await login.poll(deviceCode)).outcome).toBe("pending");
    await setPlan("pro");
    await login.approve(person, typed(userCode));
    await setPlan("free");
    const before = await keys();
    const told = await login.poll(deviceCode);
    expect(told).toEqual({ outcome: "denied", message: expect.stringContaining("no place") });
    expect(await login.poll(deviceCode)).toEqual({ outcome: "denied" });
    expect(await keys()).toEqual(before);
  });

  test("by somebody who has left the tenant since gives nothing", async () => {
    const { deviceCode, userCode } = await login.begin(wish);
    await login.approve(person, typed(userCode));
    await database.kysely.deleteFrom("memberships").execute();
    const before = await keys();
    expect(await login.poll(deviceCode)).toMatchObject({ outcome: "denied" });
    expect(await keys()).toEqual(before);
  });
});

describe("guessing user codes", () => {
  const wrong = "BBBB-BBBB";
  const refused = (code: string) => expect.objectContaining({ code });

  test("locks a person after five, wherever they are, until the window ends; a right one does not help", async () => {
    const { userCode } = await login.begin(wish);
    for (let times = 0; times < 5; times++) {
      await expect(login.see(person, typed(wrong, `198.51.100.${times}`))).rejects.toEqual(
        refused("bad_request"),
      );
    }
    for (const code of [wrong, userCode]) {
      await expect(login.see(person, typed(code, "198.51.100.9"))).rejects.toMatchObject({
        code: "rate_limit_reached",
        retryAfterSeconds: 900,
      });
    }
    wait(900);
    const later = await login.begin(wish);
    await expect(login.see(person, typed(later.userCode))).resolves.toBeDefined();
  });

  test("locks an address after five, whoever they say they are", async () => {
    const persons = Array.from({ length: 6 }, (_, at) => ({ ...person, profileId: `p${at}` }));
    const told = await Promise.allSettled(persons.map((it) => login.see(it, typed(wrong))));
    const codes = told.map((it) => (it as { reason: { code: string } }).reason.code).sort();
    expect(codes).toEqual([...Array(5).fill("bad_request"), "rate_limit_reached"]);
  });

  test("many at once are no more than five looked up", async () => {
    const told = await Promise.allSettled(Array.from({ length: 30 }, () => login.see(person, typed(wrong))));
    const looked = told.filter((it) => (it as { reason: { code: string } }).reason.code === "bad_request");
    expect(looked).toHaveLength(5);
  });

  test("right ones, and what cannot be a code, do not count", async () => {
    const { userCode } = await login.begin(wish);
    for (let times = 0; times < 10; times++) {
      await login.see(person, typed(userCode));
      await expect(login.see(person, typed("AAAA-AAAA"))).rejects.toEqual(refused("bad_request"));
    }
  });

  test("unknown, used, denied and expired ones answer alike", async () => {
    const answers = new Set<string>();
    const see = (code: string) =>
      login.see(person, typed(code)).catch((error) => answers.add(`${error.code} ${error.message}`));
    const [used, denied, expired] = [
      await login.begin(wish),
      await login.begin(wish),
      await login.begin(wish),
    ];
    await login.approve(person, typed(used.userCode));
    await login.poll(used.deviceCode);
    await login.deny(person, typed(denied.userCode));
    wait(900);
    for (const code of [wrong, used.userCode, denied.userCode, expired.userCode]) await see(code);
    expect([...answers]).toEqual([expect.stringContaining("is not a code that waits for an answer")]);
  });
});

test("what has expired is cleared away", async () => {
  const { deviceCode } = await login.begin(wish);
  const store = createDeviceCodes(database);
  await store.deleteExpired(now + 900_000);
  expect((await login.poll(deviceCode)).outcome).toBe("pending");
  await store.deleteExpired(now + 900_001);
  expect((await login.poll(deviceCode)).outcome).toBe("unknown");
});
