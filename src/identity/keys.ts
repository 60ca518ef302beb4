import {
  agentOf,
  isCaller,
  isLesserKey,
  isPermitted,
  type Principal,
  refuseLesserKey,
  refuseUnlessPermitted,
} from "#core/caller.js";
import { type Clock, dayMs, isoTime } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import {
  checkScopes,
  type IntegrationsOf,
  isRaw,
  readScopes,
  type Scopeable,
  uncovered,
} from "#core/scopes.js";
import { type IssuedKey, issueKey, keyLimitReached, scopesOf } from "#identity/issue-key.js";
import type { Throttle } from "#identity/throttle.js";
import type { AgentRows } from "#store/agent-rows.js";
import type { ApiKeyRows } from "#store/api-key-rows.js";
import type { ApiKeyRow } from "#store/schema/tables.js";

/** How long a key of an agent works when nobody says how long. */
export const agentKeyMs = 90 * dayMs;

/** Each new key has a minute of its own where the plan limits minutes; and an agent that runs wild makes keys without end. */
const newKeys = { max: 20, windowSeconds: 3600 };

export interface KeyRequest {
  name: string;
  /** Left out: `*`, or for an agent `*:read`. @see scopes.ts */
  scopes?: string[] | undefined;
  /** ms since the epoch; null is never. Left out: never, or for an agent 90 days from now. */
  expiresAt?: number | null | undefined;
  /** Id or slug of the agent to bind it to; that of the key which makes it, when left out. */
  agent?: string | undefined;
}

/**
 * Keys of the principal's tenant. A key never makes, replaces or revokes one that may do more than itself, and a key
 * of an agent sees only keys of that agent.
 */
export interface Keys {
  /** One's own, or with `keys:*` those of everybody. Oldest first. */
  list(principal: Principal, query: { everyone: boolean }): Promise<ApiKeyRow[]>;
  create(principal: Principal, key: KeyRequest): Promise<IssuedKey>;
  /** One's own, or with `keys:*` any. */
  revoke(principal: Principal, id: string): Promise<void>;
  /** Puts a new key in the place of one's own, which stops at once. */
  rotate(principal: Principal, id: string): Promise<IssuedKey>;
}

interface Deps {
  apiKeys: ApiKeyRows;
  agents: Pick<AgentRows, "find">;
  throttle: Throttle;
  clock: Clock;
  /** Integrations and endpoints that a scope may name. */
  integrationsOf: IntegrationsOf;
}

