import type { PlanName } from "#core/plans.js";
import type { Database, Transaction } from "#store/engine/database.js";
import type { MembershipRow, TenantRow } from "#store/schema/people-tables.js";
import type { ApiKeyRow, ProfileRow } from "#store/schema/tables.js";

export interface Owner {
  tenant: TenantRow;
  profile: ProfileRow;
  membership: MembershipRow;
  key: ApiKeyRow;
}

export interface ProfileRows {
  get(id: string): Promise<ProfileRow | undefined>;
  /** The id of a person who belongs to the tenant, or left connections in it, by id or email address. */
  findMember(tenantId: string, name: string): Promise<string | undefined>;
  /** Puts a person, by id or email address, on a plan; answers with them as they are then. */
  setPlan(name: string, plan: PlanName): Promise<ProfileRow | undefined>;
  isEmpty(): Promise<boolean>;
  /** Writes the first person, their tenant and their key, all or nothing. */
  insertOwner(owner: Owner): Promise<void>;
  /** The owner nobody has claimed yet. */
  findUnclaimed(): Promise<ProfileRow | undefined>;
  setClaimToken(profileId: string, hash: string): Promise<void>;
  isClaimToken(hash: string): Promise<boolean>;
  /** Uses the token up; answers with the id of its profile, or undefined when it was no good. */
  claim(hash: string, person: { email: string; displayName: string }): Promise<string | undefined>;
}

/** Locks a profile until the transaction ends, so that two servers do not both take its last free place. */
export async function holdProfile(transaction: Transaction, profileId: string): Promise<void> {
  await transaction
    .updateTable("profiles")
    .set((eb) => ({ plan: eb.ref("plan") }))
    .where("id", "=", profileId)
    .execute();
}

export function createProfileRows({ kysely }: Database): ProfileRows {
  return {
    get: (id) => kysely.selectFrom("profiles").selectAll().where("id", "=", id).executeTakeFirst(),
    findMember: async (tenantId, name) => {
      const found = await kysely
        .selectFrom("profiles")
        .select("profiles.id")
        .where((eb) => eb.or([eb("profiles.id", "=", name), eb("profiles.email", "=", name)]))
        .where((eb) =>
          eb.or(
            (["memberships", "connections"] as const).map((table) =>
              eb.exists(
                eb
                  .selectFrom(table)
                  .select(`${table}.profile_id`)
                  .where(`${table}.tenant_id`, "=", tenantId)
                  .whereRef(`${table}.profile_id`, "=", "profiles.id"),
              ),
            ),
          ),
        )
        .executeTakeFirst();
      return found?.id;
    },
    setPlan: (name, plan) =>
      kysely
        .updateTable("profiles")
        .set({ plan })
        .where((eb) => eb.or([eb("id", "=", name), eb(eb.fn("lower", ["email"]), "=", name.toLowerCase())]))
        .returningAll()
        .executeTakeFirst(),
    isEmpty: async () => !(await kysely.selectFrom("profiles").select("id").limit(1).executeTakeFirst()),
    insertOwner: ({ tenant, profile, membership, key }) =>
      kysely.transaction().execute(async (transaction) => {
        await transaction.insertInto("tenants").values(tenant).execute();
        await transaction.insertInto("profiles").values(profile).execute();
        await transaction.insertInto("memberships").values(membership).execute();
        await transaction.insertInto("api_keys").values(key).execute();
      }),
    findUnclaimed: () =>
      kysely
        .selectFrom("profiles")
        .selectAll()
        .where("claim_token_hash", "is not", null)
        .orderBy("created_at")
        .executeTakeFirst(),
    setClaimToken: async (profileId, hash) => {
      await kysely
        .updateTable("profiles")
        .set({ claim_token_hash: hash })
        .where("id", "=", profileId)
        .execute();
    },
    isClaimToken: async (hash) =>
      Boolean(
        await kysely
          .selectFrom("profiles")
          .select("id")
          .where("claim_token_hash", "=", hash)
          .executeTakeFirst(),
      ),
    claim: async (hash, { email, displayName }) => {
      const claimed = await kysely
        .updateTable("profiles")
        // Only the operator has seen the claim link, which proves more than a mail would: the address counts as verified.
        .set({ email, display_name: displayName, claim_token_hash: null, email_verified: 1 })
        .where("claim_token_hash", "=", hash)
        .returning("id")
        .executeTakeFirst();
      return claimed?.id;
    },
  };
}
