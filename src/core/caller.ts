import { SkillettError } from "#core/errors.js";
import { type Permission, permissionsOf, type Requirement, type Role } from "#core/permissions.js";
import type { Plan } from "#core/plans.js";
import { allows, coversAll, type Target, touches } from "#core/scopes.js";

/** A person in one of their tenants. Built by `identity`; everything below trusts it. */
export interface Person {
  tenantId: string;
  profileId: string;
  plan: Plan;
  /** In the tenant. */
  role: Role;
  /** The operator of this instance, who may change settings of all tenants. */
  isOperator: boolean;
  /** Of the tenant's catalogue; each change of it raises it. */
  catalogVersion: number;
}

/** An API key, or a program that a person has let in. It acts for a person. */
export interface Caller extends Person {
  keyId: string;
  /** The bucket in which its calls of a minute are counted. A key that replaces this one keeps the bucket. */
  minuteBucket: string;
  /** The agent the key is bound to. */
  agentId: string | null;
  /** The scopes that bound its calls. @see scopes.ts */
  scopes: string[];
  /** When the key stops working, in ms since the epoch. */
  keyExpiresAt: number | null;
}

/** A person with a session, or a key. */
export type Principal = Person | Caller;

export function isCaller(principal: Principal): principal is Caller {
  return "keyId" in principal;
}

/** The agent that acts; null when it is a person, or a key or a program that acts as one. */
export function agentOf(principal: Principal): string | null {
  return isCaller(principal) ? principal.agentId : null;
}

/** Throws `forbidden` when an agent acts, for changes to accounts and keys that only their person may make. */
export function refuseAgent(principal: Principal, what: string, instead: string): void {
  if (agentOf(principal) === null) return;
  throw new SkillettError("forbidden", {
    message: `This API key is bound to an agent, and an agent may not ${what}. ${instead}`,
  });
}

/** Throws `forbidden` when the key stands for less than its whole person: an agent's, or one narrowed to some scopes. */
export function refuseLesserKey(principal: Principal): void {
  if (!isLesserKey(principal)) return;
  throw new SkillettError("forbidden", {
    message:
      "This API key belongs to an agent or is narrowed to some scopes: it may call, and no more. Use a key of yours with the scope *, or sign in.",
  });
}

/** Throws `scope_not_allowed` when the caller's key may not call this endpoint. */
export function refuseOutOfScope({ scopes }: Caller, target: Target): void {
  if (allows(scopes, target)) return;
  const { integration, endpoint, effect, formerly: [first] = [] } = target;
  const renamed = first === undefined ? "" : ` Patterns are held against its first name, ${first}.`;
  const message = `API key may not call ${integration} ${endpoint} (${effect}).${renamed}`;
  throw notAllowed(scopes, integration, message);
}

/** Whether the caller's key may send this integration requests of its own. */
export const maySendRaw = ({ scopes }: Caller, integration: string): boolean =>
  allows(scopes, { integration, endpoint: "*", effect: "raw" });

/**
 * Throws `scope_not_allowed` when the caller's key may not send this integration requests of its own.
 *
 * @param why it is such a request
 */
export function refuseRaw(caller: Caller, integration: string, why: string): void {
  if (maySendRaw(caller, integration)) return;
  const scope = `${integration}:raw`;
  const message = `API key may not send this request to ${integration}. ${why} That takes the scope ${scope}, which no other scope contains.`;
  // People give it; an agent is told no way to have it.
  const next = isLesserKey(caller) ? [] : [`skillett keys create raw --scopes '*,${scope}'`];
  throw notAllowed(caller.scopes, integration, message, next);
}

/** Throws `scope_not_allowed` when there is nothing of this integration that the caller's key may call. */
export function refuseUntouched({ scopes }: Caller, integration: string): void {
  if (!touches(scopes, integration)) throw notAllowed(scopes, integration, "");
}

/** Throws `scope_not_allowed` when the caller's key is not for all of this integration. People may use all. */
export function refuseUnlessWhole(principal: Principal, integration: string): void {
  if (!isCaller(principal)) return;
  const { scopes } = principal;
  if (coversAll(scopes, integration)) return;
  throw notAllowed(scopes, integration, `This takes an API key with the scope ${integration}.`);
}

function notAllowed(
  scopes: string[],
  integration: string,
  message: string,
  next: string[] = [],
): SkillettError {
  if (!touches(scopes, integration))
    return new SkillettError("scope_not_allowed", { facts: { slug: integration } });
  return new SkillettError("scope_not_allowed", {
    message: `${message} It has ${scopes.join(", ")}.`,
    ...(next.length > 0 && { next }),
  });
}

/** Throws `forbidden`, naming the permission, when the person may not, or the key is not for such things. */
export function refuseUnlessPermitted(principal: Principal, permission: Requirement): void {
  const { role, isOperator } = principal;
  const mayDo = permission === "operator" ? isOperator : permissionsOf(role).has(permission);
  if (!mayDo) throw new SkillettError("forbidden", { message: whyNot(role, permission) });
  // Keys of agents are for reading skills.
  if (permission !== "skills:read") refuseLesserKey(principal);
}

function whyNot(role: Role, permission: Requirement): string {
  if (permission === "operator") return "Only the owner of this instance may do this.";
  return `Your role (${role}) does not have the permission ${permission}. Ask an owner of the tenant.`;
}

/** Whether the principal may do this; a key of an agent, or with some scopes only, may not. */
export function isPermitted(principal: Principal, permission: Permission): boolean {
  return permissionsOf(principal.role).has(permission) && !isLesserKey(principal);
}

/** A key that is bound to an agent, or narrowed to some scopes: it may call, and nothing else that its person may. */
export function isLesserKey(principal: Principal): boolean {
  return isCaller(principal) && (principal.agentId !== null || !principal.scopes.includes("*"));
}
