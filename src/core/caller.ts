import { SkillettError } from "#core/errors.js";
import { type Permission, permissionsOf, type Role } from "#core/permissions.js";
import type { Plan } from "#core/plans.js";
import { allows, coversAll, type Target, touches } from "#core/scopes.js";

/** A person in one of their tenants. Built by `identity`; everything below trusts it. */
export interface Person {
  tenantId: string;
  profileId: string;
  plan: Plan;
  /** In the tenant. */
  role: Role;
  /** Runs this instance: may set what concerns all tenants. */
  isOperator: boolean;
}

/** An API key, which acts for a person. */
export interface Caller extends Person {
  keyId: string;
  /** The agent the key is bound to. */
  agentId: string | null;
  /** What the key may call. @see scopes.ts */
  scopes: string[];
  /** When the key stops working, in ms since the epoch. */
  keyExpiresAt: number | null;
}

/** Where both will do. */
export type Principal = Person | Caller;

export function isCaller(principal: Principal): principal is Caller {
  return "keyId" in principal;
}

/** Throws `scope_not_allowed` when the caller's key may not call this endpoint. */
export function refuseOutOfScope({ scopes }: Caller, target: Target): void {
  if (allows(scopes, target)) return;
  const { integration, endpoint, effect } = target;
  throw notAllowed(scopes, integration, `API key may not call ${integration} ${endpoint} (${effect}).`);
}

/** Throws `scope_not_allowed` when the caller's key is not for all of this integration. */
export function refuseUnlessWhole({ scopes }: Caller, integration: string): void {
  if (coversAll(scopes, integration)) return;
  throw notAllowed(scopes, integration, `This takes an API key with the scope ${integration}.`);
}

function notAllowed(scopes: string[], integration: string, message: string): SkillettError {
  if (!touches(scopes, integration))
    return new SkillettError("scope_not_allowed", { facts: { slug: integration } });
  return new SkillettError("scope_not_allowed", { message: `${message} It has ${scopes.join(", ")}.` });
}

/** Throws `forbidden`, naming the permission, when the caller's role lacks it. */
export function refuseUnlessPermitted({ role }: Person, permission: Permission): void {
  if (permissionsOf(role).has(permission)) return;
  throw new SkillettError("forbidden", {
    message: `Your role (${role}) does not have the permission ${permission}. Ask an owner of the tenant.`,
  });
}

/** Throws `forbidden` unless the caller runs this instance. */
export function refuseUnlessOperator({ isOperator }: Person): void {
  if (isOperator) return;
  throw new SkillettError("forbidden", {
    message: "Only the owner of this instance may do this.",
  });
}
