import type * as routes from "#contract/api-keys.js";
import type { Api } from "#contract/route.js";
import { isoTime } from "#core/clock.js";
import { rawInWords } from "#core/scopes.js";
import type { IssuedKey } from "#identity/issue-key.js";
import type { Keys } from "#identity/keys.js";
import type { ApiKeyRow } from "#store/schema/tables.js";

export function createApiKeysApi(keys: Keys): Api<typeof routes> {
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
        scopes: body.scopes,
        expiresAt: typeof body.expires_at === "string" ? Date.parse(body.expires_at) : body.expires_at,
        agent: body.agent_id,
      });
      const hint = hintFor(key.row, body);
      return { ...toIssued(key), ...(hint === undefined ? {} : { hint }) };
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

/**
 * Advice to whoever made a key: the meaning of raw requests; and of a key of an agent, which scopes and which end it got
 * by default, and how to choose others.
 */
function hintFor(
  { agent_id, scopes: given, expires_at }: ApiKeyRow,
  chosen: { scopes?: string[]; expires_at?: string | null },
): string | undefined {
  const scopes: string[] = JSON.parse(given);
  const raw = rawInWords(scopes);
  if (agent_id === null) return raw;
  const reads = chosen.scopes
    ? undefined
    : 'It only reads, since no scopes were given. To let it do more, make another with scopes, such as ["*:read", "github.create_issue"].';
  const ends =
    chosen.expires_at === undefined && expires_at !== null
      ? `It ends ${isoTime(expires_at)}, since no end was given; give expires_at, or null for none.`
      : undefined;
  const all = scopes.includes("*")
    ? "It may do everything with all accounts of its person, those connected later too. Name the scopes that the agent needs instead."
    : undefined;
  const hints = [reads, ends, all, raw].filter((it) => it !== undefined);
  return hints.length === 0 ? undefined : hints.join(" ");
}

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
