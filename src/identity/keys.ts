import type { Caller } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { badRequest, type Issue, SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import { didYouMean } from "#core/suggest.js";
import { hashToken, keyPrefix, newApiKey } from "#identity/api-key.js";
import type { ApiKeys } from "#store/api-keys.js";
import type { ApiKeyRow } from "#store/tables.js";

export interface NewKey {
  name: string;
  scopes: string[];
  /** ms since the epoch; null is never. */
  expiresAt: number | null;
}

export interface Keys {
  list(caller: Caller): Promise<ApiKeyRow[]>;
  /** The row and the full key: SECRET, shown this once. */
  create(caller: Caller, key: NewKey): Promise<{ row: ApiKeyRow; fullKey: string }>;
  revoke(caller: Caller, id: string): Promise<void>;
}

interface Deps {
  apiKeys: ApiKeys;
  clock: Clock;
  /** Slugs that a scope may name. */
  integrations: () => Iterable<string>;
}

export function createKeys({ apiKeys, clock, integrations }: Deps): Keys {
  return {
    list: ({ tenantId, profileId }) => apiKeys.list(tenantId, profileId),
    async create(caller, { name, scopes, expiresAt }) {
      const now = clock();
      refuseUnknownScopes(scopes, [...integrations()]);
      refusePast(expiresAt, now);
      refuseMoreThanOwn(caller, scopes, expiresAt);
      const fullKey = newApiKey();
      const row: ApiKeyRow = {
        tenant_id: caller.tenantId,
        id: newId("key"),
        profile_id: caller.profileId,
        agent_id: null,
        name,
        key_hash: hashToken(fullKey),
        key_prefix: keyPrefix(fullKey),
        scopes: JSON.stringify(scopes),
        expires_at: expiresAt,
        revoked_at: null,
        last_used_at: null,
        created_at: now,
      };
      const limit = caller.plan.apiKeys;
      if (await apiKeys.insert(row, limit, now)) return { row, fullKey };
      throw new SkillettError("plan_limit_reached", { facts: { limit: limit!, resource: "API keys" } });
    },
    async revoke(caller, id) {
      const { tenantId, profileId } = caller;
      const row = (await apiKeys.list(tenantId, profileId)).find((key) => key.id === id);
      if (!row) throw new SkillettError("not_found", { facts: { resource: "API key" } });
      refuseBeyondOwn(caller, JSON.parse(row.scopes), "may not revoke a key that may do more than itself");
      await apiKeys.revoke(tenantId, profileId, id, clock());
    },
  };
}

function refuseUnknownScopes(scopes: string[], known: string[]): void {
  const issues: Issue[] = [];
  scopes.forEach((scope, at) => {
    if (scope === "*" || known.includes(scope)) return;
    issues.push({
      at: `scopes[${at}]`,
      message: `there is no integration ${scope}.${didYouMean(scope, known)}`,
    });
  });
  if (issues.length > 0) throw badRequest(issues);
}

function refusePast(expiresAt: number | null, now: number): void {
  if (expiresAt === null || expiresAt > now) return;
  throw badRequest([{ at: "expires_at", message: "must lie in the future" }]);
}

function refuseBeyondOwn(caller: Caller, scopes: string[], what: string): void {
  const beyond = caller.scopes.includes("*") ? [] : scopes.filter((scope) => !caller.scopes.includes(scope));
  if (beyond.length === 0) return;
  throw new SkillettError("forbidden", {
    message: `This API key ${what}: ${beyond.join(", ")}. Its own scopes: ${caller.scopes.join(", ")}.`,
  });
}

/** A key never makes a key that may do more, or lives longer, than itself. */
function refuseMoreThanOwn(caller: Caller, scopes: string[], expiresAt: number | null): void {
  refuseBeyondOwn(caller, scopes, "may not give what it does not have");
  if (caller.keyExpiresAt !== null && (expiresAt === null || expiresAt > caller.keyExpiresAt)) {
    throw new SkillettError("forbidden", {
      message: `This API key may not make one that outlives it. Set expires_at to ${new Date(caller.keyExpiresAt).toISOString()} or earlier.`,
    });
  }
}
