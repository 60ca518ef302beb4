import type * as routes from "#contract/authorizations.js";
import type { Api } from "#contract/route.js";
import { isoTime } from "#core/clock.js";
import type { Authorizations } from "#identity/authorizations.js";
import type { ListedGrant } from "#store/oauth-grant-rows.js";

export interface AuthorizationsDeps {
  authorizations: Authorizations;
}

export function createAuthorizationsApi({ authorizations }: AuthorizationsDeps): Api<typeof routes> {
  return {
    getAuthorizationRequest: ({ caller, params, headers }) =>
      authorizations.see(caller, { uid: params.id, cookie: headers.cookie }),
    async approveAuthorization({ caller, params, headers, body }) {
      const ref = { uid: params.id, cookie: headers.cookie };
      const { agentId: agent = null, scopes } = body;
      const expiresAt = typeof body.expiresAt === "string" ? Date.parse(body.expiresAt) : body.expiresAt;
      return { redirectTo: await authorizations.approve(caller, ref, { agent, scopes, expiresAt }) };
    },
    async denyAuthorization({ params, headers }) {
      return { redirectTo: await authorizations.deny({ uid: params.id, cookie: headers.cookie }) };
    },
    async listAuthorizations({ caller }) {
      const rows = await authorizations.list(caller);
      return { authorizations: rows.map(toAuthorization), total: rows.length };
    },
    async revokeAuthorization({ caller, params }) {
      await authorizations.revoke(caller, params.id);
      return { success: true };
    },
  };
}

function toAuthorization(row: ListedGrant) {
  return {
    id: row.id,
    clientId: row.client_id,
    clientName: row.client_name,
    agent:
      row.agent_id !== null && row.agent_name !== null ? { id: row.agent_id, name: row.agent_name } : null,
    scopes: JSON.parse(row.scopes) as string[],
    createdAt: isoTime(row.created_at),
    expiresAt: isoTime(row.expires_at),
    lastUsedAt: isoTime(row.last_used_at),
  };
}
