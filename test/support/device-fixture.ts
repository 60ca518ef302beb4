import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Person } from "#core/caller.js";
import { type PlanName, plan } from "#core/plans.js";
import {
  createDeviceLogin,
  type DeviceAuthorizationRequest,
  type DeviceLogin,
} from "#identity/device-login.js";
import { createThrottle } from "#identity/throttle.js";
import { createApiKeyRows } from "#store/api-key-rows.js";
import { createDeviceCodeRows } from "#store/device-code-rows.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import type { DeviceCodeRow } from "#store/schema/people-tables.js";
import type { ApiKeyRow, ProfileRow, TenantRow } from "#store/schema/tables.js";
import { createThrottleRows } from "#store/throttle-rows.js";

/** For tests: device login on a database of its own, with one person, and a clock that is set by hand. */
export interface DeviceStage {
  database: Database;
  login: DeviceLogin;
  person: Person;
  now(): number;
  wait(seconds: number): void;
  keys(): Promise<ApiKeyRow[]>;
  device(): Promise<DeviceCodeRow>;
  setPlan(name: PlanName): Promise<void>;
  close(): Promise<void>;
}

export const wish: DeviceAuthorizationRequest = {
  clientId: "cli",
  deviceName: "laptop",
  scopes: ["*"],
  address: "203.0.113.9",
};

export const typed = (userCode: string, address = "198.51.100.7") => ({ userCode, address });

const integrations = new Map([["github", { endpoints: new Map([["create_issue", {}]]) }]]);

export async function openDeviceStage(): Promise<DeviceStage> {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-device-"));
  const database = await openDatabase({ url: undefined, directory });
  await migrate(database);
  const { kysely } = database;
  let now = Date.UTC(2030, 0, 15);
  const clock = () => now;
  const person: Person = {
    tenantId: "t",
    profileId: "p",
    plan: plan("unlimited"),
    role: "owner",
    isOperator: true,
  };
  await insertPerson(database, person, now);
  return {
    database,
    person,
    login: createDeviceLogin({
      deviceCodes: createDeviceCodeRows(database),
      apiKeys: createApiKeyRows(database),
      throttle: createThrottle({ throttles: createThrottleRows(database), clock }),
      clock,
      integrations,
    }),
    now: clock,
    wait: (seconds) => {
      now += seconds * 1000;
    },
    keys: () => kysely.selectFrom("api_keys").selectAll().orderBy("id").execute(),
    device: () => kysely.selectFrom("device_codes").selectAll().executeTakeFirstOrThrow(),
    setPlan: async (name) => {
      person.plan = plan(name);
      await kysely.updateTable("profiles").set({ plan: name }).execute();
    },
    close: async () => {
      await database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function insertPerson({ kysely }: Database, person: Person, created_at: number): Promise<void> {
  const { tenantId: tenant_id, profileId: profile_id, role } = person;
  const tenant = { id: tenant_id, name: "Home", created_at };
  await kysely
    .insertInto("tenants")
    .values(tenant as TenantRow)
    .execute();
  const flags = { email_verified: 1, two_factor_enabled: 0, is_operator: 1 };
  const profile = { id: profile_id, email: "ada@example.com", plan: person.plan.name, created_at, ...flags };
  await kysely
    .insertInto("profiles")
    .values(profile as ProfileRow)
    .execute();
  await kysely
    .insertInto("memberships")
    .values({ id: "m", tenant_id, profile_id, role, created_at })
    .execute();
}
