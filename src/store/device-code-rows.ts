import { sql } from "kysely";
import { insertKey } from "#store/api-key-rows.js";
import type { Database } from "#store/engine/database.js";
import { deleteInSteps } from "#store/engine/steps.js";
import type { DeviceCodeRow } from "#store/schema/people-tables.js";
import type { ApiKeyRow, ProfileRow } from "#store/schema/tables.js";

/** Status of a device's request to be signed in; only the clock tells when it has expired. */
export const deviceStatus = {
  pending: "pending",
  approved: "approved",
  denied: "denied",
  /** Its key was made. */
  used: "used",
} as const;

/** The key that finds a device: its code as a digest, and its client where it named itself. */
export interface DeviceKey {
  deviceCodeHash: string;
  /** Has to be the one that began; any will do when left out. */
  clientId?: string | undefined;
}

export type Decision = Pick<DeviceCodeRow, "status" | "scopes" | "tenant_id" | "profile_id">;

/** The person who let a device in, as they are when it comes for its key. */
export type Approver = Pick<ProfileRow, "id" | "email" | "display_name" | "plan"> & { tenant_id: string };

export interface NewKey {
  row: ApiKeyRow;
  /** How many keys that work its person may have. */
  limit: number | null;
}

/** `used` when another poll was faster; `left` when the person is not in the tenant any more. */
export type Redeemed = { outcome: "used" | "left" | "full" } | { outcome: "redeemed"; approver: Approver };

export interface DeviceCodeRows {
  /** Answers false, and inserts nothing, when a code of the row is taken. */
  insert(row: DeviceCodeRow): Promise<boolean>;
  /** The one a person may decide about: pending and not expired. */
  findPending(userCodeHash: string, now: number): Promise<DeviceCodeRow | undefined>;
  /** Answers whether it was still to be decided. */
  decide(userCodeHash: string, decision: Decision, now: number): Promise<boolean>;
  /**
   * Notes a poll and answers with the device as it stands. One that polls too soon while it is pending has to
   * wait `slowDownSeconds` longer between two polls from then on.
   */
  poll(
    key: DeviceKey,
    slowDownSeconds: number,
    now: number,
  ): Promise<(DeviceCodeRow & { tooSoon: boolean }) | undefined>;
  /** Uses an approved code up and makes its key, both or neither, once. */
  redeem(
    deviceCodeHash: string,
    makeKey: (device: DeviceCodeRow, approver: Approver) => NewKey,
    now: number,
  ): Promise<Redeemed>;
  /** Clears away what has expired before. */
  deleteExpired(before: number, signal?: AbortSignal): Promise<number>;
}

export function createDeviceCodeRows(database: Database): DeviceCodeRows {
  const { kysely } = database;
  const { pending, approved, denied, used } = deviceStatus;

  return {
    async insert(row) {
      const { numInsertedOrUpdatedRows } = await kysely
        .insertInto("device_codes")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return Boolean(numInsertedOrUpdatedRows);
    },
    findPending: (userCodeHash, now) =>
      kysely
        .selectFrom("device_codes")
        .selectAll()
        .where("user_code_hash", "=", userCodeHash)
        .where("status", "=", pending)
        .where("expires_at", ">", now)
        .executeTakeFirst(),
    async decide(userCodeHash, decision, now) {
      const { numUpdatedRows } = await kysely
        .updateTable("device_codes")
        .set(decision)
        .where("user_code_hash", "=", userCodeHash)
        .where("status", "=", pending)
        .where("expires_at", ">", now)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    poll: ({ deviceCodeHash, clientId }, slowDownSeconds, now) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable("device_codes")
          // Changes nothing: holds the row, so that two polls at once are judged one after the other.
          .set((eb) => ({ status: eb.ref("status") }))
          .where("device_code_hash", "=", deviceCodeHash)
          .$if(clientId !== undefined, (query) => query.where("client_id", "=", clientId!))
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        const waiting = row.status === pending && row.expires_at > now;
        if (!waiting) return { ...row, tooSoon: false };
        const tooSoon = row.polled_at !== null && now - row.polled_at < row.interval_seconds * 1000;
        const interval_seconds = row.interval_seconds + (tooSoon ? slowDownSeconds : 0);
        await transaction
          .updateTable("device_codes")
          .set({ polled_at: now, interval_seconds })
          .where("device_code_hash", "=", deviceCodeHash)
          .execute();
        return { ...row, polled_at: now, interval_seconds, tooSoon };
      }),
    redeem: (deviceCodeHash, makeKey, now) =>
      kysely.transaction().execute(async (transaction): Promise<Redeemed> => {
        const leave = (from: string, status: string) =>
          transaction
            .updateTable("device_codes")
            .set({ status })
            .where("device_code_hash", "=", deviceCodeHash)
            .where("status", "=", from)
            .returningAll()
            .executeTakeFirst();
        const device = await leave(approved, used);
        if (!device) return { outcome: "used" };
        const approver = await transaction
          .selectFrom("memberships")
          .innerJoin("profiles", "profiles.id", "memberships.profile_id")
          .select(["tenant_id", "profiles.id", "email", "display_name", "plan"])
          .where("tenant_id", "=", device.tenant_id)
          .where("profile_id", "=", device.profile_id)
          .executeTakeFirst();
        const key = approver && makeKey(device, approver);
        if (key && (await insertKey(transaction, key.row, key.limit, now)))
          return { outcome: "redeemed", approver };
        await leave(used, denied);
        return { outcome: key ? "full" : "left" };
      }),
    deleteExpired: (before, signal) =>
      deleteInSteps(database, { table: "device_codes", where: sql`expires_at < ${before}` }, signal),
  };
}
