import { deviceStatus } from "#store/device-code-rows.js";
import type { Database } from "#store/engine/database.js";

export interface SessionRows {
  /** Is this a session of this person that has neither ended nor been ended? `now` is ms since the epoch. */
  isLive(session: { id: string; profileId: string }, now: number): Promise<boolean>;
  /**
   * Ends what a person has proven or allowed and nobody has used yet: links to set a password, browsers that need no
   * second factor, sign-ins half-way through, devices that were let in and have no key yet.
   */
  endProofs(profileId: string): Promise<void>;
}

export function createSessionRows({ kysely }: Database): SessionRows {
  return {
    async isLive({ id, profileId }, now) {
      const row = await kysely
        .selectFrom("sessions")
        .select("id")
        .where("id", "=", id)
        .where("profile_id", "=", profileId)
        .where("expires_at", ">", now)
        .executeTakeFirst();
      return row !== undefined;
    },
    async endProofs(profileId) {
      await kysely.deleteFrom("verifications").where("value", "=", profileId).execute();
      await kysely
        .updateTable("device_codes")
        .set({ status: deviceStatus.denied })
        .where("profile_id", "=", profileId)
        .where("status", "=", deviceStatus.approved)
        .execute();
    },
  };
}
