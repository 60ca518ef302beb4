import type { Database } from "#store/engine/database.js";
import type { InvitationRow } from "#store/schema/people-tables.js";

export interface InvitationRows {
  get(id: string): Promise<InvitationRow | undefined>;
  /** Cancels the open ones of people who may not invite to the tenant any more. */
  cancelOfOthers(): Promise<void>;
}

export function createInvitationRows({ kysely }: Database): InvitationRows {
  return {
    cancelOfOthers: async () => {
      await kysely
        .updateTable("invitations")
        .set({ status: "canceled" })
        .where("status", "=", "pending")
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("memberships")
                .select("memberships.id")
                .whereRef("memberships.tenant_id", "=", "invitations.tenant_id")
                .whereRef("memberships.profile_id", "=", "invitations.inviter_id")
                .where("memberships.role", "in", ["owner", "admin"]),
            ),
          ),
        )
        .execute();
    },
    get: (id) => kysely.selectFrom("invitations").selectAll().where("id", "=", id).executeTakeFirst(),
  };
}
