import type { Caller } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { hashToken } from "#identity/api-key.js";
import { type Authenticate, refuseGuessing, sharedMinute, touchEveryMs } from "#identity/authenticate.js";
import { bearerToken, bearsApiKey } from "#identity/bearer.js";
import { toPerson } from "#identity/person.js";
import type { Throttle } from "#identity/throttle.js";
import type { OAuthGrantRows, TokenWithPlan } from "#store/oauth-grant-rows.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

interface Deps {
  grants: OAuthGrantRows;
  vault: Vault;
  /** The resource that tokens must have been issued for. @see RFC 8707 */
  resource: () => string;
  throttle: Throttle;
  clock: Clock;
}

/** Turns an access token of ours into the caller of `/mcp`, or refuses. Reads it from the database each time. */
export function createAuthenticateToken({ grants, vault, resource, throttle, clock }: Deps): Authenticate {
  return async (authorization, address) => {
    const token = bearerToken(authorization);
    const id = hashToken(token ?? "");
    const row = token === undefined ? undefined : await grants.findByToken(id);
    if (!row) {
      await refuseGuessing(throttle, address);
      throw invalid("This access token is not valid, or has been over for long. Sign in again.");
    }
    const now = clock();
    if (row.revoked_at !== null || (row.agent_id !== null && row.agent_status === null)) throw revoked();
    if (row.grant_expires_at !== null && row.grant_expires_at <= now) throw ended();
    if (row.expires_at <= now) throw expired();
    if (row.agent_status === "paused") throw paused(row);
    const { aud, scope } = JSON.parse(await vault.open(row.box, sealedRow.oauthArtifact(id)));
    if (aud !== resource()) throw invalid(`This access token is for ${aud}, not for ${resource()}.`);
    if (now - (row.last_used_at ?? 0) >= touchEveryMs) await grants.touch(row.tenant_id, row.id, now);
    return toCaller(row, String(scope).split(" "));
  };
}

/** Authenticates callers of `/mcp`: by an API key, or by an access token of a program that a person has let in. */
export function createAuthenticateMcp(byKey: Authenticate, byToken: Authenticate): Authenticate {
  return (authorization, address) => {
    const isToken = authorization !== undefined && !bearsApiKey(authorization);
    return (isToken ? byToken : byKey)(authorization, address);
  };
}

function toCaller(row: TokenWithPlan, scopes: string[]): Caller {
  return {
    ...toPerson(row),
    keyId: row.id,
    minuteBucket: sharedMinute(row.profile_id),
    agentId: row.agent_id,
    scopes,
    keyExpiresAt: row.expires_at,
  };
}

const invalid = (message: string) => new SkillettError("unauthorized", { message });

function revoked(): SkillettError {
  return new SkillettError("api_key_revoked", {
    message: "This access has been revoked. Sign in again to ask for it anew.",
  });
}

function ended(): SkillettError {
  return new SkillettError("api_key_expired", {
    message: "This access has come to its end. Sign in again to ask for it anew.",
  });
}

function expired(): SkillettError {
  return new SkillettError("api_key_expired", {
    message: "This access token has expired. Refresh it, or sign in again.",
  });
}

function paused({ agent_name: name }: TokenWithPlan): SkillettError {
  return new SkillettError("forbidden", {
    message: `The agent ${name} is paused, and so are the programs that act as it. Somebody with agents:* can resume it.`,
  });
}
