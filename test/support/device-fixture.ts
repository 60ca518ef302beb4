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
import type { ApiKeyRow } from "#store/schema/tables.js";
import { createThrottleRows } from "#store/throttle-rows.js";
import { insertPerson } from "#support/world.js";

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

const integrations = new Map([
  ["github", { endpoints: new Map([["create_issue", { effect: "write" as const }]]) }],
]);

export async function openDeviceStage(): Promise<DeviceStage> {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-device-"));
  const database = await openDatabase({ url: undefined, directory });
  await migrate(database);
  const { kysely } = database;
  let now = Date.UTC(2030, 0, 15);
  const clock = () => now;
  const { tenantId, profileId } = await insertPerson(database, "ada");
  const person: Person = {
    tenantId,
    profileId,
    plan: plan("unlimited"),
    role: "owner",
    isOperator: false,
    catalogVersion: 0,
  };
  return {
    database,
    person,
    login: createDeviceLogin({
      deviceCodes: createDeviceCodeRows(database),
      apiKeys: createApiKeyRows(database),
      throttle: createThrottle({ throttles: createThrottleRows(database), clock }),
      clock,
      shared: () => integrations,
      integrationsOf: async () => integrations,
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
