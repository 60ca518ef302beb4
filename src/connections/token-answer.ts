import { parse as parseYaml } from "yaml";
import { readPath } from "#catalog/body.js";
import type { AuthProvider } from "#catalog/provider.js";
import { isObject } from "#core/json-object.js";

/** The answer of a token endpoint, in the form of RFC 6749: §5.1 for a success, §5.2 for a refusal. SECRET. */
export interface StandardAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** A success without an access token. A refresh token that came all the same may be the only one that works now. */
export class AccessTokenMissing extends Error {
  // Private, so that nobody who logs the error has it.
  readonly #refreshToken: string | undefined;

  constructor(refreshToken: string | undefined) {
    super('"response" body "access_token" property must be a string that is not empty');
    this.name = "AccessTokenMissing";
    this.#refreshToken = refreshToken;
  }

  /** SECRET. */
  get refreshToken(): string | undefined {
    return this.#refreshToken;
  }
}

/**
 * Reads what a provider answered, however it words it: errors hidden in a 200, tokens nested in an object, JSON
 * or a form under any media type, fields that are empty or of another type. An odd field counts as left out
 * where the standard lets it be left out, so that it never costs the tokens beside it: a refresh token that was
 * rotated cannot be had twice.
 *
 * @returns undefined when the text is nothing of the kind
 * @throws AccessTokenMissing
 * @see RFC 6749 §5
 */
export function readTokenAnswer(
  provider: Pick<AuthProvider, "tokenPath">,
  status: number,
  text: string,
): StandardAnswer | undefined {
  const answer = parseAnswer(text.replace(/^\uFEFF/, ""));
  if (answer === undefined) return undefined;
  const tokens = tokensIn(provider, answer);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && isText(tokens.access_token)) {
    return { status: 200, body: { ...standardTokens(tokens), provider_answer: answer } };
  }
  const { error, error_description: description } = answer;
  if (isText(error)) {
    return {
      status: isSuccess ? 400 : status,
      body: { error, ...(isText(description) ? { error_description: description } : {}) },
    };
  }
  if (isSuccess) throw new AccessTokenMissing(textOf(tokens.refresh_token) ?? textOf(answer.refresh_token));
  return { status, body: {} };
}

/** A refresh may answer flat where the first answer was nested. */
function tokensIn({ tokenPath }: Pick<AuthProvider, "tokenPath">, answer: Record<string, unknown>) {
  const nested = tokenPath === null ? undefined : readPath(answer, tokenPath);
  const isThere = isObject(nested) && (isText(nested.access_token) || !isText(answer.access_token));
  return isThere ? nested : answer;
}

/**
 * We ask for no identity, so `id_token` is left out; and some name the kind of account in `token_type`, where
 * the standard wants `bearer`.
 */
function standardTokens({ access_token, refresh_token, expires_in, scope }: Record<string, unknown>) {
  const optional = {
    refresh_token: textOf(refresh_token),
    expires_in: lifetimeOf(expires_in),
    scope: scopeOf(scope),
  };
  const said = Object.entries(optional).filter(([, value]) => value !== undefined);
  return { access_token, token_type: "bearer", ...Object.fromEntries(said) };
}

/** Longer than any token lives: a greater number means something else, such as milliseconds. */
const maxSeconds = 100 * 365 * 86_400;

/** Seconds until the access token ends; undefined, which is an unknown end, for anything but such a number. */
function lifetimeOf(value: unknown): number | undefined {
  const isNumber =
    typeof value === "number" || (typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value));
  const seconds = isNumber ? Number(value) : Number.NaN;
  return seconds > 0 && seconds <= maxSeconds ? seconds : undefined;
}

/** Scopes with spaces between them; undefined when the provider names none. */
function scopeOf(value: unknown): string | undefined {
  const scopes = Array.isArray(value) ? value.filter(isText).join(" ") : value;
  return isText(scopes) && /[^\s,]/.test(scopes) ? scopes : undefined;
}

function parseAnswer(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text) ?? parseForm(text) ?? parseNearlyJson(text);
  return isObject(value) ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Providers older than the standard answer with a form, under its own media type or as plain text. */
function parseForm(text: string): Record<string, string> | undefined {
  const isForm = /^(?:[\w.-]+=[^&=\s]*&)*[\w.-]+=[^&=\s]*$/.test(text.trim());
  return isForm ? Object.fromEntries(new URLSearchParams(text.trim())) : undefined;
}

/** Many libraries write `Infinity` and `NaN`, which JSON does not have, and YAML reads them. */
function parseNearlyJson(text: string): unknown {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return parseYaml(text, { uniqueKeys: false, maxAliasCount: 0, logLevel: "silent" });
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const textOf = (value: unknown) => (isText(value) ? value : undefined);
