import type * as routes from "#contract/people.js";
import type { Api } from "#contract/route.js";
import { isoTime } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { permissionsOf } from "#core/permissions.js";
import type { PlanName } from "#core/plans.js";
import type { ApiKeyRows } from "#store/api-key-rows.js";
import type { MembershipRows } from "#store/membership-rows.js";
import type { ProfileRows } from "#store/profile-rows.js";

export interface PeopleDeps {
  profiles: ProfileRows;
  memberships: MembershipRows;
  apiKeys: ApiKeyRows;
}

export function createPeopleApi({ profiles, memberships, apiKeys }: PeopleDeps): Api<typeof routes> {
  return {
    async whoami({ caller: { tenantId, profileId, keyId, agentId, scopes, role, plan } }) {
      const [profile, tenants, key] = await Promise.all([
        profiles.get(profileId),
        memberships.tenants(profileId),
        apiKeys.get(tenantId, keyId),
      ]);
      const { email, display_name } = profile!;
      const { name, key_prefix, expires_at } = key!;
      return {
        profile: { id: profileId, email, display_name, plan: plan.name },
        tenant: { id: tenantId, name: tenants.find(({ id }) => id === tenantId)!.name, role },
        api_key: { id: keyId, name, key_prefix, scopes, agent_id: agentId, expires_at: isoTime(expires_at) },
      };
    },
    async getMe({ caller: { tenantId, profileId, role, plan, isOperator } }) {
      const [profile, tenants] = await Promise.all([profiles.get(profileId), memberships.tenants(profileId)]);
      const { email, display_name: displayName } = profile!;
      return {
        profile: { id: profileId, email, displayName, plan: plan.name, isOperator },
        tenantId,
        role,
        permissions: [...permissionsOf(role)],
        tenants,
      };
    },
    async setPlan({ params, body }) {
      const profile = await profiles.setPlan(params.profile, body.plan as PlanName);
      if (profile) return { profile_id: profile.id, email: profile.email, plan: profile.plan };
      throw new SkillettError("not_found", { message: `Nobody here is ${params.profile}.` });
    },
  };
}
