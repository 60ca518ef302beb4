import type { AuthorizationCodes, Client } from "#support/authorization-codes.js";
import { type IssuedTokens, newToken } from "#support/issued-tokens.js";
import type { FrontControls } from "#support/service-front.js";

/** What every stand-in for a service with OAuth can do. */
export interface OauthStandIn extends FrontControls {
  client: Client;
  /** The callback of a client, to the letter; any time before a sign-in. */
  registerRedirect(uri: string): void;
  /** Ends all access tokens; refresh tokens live on. */
  expireAll(): void;
  expire(token: string): void;
  /** From now on no refresh works; access tokens live on. */
  revokeRefreshTokens(): void;
  /** Access and refresh tokens that still work. */
  liveTokens(): string[];
  /** The variables that point a Skillett here. */
  settings(): Record<string, string>;
}

export function newClient(): Client {
  return { id: newToken("client-"), secret: newToken("secret-") };
}

type OauthControls = Pick<
  OauthStandIn,
  "client" | "registerRedirect" | "expireAll" | "expire" | "revokeRefreshTokens" | "liveTokens"
>;

export function oauthControls(
  client: Client,
  codes: AuthorizationCodes,
  tokens: IssuedTokens,
): OauthControls {
  const { expireAll, expire, revokeRefreshTokens, live: liveTokens } = tokens;
  return {
    client,
    registerRedirect: codes.registerRedirect,
    expireAll,
    expire,
    revokeRefreshTokens,
    liveTokens,
  };
}

/** `SKILLETT_<PROVIDER>_…` of an auth provider. */
export function providerSettings(
  provider: string,
  client: Client,
  urls: { authorize: string; token: string; revoke: string },
): Record<string, string> {
  return {
    [`SKILLETT_${provider}_CLIENT_ID`]: client.id,
    [`SKILLETT_${provider}_CLIENT_SECRET`]: client.secret,
    [`SKILLETT_${provider}_AUTHORIZE_URL`]: urls.authorize,
    [`SKILLETT_${provider}_TOKEN_URL`]: urls.token,
    [`SKILLETT_${provider}_REVOKE_URL`]: urls.revoke,
  };
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return /^(?:bearer|token) +(\S+)$/i.exec(authorization ?? "")?.[1];
}
