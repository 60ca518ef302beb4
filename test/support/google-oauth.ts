import type { AuthorizationCodes, Client } from "#support/authorization-codes.js";
import type { IssuedTokens } from "#support/issued-tokens.js";
import type { TokenEndpoint, TokenProblem } from "#support/token-endpoint.js";

interface Parts {
  client: Client;
  codes: AuthorizationCodes;
  tokens: IssuedTokens;
}

/**
 * Google gives a refresh token only with `access_type=offline`, and only the first time unless the person is
 * asked again with `prompt=consent`; a refresh does not bring another.
 */
export function googleTokenEndpoint({ client, codes, tokens }: Parts): TokenEndpoint {
  const consented = new Set<string>();
  return {
    client,
    codes,
    tokens,
    clientAuth: ["body", "basic"],
    refreshable({ params }, user) {
      const before = consented.has(user);
      if (params.get("access_type") !== "offline") return false;
      consented.add(user);
      return !before || params.get("prompt") === "consent";
    },
    grant: ({ access, refresh, grant }) => ({
      status: 200,
      body: {
        access_token: access,
        expires_in: 3599,
        ...(refresh && { refresh_token: refresh }),
        scope: grant.scopes?.join(" "),
        token_type: "Bearer",
      },
    }),
    refuse(problem) {
      const [status, error, error_description] = refusals[problem];
      return { status, body: { error, error_description } };
    },
  };
}

const refusals: Record<TokenProblem, [status: number, error: string, description: string]> = {
  client_id: [401, "invalid_client", "The OAuth client was not found."],
  client_secret: [401, "invalid_client", "Unauthorized"],
  client_auth: [401, "invalid_client", "Unauthorized"],
  code: [400, "invalid_grant", "Malformed auth code."],
  verifier: [400, "invalid_grant", "Invalid code verifier."],
  redirect_uri: [400, "redirect_uri_mismatch", "Bad Request"],
  grant_type: [400, "unsupported_grant_type", "Invalid grant_type"],
  refresh_token: [400, "invalid_grant", "Token has been expired or revoked."],
};
