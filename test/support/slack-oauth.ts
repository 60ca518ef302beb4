import type { AuthorizationCodes, Client } from "#support/authorization-codes.js";
import type { IssuedTokens, TokenRules } from "#support/issued-tokens.js";
import type { TokenEndpoint, TokenProblem } from "#support/token-endpoint.js";

export function slackTokenRules(rotation: boolean): TokenRules {
  if (!rotation) return { accessPrefix: "xoxp-" };
  return { accessPrefix: "xoxe.xoxp-1-", refreshPrefix: "xoxe-1-", refreshing: "rotated" };
}

interface Parts {
  client: Client;
  codes: AuthorizationCodes;
  tokens: IssuedTokens;
  rotation: boolean;
}

const team = { id: "T000000001", name: "Acme" };
export const appId = "A000000001";

/** The user's tokens are nested in the answer to a sign-in, and on top in the answer to a refresh. */
export function slackTokenEndpoint({ client, codes, tokens, rotation }: Parts): TokenEndpoint {
  return {
    client,
    codes,
    tokens,
    clientAuth: ["body", "basic"],
    grant({ access, refresh, grant }, refreshed) {
      const userTokens = {
        scope: grant.scopes?.join(","),
        access_token: access,
        token_type: "user",
        ...(rotation && { expires_in: 43_200, refresh_token: refresh }),
      };
      const app = { ok: true, app_id: appId, team, enterprise: null, is_enterprise_install: false };
      return {
        status: 200,
        body: refreshed
          ? { ...app, user_id: grant.user, ...userTokens }
          : { ...app, authed_user: { id: grant.user, ...userTokens } },
      };
    },
    refuse: (problem) => ({ status: 200, body: { ok: false, error: refusals[problem] } }),
  };
}

const refusals: Record<TokenProblem, string> = {
  client_id: "invalid_client_id",
  client_secret: "bad_client_secret",
  client_auth: "bad_client_secret",
  code: "invalid_code",
  verifier: "invalid_code",
  redirect_uri: "bad_redirect_uri",
  grant_type: "invalid_grant_type",
  refresh_token: "invalid_refresh_token",
};
