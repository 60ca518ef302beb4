import { isCaller, isPermitted, type Principal, refuseUnlessPermitted } from "#core/caller.js";
import { type Clock, isoTime } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import { checkScopes, type Scopeable, uncovered } from "#core/scopes.js";
import { hashToken, keyPrefix, newApiKey } from "#identity/api-key.js";
import type { Agents } from "#store/agents.js";
import type { ApiKeys } from "#store/api-keys.js";
import type { ApiKeyRow } from "#store/tables.js";

export interface NewKey {
  name: string;
  /** @see scopes.ts */
  scopes: string[];
  /** ms since the epoch; null is never. */
  expiresAt: number | null;
}

export interface WantedKey extends NewKey {
  /** Id or slug of the agent to bind it to; that of the key which makes it, when left out. */
  agent?: string | undefined;
}

export interface IssuedKey {
  row: ApiKeyRow;
  /** SECRET: shown this once. */
  fullKey: string;
}

/** Keys of the tenant at hand. A key never makes, replaces or revokes one that may do more than itself. */
export interface Keys {
  /** One's own, or with `keys:*` those of everybody. Oldest first. */
  list(principal: Principal, query: { everyone: boolean }): Promise<ApiKeyRow[]>;
  create(principal: Principal, key: WantedKey): Promise<IssuedKey>;
  /** One's own, or with `keys:*` any. */
  revoke(principal: Principal, id: string): Promise<void>;
  /** Puts a new key in the place of one's own, which stops at once. */
  rotate(principal: Principal, id: string): Promise<IssuedKey>;
}

interface Deps {
  apiKeys: ApiKeys;
  agents: Pick<Agents, "find">;
  clock: Clock;
  /** What a scope may name. */
  integrations: Scopeable;
}

export function createKeys({ apiKeys, agents, clock, integrations }: Deps): Keys {
  /** What is there but not for this principal is not there. */
  async function find(principal: Principal, id: string, ofAnybody: boolean): Promise<ApiKeyRow> {
    const row = await apiKeys.get(principal.tenantId, id);
    if (row && (ofAnybody || row.profile_id === principal.profileId)) return row;
    throw new SkillettError("not_found", { facts: { resource: "API key" } });
  }

  /** A key of an agent makes keys of that agent alone. */
  async function agentFor(principal: Principal, name: string | undefined): Promise<string | null> {
    const own = isCaller(principal) ? principal.agentId : null;
    if (name === undefined) return own;
    if (own === null) refuseUnlessPermitted(principal, "agents:*");
    const found = await agents.find(principal.tenantId, name);
    if (!found) throw new SkillettError("not_found", { facts: { resource: "Agent" } });
    if (own === null || own === found.id) return found.id;
    throw new SkillettError("forbidden", {
      message: "This API key is bound to an agent, and may not make one for another agent.",
    });
  }

  return {
    async list(principal, { everyone }) {
      const { tenantId, profileId } = principal;
      if (!everyone) return apiKeys.list({ tenantId, profileId });
      refuseUnlessPermitted(principal, "keys:*");
      return apiKeys.list({ tenantId });
    },
    async create(principal, { name, scopes, expiresAt, agent }) {
      const now = clock();
      const issues = checkScopes(scopes, integrations);
      if (issues.length > 0) throw badRequest(issues);
      refusePast(expiresAt, now);
      refuseBeyondOwn(principal, scopes, "may not give what it does not have");
      refuseOutliving(principal, expiresAt);
      const { tenantId, profileId } = principal;
      const agentId = await agentFor(principal, agent);
      const key = issueKey({ tenantId, profileId, agentId, name, scopes, expiresAt }, now);
      const limit = principal.plan.apiKeys;
      if (await apiKeys.insert(key.row, limit, now)) return key;
      throw keyLimitReached(limit!);
    },
    async revoke(principal, id) {
      const row = await find(principal, id, isPermitted(principal, "keys:*"));
      refuseBeyondOwn(principal, scopesOf(row), "may not revoke a key that may do more than itself");
      await apiKeys.revoke(row.tenant_id, row.id, clock());
    },
    async rotate(principal, id) {
      // Never another person's, not even with `keys:*`: whoever holds the new key acts for them.
      const old = await find(principal, id, false);
      const now = clock();
      refuseBeyondOwn(principal, scopesOf(old), "may not rotate a key that may do more than itself");
      refuseOutliving(principal, old.expires_at);
      if (old.expires_at !== null && old.expires_at <= now) throw doesNotWork("expired");
      const { tenant_id: tenantId, profile_id: profileId, agent_id: agentId, name } = old;
      const expiresAt = old.expires_at;
      const key = issueKey({ tenantId, profileId, agentId, name, scopes: scopesOf(old), expiresAt }, now);
      if (await apiKeys.replace(old, key.row, now)) return key;
      throw doesNotWork("been revoked");
    },
  };
}

export interface KeyOf extends NewKey {
  tenantId: string;
  profileId: string;
  agentId: string | null;
}

/** A new key and its row, which is not stored yet. */
export function issueKey(key: KeyOf, now: number): IssuedKey {
  const fullKey = newApiKey();
  const row: ApiKeyRow = {
    tenant_id: key.tenantId,
    id: newId("key"),
    profile_id: key.profileId,
    agent_id: key.agentId,
    name: key.name,
    key_hash: hashToken(fullKey),
    key_prefix: keyPrefix(fullKey),
    scopes: JSON.stringify(key.scopes),
    expires_at: key.expiresAt,
    revoked_at: null,
    last_used_at: null,
    created_at: now,
  };
  return { row, fullKey };
}

export function keyLimitReached(limit: number): SkillettError {
  return new SkillettError("plan_limit_reached", { facts: { limit, resource: "API keys" } });
}

const scopesOf = ({ scopes }: ApiKeyRow): string[] => JSON.parse(scopes);

function refusePast(expiresAt: number | null, now: number): void {
  if (expiresAt === null || expiresAt > now) return;
  throw badRequest([{ at: "expires_at", message: "must lie in the future" }]);
}

/** People may do everything; what their role forbids, it forbids to their keys as well. */
function refuseBeyondOwn(principal: Principal, scopes: string[], what: string): void {
  if (!isCaller(principal)) return;
  const beyond = uncovered(principal.scopes, scopes);
  if (beyond.length === 0) return;
  throw new SkillettError("forbidden", {
    message: `This API key ${what}: ${beyond.join(", ")}. Its own scopes: ${principal.scopes.join(", ")}.`,
  });
}

function refuseOutliving(principal: Principal, expiresAt: number | null): void {
  if (!isCaller(principal) || principal.keyExpiresAt === null) return;
  if (expiresAt !== null && expiresAt <= principal.keyExpiresAt) return;
  throw new SkillettError("forbidden", {
    message: `This API key may not make one that outlives it. Set expires_at to ${isoTime(principal.keyExpiresAt)} or earlier.`,
  });
}

function doesNotWork(why: string): SkillettError {
  return new SkillettError("conflict", {
    message: `This API key has ${why}, and cannot be rotated. Create a new one.`,
  });
}
