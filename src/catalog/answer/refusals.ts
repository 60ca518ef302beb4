import { isSpent } from "#catalog/answer/waiting.js";
import { matches, readPath } from "#catalog/body.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import type { RefusalClass, RefusalRule, RefusedMatch } from "#catalog/refusal.js";
import { beginningOf } from "#core/characters.js";

export interface AnswerHead {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
}

/** An answer, as far as it was read. */
export interface ReadAnswer extends AnswerHead {
  /** Its body as JSON; undefined when it is none, or was not read. */
  said: unknown;
  /** The bytes that are in memory. */
  bytes: Buffer;
}

/** A refusal in the service's own words. */
export interface Refusal {
  /** The text that the integration's file points to; undefined when the body has none there. */
  message: string | undefined;
  /** The request may have been carried out nevertheless. */
  unknown: boolean;
}

/** The reason why a service refuses, where it is known. */
export interface RefusalReason {
  class: RefusalClass;
  /** The scopes that it names; none when it names none. */
  scopes: string[];
  /** Seconds to wait where the answer does not say; null: not known. */
  wait: number | null;
}

/**
 * The reason for a refusal: by the endpoint's rules, then those of the integration, then the usual ways. Undefined when
 * it is none of the classes, or no refusal.
 *
 * @param refused by its body, whatever its status
 */
export function reasonOf(
  integration: Integration,
  endpoint: Pick<Endpoint, "refusals"> | null,
  answer: ReadAnswer,
  refused: boolean,
): RefusalReason | undefined {
  if (answer.status < 400 && !refused) return undefined;
  const rules = [...(endpoint?.refusals ?? []), ...integration.refusals];
  const rule = rules.find((it) => applies(it, answer));
  if (!rule) return usualReason(integration, answer);
  const named = rule.scopes === null ? [] : scopesIn(readPath(answer.said, rule.scopes));
  return { class: rule.class, scopes: named, wait: rule.wait };
}

/** Does a rule look into the bodies of refusals, as JSON? */
export function readsBody(
  { refusals, rateLimit }: Integration,
  endpoint: Pick<Endpoint, "refusals">,
): boolean {
  return (
    [...endpoint.refusals, ...refusals].some((rule) => rule.body !== null || rule.scopes !== null) ||
    [...rateLimit.retryAfter, ...rateLimit.reset].some(({ body }) => body !== null)
  );
}

/** @see RFC 6750 §3.1, RFC 9110 §15.5.2, RFC 6585 §4 */
function usualReason({ rateLimit }: Integration, answer: AnswerHead): RefusalReason | undefined {
  const { status, headers } = answer;
  const reason = (known: RefusalClass, scopes: string[] = []) => ({ class: known, scopes, wait: null });
  const challenge = headerText(answer, "www-authenticate") ?? "";
  if (insufficientScope.test(challenge))
    return reason("scope", scopesIn(challengeScope.exec(challenge)?.[1]));
  if (status === 401) return reason("dead");
  const isLimited = status === 403 && (headers["retry-after"] !== undefined || isSpent(rateLimit, headers));
  return status === 429 || isLimited ? reason("rate") : undefined;
}

const insufficientScope = /(?:^|[\s,])error\s*=\s*(?:"insufficient_scope"|insufficient_scope)(?=$|[\s,])/i;
const challengeScope = /(?:^|[\s,])scope\s*=\s*"([^"]*)"/i;

/** Texts are looked for up to here, in bytes: refusals are short, and pages of HTML are not. */
const maxTextBytes = 4_096;

function applies(rule: RefusalRule, answer: ReadAnswer): boolean {
  const { status, body, headers, text, lacking } = rule;
  if (status !== null && !status.includes(answer.status)) return false;
  if (body !== null && !matches(answer.said, body)) return false;
  if (!Object.entries(headers).every(([name, values]) => hasHeader(answer, name, values))) return false;
  if (text.length > 0 && !hasText(answer.bytes, text)) return false;
  return lacking === null || grantsNoneOf(answer, lacking);
}

function hasHeader(answer: AnswerHead, name: string, values: readonly string[]): boolean {
  const found = headerText(answer, name);
  if (found === undefined) return false;
  return values.some((it) => (it.endsWith("*") ? found.startsWith(it.slice(0, -1)) : found === it));
}

function hasText(bytes: Buffer, texts: readonly string[]): boolean {
  const beginning = bytes.subarray(0, maxTextBytes).toString().toLowerCase();
  return texts.some((it) => beginning.includes(it));
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

/** Only an answer that lists the token's scopes tells: other kinds of token have none to compare. */
function grantsNoneOf(answer: AnswerHead, names: { granted: string; accepted: string }): boolean {
  const granted = headerText(answer, names.granted);
  const accepted = scopesIn(headerText(answer, names.accepted));
  if (granted === undefined || accepted.length === 0) return false;
  const has = scopesIn(granted);
  return !accepted.some((scope) => has.includes(scope));
}

/** The scopes in a list, or in a text with spaces or commas between them. */
function scopesIn(value: unknown): string[] {
  const texts = [value].flat().filter((it) => typeof it === "string");
  return texts.flatMap((it) => it.split(/[\s,]+/)).filter((scope) => scope !== "");
}

function headerText({ headers }: AnswerHead, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
