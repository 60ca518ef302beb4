import { SkillettError } from "#core/errors.js";
import { type Permission, permissionsOf, type Role } from "#core/permissions.js";
import type { Plan } from "#core/plans.js";

/** Who is asking. Built by `identity` from an API key; everything below trusts it. */
export interface Caller {
  tenantId: string;
  profileId: string;
  keyId: string;
  /** The agent the key is bound to. */
  agentId: string | null;
  /** Integration slugs the key may call, or `*`. */
  scopes: string[];
  /** When the key stops working, in ms since the epoch. */
  keyExpiresAt: number | null;
  plan: Plan;
  /** In the tenant. */
  role: Role;
  /** Runs this instance: may set what concerns all tenants. */
  isOperator: boolean;
}

/** Throws `scope_not_allowed` when the caller's key is not for this integration. */
export function refuseOutOfScope({ scopes }: Caller, slug: string): void {
  if (scopes.includes("*") || scopes.includes(slug)) return;
  throw new SkillettError("scope_not_allowed", { facts: { slug } });
}

/** Throws `forbidden`, naming the permission, when the caller's role lacks it. */
export function refuseUnlessPermitted({ role }: Caller, permission: Permission): void {
  if (permissionsOf(role).has(permission)) return;
  throw new SkillettError("forbidden", {
    message: `Your role (${role}) does not have the permission ${permission}. Ask an owner of the tenant.`,
  });
}

/** Throws `forbidden` unless the caller runs this instance. */
export function refuseUnlessOperator({ isOperator }: Caller): void {
  if (isOperator) return;
  throw new SkillettError("forbidden", {
    message: "Only the owner of this instance may do this.",
  });
}
