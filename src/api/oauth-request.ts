import { isLongerThan } from "#core/characters.js";
import { badRequest, type ErrorCode, SkillettError } from "#core/errors.js";

/**
 * A request to an OAuth endpoint. As a form, or where it says its `grant_type`, it is held to the words of the
 * RFCs; other JSON is our own, plainer way to ask the same.
 *
 * @see RFC 6749 §3.2 and §5.2
 */
export interface OAuthRequest {
  isStandard: boolean;
  /** A parameter; one that is empty counts as left out. @throws invalid_request or bad_request */
  optional(name: string, maxLength: number): string | undefined;
  required(name: string, maxLength: number): string;
}

export function readOAuthRequest(body: object, contentType: string | undefined): OAuthRequest {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType ?? "");
  const parameters = body as Record<string, unknown>;
  const isStandard = isForm || parameters.grant_type !== undefined;

  function refuse(name: string, message: string): never {
    if (isStandard) throw oauthError("invalid_request", `${name} ${message}`);
    throw badRequest([{ at: name, message }]);
  }
  function optional(name: string, maxLength: number): string | undefined {
    const value = parameters[name];
    if (value === undefined || value === "") return undefined;
    if (isForm && Array.isArray(value)) refuse(name, "stands twice");
    if (typeof value !== "string") refuse(name, "must be a string");
    if (isLongerThan(value, maxLength)) refuse(name, `must have at most ${maxLength} characters`);
    return value;
  }
  return {
    isStandard,
    optional,
    required: (name, maxLength) => optional(name, maxLength) ?? refuse(name, "is required"),
  };
}

/** `status` is the state of the device, for clients that do not read the RFC's error codes. */
export function oauthError(code: ErrorCode, message?: string, status?: string): SkillettError {
  const error = new SkillettError(code, message === undefined ? {} : { message });
  const extra = { ...(status === undefined ? {} : { status }), error_description: error.message };
  return new SkillettError(code, { message: error.message, extra });
}
