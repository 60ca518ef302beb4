import { randomBytes } from "node:crypto";
import type { Person } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { sha256 } from "#core/digest.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { type PlanName, plans } from "#core/plans.js";
import { checkScopes, type IntegrationsOf, type Scopeable, uncovered, withoutRaw } from "#core/scopes.js";
import { issueKey, keyLimitReached } from "#identity/issue-key.js";
import { networkOf, type Throttle } from "#identity/throttle.js";
import { newUserCode, readUserCode, showUserCode, userCodeUnknown } from "#identity/user-code.js";
import type { ApiKeyRows } from "#store/api-key-rows.js";
import { type Approver, type DeviceCodeRows, type DeviceKey, deviceStatus } from "#store/device-code-rows.js";
import type { DeviceCodeRow } from "#store/schema/people-tables.js";
import type { ApiKeyRow } from "#store/schema/tables.js";

/** Seconds the codes are good for. */
const lifetime = 900;
/** Seconds between two polls at first, and how much longer they get at each one that comes too soon. */
const interval = 5;
const begins = { max: 20, windowSeconds: 60 };
/** @see RFC 8628 §5.1 */
const wrongCodes = { max: 5, windowSeconds: 900 };

export interface DeviceAuthorizationRequest {
  clientId: string | null;
  deviceName: string | null;
  scopes: string[];
  /** Where it comes from. */
  address: string;
}

export interface DeviceAuthorizationResponse {
  /** SECRET: 160 random bits, hex. */
  deviceCode: string;
  /** As people see it. */
  userCode: string;
  /** Seconds. */
  expiresIn: number;
  /** Seconds. */
  interval: number;
}

/** A code as a person typed it, and where they are. */
export interface TypedCode {
  userCode: string;
  address: string;
}

/** The result of a poll. `unknown` is also a code of another client. */
export type Poll =
  | { outcome: "unknown" | "pending" | "slow_down" | "expired" | "used" }
  | { outcome: "denied"; message?: string }
  | {
      outcome: "complete";
      /** SECRET: the key, this once. */
      fullKey: string;
      key: ApiKeyRow;
      user: Approver;
    };

/** Signs devices in that have no browser: a person lets them in on another device. @see RFC 8628 */
export interface DeviceLogin {
  begin(request: DeviceAuthorizationRequest): Promise<DeviceAuthorizationResponse>;
  see(person: Person, typed: TypedCode): Promise<DeviceCodeRow>;
  /** `scopes`: fewer than the device asks for. Left out: all of them but those for raw requests. */
  approve(person: Person, typed: TypedCode, scopes?: string[]): Promise<void>;
  deny(person: Person, typed: TypedCode): Promise<void>;
  /** The key is made by the first poll after the approval, and by no other. */
  poll(deviceCode: string, clientId?: string): Promise<Poll>;
}

interface Deps {
  deviceCodes: DeviceCodeRows;
  apiKeys: ApiKeyRows;
  throttle: Throttle;
  clock: Clock;
  /** Those that a device may ask for, whose tenant is not known before somebody lets it in. */
  shared: () => Scopeable;
  integrationsOf: IntegrationsOf;
}

