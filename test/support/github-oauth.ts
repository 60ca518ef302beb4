import type { AuthorizationCodes, Client } from "#support/authorization-codes.js";
import type { IssuedTokens, TokenRules } from "#support/issued-tokens.js";
import type { Answer, FrontRequest } from "#support/service-front.js";
import type { TokenEndpoint, TokenProblem } from "#support/token-endpoint.js";

export function githubTokenRules(expiringTokens: boolean): TokenRules {
  if (!expiringTokens) return { accessPrefix: "gho_" };
  return { accessPrefix: "ghu_", refreshPrefix: "ghr_", refreshing: "rotated", endsOld: true };
}

interface Parts {
  client: Client;
  codes: AuthorizationCodes;
  tokens: IssuedTokens;
  expiringTokens: boolean;
}

/** GitHub refuses with HTTP 200, and lists scopes with commas. */
export function githubTokenEndpoint({ client, codes, tokens, expiringTokens }: Parts): TokenEndpoint {
  return {
    client,
    codes,
    tokens,
    clientAuth: ["body", "basic"],
    grant: ({ access, refresh, grant }) => ({
      status: 200,
      body: {
        access_token: access,
        ...(expiringTokens && { expires_in: 28_800 }),
        ...(refresh && { refresh_token: refresh, refresh_token_expires_in: 15_897_600 }),
        scope: grant.scopes?.join(",") ?? "",
        token_type: "bearer",
      },
    }),
    refuse(problem) {
      const [error, error_description] = refusals[problem];
      return { status: 200, body: { error, error_description } };
    },
  };
}

/** GitHub answers with a form unless it is asked for JSON. */
export function withAccept({ headers }: FrontRequest, answer: Answer): Answer {
  if (headers.accept?.includes("json")) return answer;
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(answer.body as object)) form.set(name, String(value));
  return {
    status: answer.status,
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: form.toString(),
  };
}

const badClient = ["incorrect_client_credentials", "The client credentials are not correct."] as const;
const badCode = ["bad_verification_code", "The code is not correct, or has expired."] as const;

const refusals: Record<TokenProblem, readonly [string, string]> = {
  client_id: badClient,
  client_secret: badClient,
  client_auth: badClient,
  code: badCode,
  verifier: badCode,
  redirect_uri: ["redirect_uri_mismatch", "The redirect_uri is not the one of the authorization."],
  grant_type: ["unsupported_grant_type", "The grant_type is not known."],
  refresh_token: ["bad_refresh_token", "The refresh token is not correct, or has expired."],
};
