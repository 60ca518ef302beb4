import type { Person } from "#core/caller.js";
import type { Role } from "#core/permissions.js";
import { type PlanName, plan } from "#core/plans.js";
import type { Member } from "#store/membership-rows.js";

/** The person that a key, a token or a session stands for, in the form that all other floors use. */
export function toPerson(member: Member): Person {
  return {
    tenantId: member.tenant_id,
    profileId: member.profile_id,
    plan: plan(member.plan as PlanName),
    role: member.role as Role,
    isOperator: member.is_operator === 1,
    catalogVersion: member.catalog_version,
  };
}
