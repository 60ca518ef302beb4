import { matches, readPath } from "#catalog/body.js";
import type { Endpoint, Integration, RefusedMatch } from "#catalog/integration.js";
import { beginningOf } from "#core/characters.js";

export interface AnswerHead {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
}

/** Does the service say that the credential is no good any more? */
export function refusesCredential(
  { authFailed }: Integration,
  { status }: Pick<AnswerHead, "status">,
  body: unknown,
): boolean {
  return status === 401 || (authFailed !== null && matches(body, authFailed));
}

/** Does the service say that the credential is good, but lacks a scope? @see RFC 6750 §3.1 */
export function lacksScope({ scopeMissing }: Integration, answer: AnswerHead, body: unknown): boolean {
  if (insufficientScope.test(headerText(answer, "www-authenticate") ?? "")) return true;
  if (scopeMissing?.body.some((match) => matches(body, match))) return true;
  const names = scopeMissing?.headers;
  return names !== undefined && names !== null && grantsNoneOf(answer, names);
}

/** A refusal in the service's own words. */
export interface Refusal {
  /** The text that the integration's file points to; undefined when the body has none there. */
  message: string | undefined;
  /** The request may have been carried out nevertheless. */
  unknown: boolean;
}

/** The integration's own rules; without them, those of GraphQL where that is spoken. @see GraphQL §7.1 */
export function refusalRules({ refused }: Integration, { isGraphql }: Endpoint): RefusedMatch | null {
  return refused ?? (isGraphql ? graphqlErrors : null);
}

const graphqlErrors: RefusedMatch = {
  body: null,
  present: ["errors"],
  absent: ["data"],
  message: ["errors.0.message"],
  unknown: null,
};

/** Does the body of an answer say that the service refuses, whatever the status says? */
export function readRefusal(refused: RefusedMatch | null, body: unknown): Refusal | undefined {
  if (!refused) return undefined;
  const said = refused.body !== null && matches(body, refused.body);
  if (!said && !hasSign(refused, body)) return undefined;
  return {
    message: toText(refused.message.map((path) => readPath(body, path)).find(isThere)),
    unknown: refused.unknown !== null && matches(body, refused.unknown),
  };
}

/** Services that answer in part say what was wrong beside what they have. */
function hasSign({ present, absent }: RefusedMatch, body: unknown): boolean {
  return (
    present.some((path) => isThere(readPath(body, path))) &&
    !absent.some((path) => hasValue(readPath(body, path)))
  );
}

function hasValue(value: unknown): boolean {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? Object.values(value).some((inner) => inner !== null) : isThere(value);
}

function isThere(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false && value !== "";
}

const maxMessageLength = 1_000;

function toText(value: unknown): string | undefined {
  if (!isThere(value)) return undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return beginningOf(text, maxMessageLength);
}

const insufficientScope = /(?:^|[\s,])error\s*=\s*(?:"insufficient_scope"|insufficient_scope)(?=$|[\s,])/i;

/** Only an answer that lists the token's scopes tells: other kinds of token have none to compare. */
function grantsNoneOf(answer: AnswerHead, names: { granted: string; accepted: string }): boolean {
  if (answer.status !== 403 && answer.status !== 404) return false;
  const granted = scopesOf(headerText(answer, names.granted));
  const accepted = scopesOf(headerText(answer, names.accepted));
  if (!granted || !accepted || accepted.length === 0) return false;
  return !accepted.some((scope) => granted.includes(scope));
}

function scopesOf(list: string | undefined): string[] | undefined {
  return list?.split(/[\s,]+/).filter((scope) => scope !== "");
}

function headerText({ headers }: AnswerHead, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
