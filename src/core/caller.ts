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

export function mayCall(caller: Caller, integration: string): boolean {
  return caller.scopes.includes("*") || caller.scopes.includes(integration);
}
