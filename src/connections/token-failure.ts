import * as openid from "openid-client";
import type { AuthProvider, ProviderOwner } from "#catalog/provider.js";
import { AccessTokenMissing } from "#connections/token-answer.js";
import { SkillettError } from "#core/errors.js";

/** The provider says no to this request: to a code, a refresh token, a client id and secret of a person. */
export class TokenRefused extends Error {
  /** The provider's error code, such as `invalid_grant`. */
  readonly code: string;
  /** Whether the code, token or client that was sent is known to be of no use any more. */
  readonly isFinal: boolean;

  constructor(code: string, message: string, isFinal: boolean) {
    super(message);
    this.name = "TokenRefused";
    this.code = code;
    this.isFinal = isFinal;
  }
}

/** The OAuth client is refused. When it is ours, that is the operator's matter, and the person's grant is good. */
const clientErrors = new Set([
  "invalid_client",
  "unauthorized_client",
  "incorrect_client_credentials",
  "invalid_client_id",
  "bad_client_secret",
  "redirect_uri_mismatch",
  "bad_redirect_uri",
]);
/** The same request may succeed later. */
const passingErrors = new Set([
  "temporarily_unavailable",
  "server_error",
  "slow_down",
  "ratelimited",
  "rate_limited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
]);
/**
 * Codes that end the grant, so that the person has to sign in again: those of RFC 6749 §5.2, and those that providers
 * send in their place. Every other code, known or not, counts as passing: a connection that is ended by mistake costs
 * its person a new sign-in, one that is tried again costs a request.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.6 for the codes with `_required`
 */
const finalErrors = new Set([
  "invalid_grant",
  "expired_token",
  "token_expired",
  "token_revoked",
  "revoked_token",
  "bad_refresh_token",
  "invalid_refresh_token",
  "refresh_token_expired",
  "bad_verification_code",
  "invalid_code",
  "code_already_used",
  "code_expired",
  "account_inactive",
  "inactive_user",
  "user_disabled",
  "access_denied",
  "interaction_required",
  "login_required",
  "consent_required",
]);

/**
 * The error that a failed token request becomes: a `TokenRefused`, or a SkillettError that says what to do. `isOurs`:
 * the OAuth client is this server's, not one that a person entered.
 */
export function tokenFailure(
  error: unknown,
  { name, owner }: AuthProvider,
  isOurs: boolean,
): SkillettError | TokenRefused {
  const ours = findCause(error, (it) => it instanceof SkillettError);
  if (ours) return ours as SkillettError;
  if (error instanceof openid.ResponseBodyError) {
    const { error: code, error_description: description } = error;
    const reason = printable(description ? `${code}: ${description}` : code);
    const kind = code.toLowerCase();
    const isClients = clientErrors.has(kind);
    if (isClients && isOurs) return clientRefused(name, reason, owner);
    if (passingErrors.has(kind)) {
      return new SkillettError("upstream_unreachable", {
        message: `${name} cannot hand out tokens just now (${reason}). Try again shortly.`,
      });
    }
    return new TokenRefused(code, `${name} refused (${reason})`, isClients || finalErrors.has(kind));
  }
  return unusable(name, error);
}

function clientRefused(name: string, reason: string, owner: ProviderOwner | null): SkillettError {
  if (owner) {
    return new SkillettError("upstream_unreachable", {
      message: `${name} refuses the OAuth client that was registered there (${reason}). Remove the integration ${owner.integration} and add it again: that registers another, and accounts are connected anew.`,
      retryable: false,
    });
  }
  return new SkillettError("upstream_unreachable", {
    message: `${name} refuses this server's OAuth client (${reason}). The operator must check its id, its secret and the callback URL registered there.`,
    retryable: false,
  });
}

function unusable(name: string, error: unknown): SkillettError {
  const why = findCause(error, (it) => /^"response"|property must|"iss"/.test(it.message))?.message;
  return new SkillettError("upstream_unreachable", {
    message: `${name} sent an answer that cannot be used${why ? ` (${why})` : ": it is not what OAuth says"}.`,
    cause: error,
  });
}

/** SECRET. The refresh token of an answer that had no access token. */
export function rotatedToken(error: unknown): string | undefined {
  const missing = findCause(error, (it) => it instanceof AccessTokenMissing);
  return (missing as AccessTokenMissing | undefined)?.refreshToken;
}

function findCause(error: unknown, isCause: (error: Error) => boolean): Error | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (isCause(at)) return at;
  return undefined;
}

/** A provider's words, as they may stand in a message of ours. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200);
}
