import type { Contract } from "#contract/contract.js";
import type { Api } from "#contract/route.js";
import { isoTime } from "#core/clock.js";
import type { IssuedKey, Keys } from "#identity/keys.js";
import type { ApiKeyRow } from "#store/tables.js";

type Names = "listApiKeys" | "createApiKey" | "revokeApiKey" | "rotateApiKey";

export function apiKeysApi(keys: Keys): Pick<Api<Contract>, Names> {
  return {
    async listApiKeys({ caller, query: { everyone = false } }) {
      const rows = await keys.list(caller, { everyone });
      return rows.map((row) => ({
        ...toKey(row),
        ...(everyone ? { profile_id: row.profile_id } : {}),
        last_used_at: isoTime(row.last_used_at),
        revoked_at: isoTime(row.revoked_at),
      }));
    },
    async createApiKey({ caller, body }) {
      const key = await keys.create(caller, {
        name: body.name,
        scopes: body.scopes ?? ["*"],
        expiresAt: body.expires_at === undefined ? null : Date.parse(body.expires_at),
        agent: body.agent_id,
      });
      return toIssued(key);
    },
    async revokeApiKey({ caller, params }) {
      await keys.revoke(caller, params.id);
    },
    async rotateApiKey({ caller, params }) {
      return toIssued(await keys.rotate(caller, params.id));
    },
  };
}

const toIssued = ({ row, fullKey }: IssuedKey) => ({ api_key: toKey(row), full_key: fullKey });

function toKey({ id, name, key_prefix, scopes, expires_at, created_at, agent_id }: ApiKeyRow) {
  return {
    id,
    name,
    key_prefix,
    scopes: JSON.parse(scopes) as string[],
    expires_at: isoTime(expires_at),
    created_at: isoTime(created_at),
    ...(agent_id === null ? {} : { agent_id }),
  };
}
