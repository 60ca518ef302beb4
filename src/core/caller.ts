import { SkillettError } from "#core/errors.js";
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
}

/** Throws `scope_not_allowed` when the caller's key is not for this integration. */
export function refuseOutOfScope({ scopes }: Caller, slug: string): void {
  if (scopes.includes("*") || scopes.includes(slug)) return;
  throw new SkillettError("scope_not_allowed", { facts: { slug } });
}