export function createDeviceLogin(deps: Deps): DeviceLogin {
  const { deviceCodes, apiKeys, throttle, clock, shared, integrationsOf } = deps;

  /** The request of the device with this code. After five wrong codes within 15 minutes, no code is looked up. */
  async function find(person: Person, { userCode, address }: TypedCode): Promise<DeviceCodeRow> {
    const code = readUserCode(userCode);
    const buckets = [`user-code/${networkOf(address)}`, `user-code/${person.profileId}`];
    for (const bucket of buckets) await throttle.refuse(bucket, wrongCodes);
    const device = await deviceCodes.findPending(sha256(code), clock());
    if (!device) throw userCodeUnknown();
    for (const bucket of buckets) await throttle.giveBack(bucket);
    return device;
  }

  async function decide(
    device: DeviceCodeRow,
    person: Person,
    status: string,
    scopes: string,
  ): Promise<void> {
    const { tenantId: tenant_id, profileId: profile_id } = person;
    const decision = { status, scopes, tenant_id, profile_id };
    if (!(await deviceCodes.decide(device.user_code_hash, decision, clock()))) throw userCodeUnknown();
  }

  return {
    async begin({ clientId, deviceName, scopes, address }) {
      await throttle.refuse(`device-code/${networkOf(address)}`, begins);
      const [issue] = checkScopes(scopes, shared(), () => "scope");
      if (issue) throw invalidScope(`scope: ${issue.message}`);
      const now = clock();
      for (;;) {
        const deviceCode = randomBytes(20).toString("hex");
        const userCode = newUserCode();
        const row: DeviceCodeRow = {
          device_code_hash: sha256(deviceCode),
          user_code_hash: sha256(userCode),
          client_id: clientId,
          device_name: deviceName,
          address,
          scopes: JSON.stringify(scopes),
          status: deviceStatus.pending,
          tenant_id: null,
          profile_id: null,
          interval_seconds: interval,
          polled_at: null,
          expires_at: now + lifetime * 1000,
          created_at: now,
        };
        // Another device may have been given the same user code: then a new one is drawn.
        if (!(await deviceCodes.insert(row))) continue;
        return { deviceCode, userCode: showUserCode(userCode), expiresIn: lifetime, interval };
      }
    },
    see: find,
    async approve(person, typed, scopes) {
      const device = await find(person, typed);
      const asked: string[] = JSON.parse(device.scopes);
      if (scopes) refuseMoreThanAsked(scopes, asked, await integrationsOf(person));
      const given = scopes ?? withoutRaw(asked);
      if (given.length === 0) throw onlyRaw(asked);
      const limit = person.plan.apiKeys;
      const isFull = limit !== null && (await apiKeys.countWorking(person.profileId, clock())) >= limit;
      if (isFull) throw keyLimitReached(limit);
      await decide(device, person, deviceStatus.approved, JSON.stringify(given));
    },
    async deny(person, typed) {
      const device = await find(person, typed);
      await decide(device, person, deviceStatus.denied, device.scopes);
    },
    async poll(deviceCode, clientId) {
      const key = { deviceCodeHash: sha256(deviceCode), clientId };
      const now = clock();
      const outcome = await pollOutcome(deviceCodes, key, now);
      return outcome === "approved" ? redeem(deviceCodes, key, now) : { outcome };
    },
  };
}

type PollOutcome = Exclude<Poll["outcome"], "complete"> | "approved";

async function pollOutcome(deviceCodes: DeviceCodeRows, key: DeviceKey, now: number): Promise<PollOutcome> {
  const device = await deviceCodes.poll(key, interval, now);
  if (!device) return "unknown";
  if (device.status === deviceStatus.used) return "used";
  if (device.expires_at <= now) return "expired";
  if (device.status === deviceStatus.denied) return "denied";
  if (device.status === deviceStatus.approved) return "approved";
  return device.tooSoon ? "slow_down" : "pending";
}

async function redeem(
  deviceCodes: DeviceCodeRows,
  { deviceCodeHash }: DeviceKey,
  now: number,
): Promise<Poll> {
  let issued: ReturnType<typeof issueKey> | undefined;
  const redeemed = await deviceCodes.redeem(
    deviceCodeHash,
    (device, { tenant_id: tenantId, id: profileId, plan }) => {
      const name = device.device_name ?? "device";
      const scopes = JSON.parse(device.scopes);
      issued = issueKey({ tenantId, profileId, agentId: null, name, scopes, expiresAt: null }, now);
      return { row: issued.row, limit: plans[plan as PlanName].apiKeys };
    },
    now,
  );
  switch (redeemed.outcome) {
    case "redeemed":
      return { outcome: "complete", fullKey: issued!.fullKey, key: issued!.row, user: redeemed.approver };
    case "used":
      return { outcome: "used" };
    case "left":
      return { outcome: "denied", message: "Who let the device in does not belong to the tenant any more." };
    case "full":
      return {
        outcome: "denied",
        message: "The plan of who let the device in has no place for another API key.",
      };
  }
}

function onlyRaw(asked: string[]): SkillettError {
  const message = `raw requests are given only by name, and the device asks for nothing else. Give those of these that it may have: ${asked.join(", ")}`;
  return badRequest([{ at: "scopes", message }]);
}

/** @see RFC 6749 §5.2 */
function invalidScope(message: string): SkillettError {
  return new SkillettError("invalid_scope", { message, extra: { error_description: message } });
}

function refuseMoreThanAsked(scopes: string[], asked: string[], integrations: Scopeable): void {
  const issues = checkScopes(scopes, integrations);
  if (issues.length > 0) throw badRequest(issues);
  const more = uncovered(asked, scopes);
  if (more.length === 0) return;
  const message = `the device does not ask for ${more.join(", ")}, but for ${asked.join(", ")}`;
  throw badRequest([{ at: "scopes", message }]);
}
