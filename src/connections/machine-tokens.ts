import type { Grant } from "#catalog/integration.js";
import type { Credential } from "#catalog/request/authorize.js";
import type { OAuth, Tokens } from "#connections/oauth.js";

/** Does the person give what access tokens are had with, rather than sign in? */
export function isMachine({ type }: Grant): boolean {
  return type !== "authorization_code";
}

/**
 * Tokens of an account that a program has for itself.
 *
 * @throws SkillettError, `TokenRefused`
 * @see RFC 6749 §4.4, RFC 7523 §2.1
 */
export function machineTokens(
  oauth: OAuth,
  { type, provider }: Grant,
  credential: Credential,
  scopes: string[],
): Promise<Tokens> {
  if (type === "jwt_bearer") return oauth.jwtBearer(provider, credential, scopes);
  const { client_id: id = "", client_secret: secret = "" } = credential;
  return oauth.clientCredentials({ provider, id, secret }, scopes);
}
