import type { Transaction as KyselyTransaction } from "kysely";
import type { Database } from "#store/database.js";
import type { ApiKeyRow, MembershipRow, ProfileRow, Tables, TenantRow } from "#store/tables.js";

export interface Owner {
  tenant: TenantRow;
  profile: ProfileRow;
  membership: MembershipRow;
  key: ApiKeyRow;
}

export interface Profiles {
  get(id: string): Promise<ProfileRow | undefined>;
  /** The id of a person of the tenant, by id or email address. */
  findMember(tenantId: string, name: string): Promise<string | undefined>;
  isEmpty(): Promise<boolean>;
  /** Writes the first person, their tenant and their key, all or nothing. */
  insertOwner(owner: Owner): Promise<void>;
  /** The owner nobody has claimed yet. */
  findUnclaimed(): Promise<ProfileRow | undefined>;
  setClaimToken(profileId: string, hash: string): Promise<void>;
  isClaimToken(hash: string): Promise<boolean>;
  /** Uses the token up; answers whether it was good. */
  claim(hash: string, person: { email: string; displayName: string }): Promise<boolean>;
}

/** Locks a profile until the transaction ends, so that two servers do not both take its last free place. */
export async function holdProfile(transaction: KyselyTransaction<Tables>, profileId: string): Promise<void> {
  await transaction
    .updateTable("profiles")
    .set((eb) => ({ plan: eb.ref("plan") }))
    .where("id", "=", profileId)
    .execute();
}

export function createProfiles({ kysely }: Database): Profiles {
  return {
    get: (id) => kysely.selectFrom("profiles").selectAll().where("id", "=", id).executeTakeFirst(),
    findMember: async (tenantId, name) => {
      const found = await kysely
        .selectFrom("profiles")
        .innerJoin("memberships", "memberships.profile_id", "profiles.id")
        .select("profiles.id")
        .where("memberships.tenant_id", "=", tenantId)
        .where((eb) => eb.or([eb("profiles.id", "=", name), eb("profiles.email", "=", name)]))
        .executeTakeFirst();
      return found?.id;
    },
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
      const { numUpdatedRows } = await kysely
        .updateTable("profiles")
        .set({ email, display_name: displayName, claim_token_hash: null })
        .where("claim_token_hash", "=", hash)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}
