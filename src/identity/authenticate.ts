import type { Caller } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { hashToken, looksLikeApiKey } from "#identity/api-key.js";
import { bearerToken } from "#identity/bearer.js";
import { toPerson } from "#identity/person.js";
import { networkOf, type Throttle } from "#identity/throttle.js";
import type { ApiKeyRows, KeyWithPlan } from "#store/api-key-rows.js";

/** `last_used_at` is exact to a minute: a write at every call would cost more than the call. */
export const touchEveryMs = 60_000;
/** Wrong keys and tokens from one address. Right ones cost nothing, and work all the while. */
const guesses = { max: 30, windowSeconds: 60 };

/** Throws when the address has guessed too often. */
export function refuseGuessing(throttle: Throttle, address: string): Promise<void> {
  return throttle.refuse(`api-key/${networkOf(address)}`, guesses);
}

/**
 * Turns an `Authorization` header into the caller, or refuses. Reads the key from the database each time: no cache.
 *
 * @param address where the request comes from
 */
export type Authenticate = (authorization: string | undefined, address: string) => Promise<Caller>;

interface Deps {
  apiKeys: ApiKeyRows;
  throttle: Throttle;
  clock: Clock;
}

export function createAuthenticate({ apiKeys, throttle, clock }: Deps): Authenticate {
  return async (authorization, address) => {
    const key = requiredToken(authorization);
    const row = looksLikeApiKey(key) ? await apiKeys.findByHash(hashToken(key)) : undefined;
    if (!row) {
      await refuseGuessing(throttle, address);
      throw new SkillettError("api_key_invalid");
    }
    const now = clock();
    if (row.revoked_at !== null) throw new SkillettError("api_key_revoked");
    if (row.expires_at !== null && row.expires_at <= now) throw new SkillettError("api_key_expired");
    if (row.agent_id !== null) refuseIdleAgent(row);
    if (now - (row.last_used_at ?? 0) >= touchEveryMs) await apiKeys.touch(row.tenant_id, row.id, now);
    return toCaller(row);
  };
}

/**
 * Agents and programs are many, and a plan does not count them: those of one person share a minute. Otherwise whoever
 * makes one more would have the plan's minute once more.
 */
export const sharedMinute = (profileId: string) => `agents:${profileId}`;

/** Keys of a deleted agent are revoked with it; a key that was made at the same moment is refused here. */
function refuseIdleAgent({ agent_name: name, agent_status: status }: KeyWithPlan): void {
  if (status === null) throw new SkillettError("api_key_revoked");
  if (status !== "paused") return;
  throw new SkillettError("forbidden", {
    message: `The agent ${name} is paused, and its API keys with it. Somebody with agents:* can resume it.`,
  });
}

function requiredToken(authorization: string | undefined): string {
  const token = bearerToken(authorization);
  if (token) return token;
  throw new SkillettError("unauthorized", {
    message: "Missing or invalid authorization. Send the header `Authorization: Bearer sk_…`.",
  });
}

function toCaller(row: KeyWithPlan): Caller {
  return {
    ...toPerson(row),
    keyId: row.id,
    minuteBucket: row.agent_id === null ? `key:${row.lineage_id ?? row.id}` : sharedMinute(row.profile_id),
    agentId: row.agent_id,
    scopes: JSON.parse(row.scopes),
    keyExpiresAt: row.expires_at,
  };
}
