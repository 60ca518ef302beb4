import type { Database } from "#store/database.js";
import type { InvitationRow } from "#store/people-tables.js";

export interface Invitations {
  get(id: string): Promise<InvitationRow | undefined>;
}

export function createInvitations({ kysely }: Database): Invitations {
  return {
    get: (id) => kysely.selectFrom("invitations").selectAll().where("id", "=", id).executeTakeFirst(),
  };
}
