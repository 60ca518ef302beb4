import { SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import { hashToken, keyPrefix, newApiKey } from "#identity/api-key.js";
import type { ApiKeyRow } from "#store/schema/tables.js";

export interface KeyOf {
  tenantId: string;
  profileId: string;
  agentId: string | null;
  name: string;
  /** @see scopes.ts */
  scopes: string[];
  /** ms since the epoch; null is never. */
  expiresAt: number | null;
}

export interface IssuedKey {
  row: ApiKeyRow;
  /** SECRET: shown this once. */
  fullKey: string;
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
    lineage_id: null,
    end_told_at: null,
  };
  return { row, fullKey };
}

export const scopesOf = ({ scopes }: Pick<ApiKeyRow, "scopes">): string[] => JSON.parse(scopes);

export function keyLimitReached(limit: number): SkillettError {
  return new SkillettError("plan_limit_reached", { facts: { limit, resource: "API keys" } });
}
