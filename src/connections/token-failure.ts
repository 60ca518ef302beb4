import * as openid from "openid-client";
import type { AuthProvider } from "#catalog/integration.js";
import { SkillettError } from "#core/errors.js";

/** The provider says no, for good: to this code, this refresh token, this client id and secret of a person. */
export class TokenRefused extends Error {
  /** The provider's error code, such as `invalid_grant`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "TokenRefused";
    this.code = code;
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
 * What a failed token request means: a `TokenRefused`, or a SkillettError that says what to do. `isOurs`: the
 * OAuth client is this server's, not one that a person typed in.
 */
export function tokenFailure(
  error: unknown,
  { name }: AuthProvider,
  isOurs: boolean,
): SkillettError | TokenRefused {
  const ours = findCause(error, (it) => it instanceof SkillettError);
  if (ours) return ours as SkillettError;
  if (error instanceof openid.ResponseBodyError) {
    const { error: code, error_description: description } = error;
    const words = printable(description ? `${code}: ${description}` : code);
    if (passingErrors.has(code)) {
      return new SkillettError("upstream_unreachable", {
        message: `${name} cannot hand out tokens just now (${words}). Try again shortly.`,
      });
    }
    if (isOurs && clientErrors.has(code)) return clientRefused(name, words);
    return new TokenRefused(code, `${name} refused (${words})`);
  }
  return unusable(name, error);
}

function clientRefused(name: string, words: string): SkillettError {
  return new SkillettError("upstream_unreachable", {
    message: `${name} refuses this server's OAuth client (${words}). The operator must check its id, its secret and the callback URL registered there.`,
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

function findCause(error: unknown, wanted: (error: Error) => boolean): Error | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (wanted(at)) return at;
  return undefined;
}

/** A provider's words, as they may stand in a message of ours. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200);
}