export function createKeys({ apiKeys, agents, throttle, clock, integrationsOf }: Deps): Keys {
  /** A key that exists, but that this principal may not see, is answered as if it did not exist. */
  async function find(principal: Principal, id: string, ofAnybody: boolean): Promise<ApiKeyRow> {
    const row = await apiKeys.get(principal.tenantId, id);
    const isOwn = row?.profile_id === principal.profileId && isWithin(agentOf(principal), row);
    if (!row || !(isOwn || ofAnybody))
      throw new SkillettError("not_found", { facts: { resource: "API key" } });
    // A key of a person with some scopes only may not rotate or revoke a key of an agent.
    if (row.agent_id !== null && agentOf(principal) === null) refuseLesserKey(principal);
    return row;
  }

  /** A key of an agent makes keys of that agent alone. */
  async function agentFor(principal: Principal, name: string | undefined): Promise<string | null> {
    const own = agentOf(principal);
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
      if (!everyone) {
        return apiKeys.list({ tenantId, profileId, agentId: agentOf(principal) ?? undefined });
      }
      refuseUnlessPermitted(principal, "keys:*");
      return apiKeys.list({ tenantId });
    },
    async create(principal, { name, scopes: requested, expiresAt: end, agent }) {
      const now = clock();
      if (requested) refuseUnknown(requested, await integrationsOf(principal));
      if (end !== undefined) refusePast(end, now);
      const agentId = await agentFor(principal, agent);
      const scopes = requested ?? (agentId === null ? ["*"] : [...readScopes]);
      const expiresAt = end === undefined ? defaultEnd(principal, agentId, now) : end;
      refuseGivingRaw(principal, scopes);
      refuseBeyondOwn(principal, scopes, "may not give what it does not have");
      refuseOutliving(principal, expiresAt);
      const { tenantId, profileId, plan } = principal;
      if (plan.callsPerMinute !== null || agentOf(principal) !== null)
        await throttle.refuse(`keys/${profileId}`, newKeys);
      const key = issueKey({ tenantId, profileId, agentId, name, scopes, expiresAt }, now);
      const limit = agentId === null ? plan.apiKeys : null;
      if (await apiKeys.insert(key.row, limit, now)) return key;
      throw keyLimitReached(limit!);
    },
    async revoke(principal, id) {
      const row = await find(principal, id, isPermitted(principal, "keys:*"));
      refuseBeyondOwn(principal, scopesOf(row), "may not revoke a key that may do more than itself");
      await apiKeys.revoke(row.tenant_id, row.id, clock());
    },
    async rotate(principal, id) {
      // Never another person's, not even with `keys:*`: the holder of the new key acts for its person.
      const old = await find(principal, id, false);
      const now = clock();
      refuseBeyondOwn(principal, scopesOf(old), "may not rotate a key that may do more than itself");
      refuseOutliving(principal, old.expires_at);
      if (old.expires_at !== null && old.expires_at <= now) throw doesNotWork("expired");
      const { tenant_id: tenantId, profile_id: profileId, agent_id: agentId, name } = old;
      const expiresAt = old.expires_at;
      const { row, fullKey } = issueKey(
        { tenantId, profileId, agentId, name, scopes: scopesOf(old), expiresAt },
        now,
      );
      const successor = { ...row, lineage_id: old.lineage_id ?? old.id, end_told_at: old.end_told_at };
      if (await apiKeys.replace(old, successor, now)) return { row: successor, fullKey };
      throw doesNotWork("been revoked");
    },
  };
}

/** A key of an agent reaches the keys of that agent; a principal that acts for no agent reaches all. */
const isWithin = (agentId: string | null, row: ApiKeyRow) => agentId === null || row.agent_id === agentId;

/** An agent's key ends in 90 days, and no later than the key which makes it. */
function defaultEnd(principal: Principal, agentId: string | null, now: number): number | null {
  if (agentId === null) return null;
  const end = now + agentKeyMs;
  const own = isCaller(principal) ? principal.keyExpiresAt : null;
  return own === null ? end : Math.min(end, own);
}

function refuseUnknown(scopes: string[], integrations: Scopeable): void {
  const issues = checkScopes(scopes, integrations);
  if (issues.length > 0) throw badRequest(issues);
}

function refusePast(expiresAt: number | null, now: number): void {
  if (expiresAt === null || expiresAt > now) return;
  throw badRequest([{ at: "expires_at", message: "must lie in the future" }]);
}

/**
 * People may do everything; a role that forbids something forbids it to their keys as well. A key that stands for its
 * whole person gives scopes for raw requests as its person would, although it may not make such requests itself.
 */
function refuseBeyondOwn(principal: Principal, scopes: string[], what: string): void {
  if (!isCaller(principal)) return;
  const isWhole = !isLesserKey(principal);
  const beyond = uncovered(principal.scopes, scopes).filter((scope) => !(isWhole && isRaw(scope)));
  if (beyond.length === 0) return;
  throw new SkillettError("forbidden", {
    message: `This API key ${what}: ${beyond.join(", ")}. Its own scopes: ${principal.scopes.join(", ")}.`,
  });
}

/** Raw requests are given by people, and not handed on from key to key. */
function refuseGivingRaw(principal: Principal, scopes: string[]): void {
  const raw = scopes.filter(isRaw);
  if (raw.length === 0 || !isLesserKey(principal)) return;
  throw new SkillettError("forbidden", {
    message: `This API key belongs to an agent or is narrowed to some scopes, and may not give ${raw.join(", ")}. Its person may, signed in or with a key that has the scope *.`,
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
