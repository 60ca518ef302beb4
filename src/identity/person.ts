import type { Person } from "#core/caller.js";
import type { Role } from "#core/permissions.js";
import { type PlanName, plan } from "#core/plans.js";
import type { Member } from "#store/membership-rows.js";

/** The person that a key, a token or a session stands for, in the form that all other floors use. */
export function toPerson({ tenant_id, profile_id, role, plan: name, is_operator }: Member): Person {
  return {
    tenantId: tenant_id,
    profileId: profile_id,
    plan: plan(name as PlanName),
    role: role as Role,
    isOperator: is_operator === 1,
  };
}
