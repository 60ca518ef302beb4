import { createLookup } from "#store/engine/batched-read.js";
import type { Database } from "#store/engine/database.js";
import type { MembershipRow, TenantRow } from "#store/schema/people-tables.js";

/** A person in one of their tenants, as far as it matters to what they may do. */
export interface Member {
  tenant_id: string;
  profile_id: string;
  role: string;
  plan: string;
  is_operator: number;
  /** Of the tenant. */
  catalog_version: number;
}

export interface TenantOfMember extends Pick<TenantRow, "id" | "name" | "slug"> {
  role: string;
}

export interface MembershipRows {
  find(profileId: string, tenantId: string): Promise<Member | undefined>;
  /** The tenant a person began with: the oldest they own, else the oldest they belong to. */
  first(profileId: string): Promise<string | undefined>;
  tenants(profileId: string): Promise<TenantOfMember[]>;
  /** Makes a tenant with its owner, all or nothing. */
  insertTenant(tenant: TenantRow, owner: MembershipRow): Promise<void>;
}

export function createMembershipRows(database: Database): MembershipRows {
  const { kysely } = database;
  const find = createLookup<Member>(
    database,
    [
      ["profile_id", "text"],
      ["tenant_id", "text"],
    ],
    (
      keys,
    ) => `select row_at, memberships.tenant_id, memberships.profile_id, role, plan, is_operator, catalog_version
      from ${keys} join memberships using (profile_id, tenant_id)
      join profiles on profiles.id = memberships.profile_id join tenants on tenants.id = memberships.tenant_id`,
  );
  const tenants = (profileId: string) =>
    kysely
      .selectFrom("memberships")
      .innerJoin("tenants", "tenants.id", "memberships.tenant_id")
      .select(["tenants.id", "tenants.name", "tenants.slug", "memberships.role"])
      .where("memberships.profile_id", "=", profileId)
      .orderBy("memberships.created_at")
      .orderBy("tenants.id")
      .execute();

  return {
    find: (profileId, tenantId) => find(profileId, tenantId),
    tenants,
    async first(profileId) {
      const all = await tenants(profileId);
      return (all.find(({ role }) => role === "owner") ?? all[0])?.id;
    },
    insertTenant: (tenant, owner) =>
      kysely.transaction().execute(async (transaction) => {
        await transaction.insertInto("tenants").values(tenant).execute();
        await transaction.insertInto("memberships").values(owner).execute();
      }),
  };
}
