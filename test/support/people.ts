import { newId, newUuid } from "#core/ids.js";
import type { Role } from "#core/permissions.js";
import type { PlanName } from "#core/plans.js";
import { hashToken, keyPrefix, newApiKey } from "#identity/api-key.js";
import type { Database } from "#store/engine/database.js";
import type { Owner } from "#store/profile-rows.js";

/** A person with a tenant and a key of their own, for `profiles.insertOwner`. */
export function newPerson(name: string, plan: PlanName = "unlimited"): { owner: Owner; key: string } {
  const key = newApiKey();
  const [tenant_id, profile_id, created_at] = [newUuid(), newUuid(), Date.now()];
  const owner: Owner = {
    tenant: { id: tenant_id, name, slug: tenant_id, logo: null, metadata: null, created_at },
    profile: {
      id: profile_id,
      email: `${name}@example.com`,
      email_verified: 1,
      display_name: name,
      image: null,
      two_factor_enabled: 0,
      plan,
      claim_token_hash: null,
      is_operator: 0,
      updated_at: created_at,
      created_at,
    },
    membership: { id: newUuid(), tenant_id, profile_id, role: "owner", created_at },
    key: {
      tenant_id,
      id: newId("key"),
      profile_id,
      agent_id: null,
      name,
      key_hash: hashToken(key),
      key_prefix: keyPrefix(key),
      scopes: '["*"]',
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
      created_at,
      lineage_id: null,
      end_told_at: null,
    },
  };
  return { owner, key };
}

/** Another person in the tenant that the server's owner has. */
export async function insertMember(
  { kysely }: Database,
  name: string,
  role: Role,
): Promise<{ key: string; profileId: string }> {
  const tenant = await kysely
    .selectFrom("tenants")
    .selectAll()
    .orderBy("created_at")
    .executeTakeFirstOrThrow();
  const { owner, key } = newPerson(name);
  const { id: profileId } = owner.profile;
  await kysely.insertInto("profiles").values(owner.profile).execute();
  await kysely
    .insertInto("memberships")
    .values({ ...owner.membership, tenant_id: tenant.id, role })
    .execute();
  await kysely
    .insertInto("api_keys")
    .values({ ...owner.key, tenant_id: tenant.id })
    .execute();
  return { key, profileId };
}
