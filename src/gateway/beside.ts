import { parse } from "lossless-json";
import { isNextOutOfReach, type NextPage, nextPage, type PagedAnswer } from "#catalog/answer/paging.js";
import type { Refusal, RefusalReason } from "#catalog/answer/refusals.js";
import { retryAfter } from "#catalog/answer/waiting.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { baseUrlOf } from "#catalog/settings.js";
import { exactNumber } from "#core/answer-json.js";
import { type RefusalHint, refusalHint } from "#gateway/refusal-hint.js";
import type { Sent } from "#gateway/send-authorized.js";
import type { SealedConnection } from "#store/connection-rows.js";
import { outcomeOfStatus, type Repeating } from "#upstream/failure.js";
import { type AnswerHead, redirectStatuses } from "#upstream/send.js";

/** The facts beside the data of an answer; each part is left out when there is nothing to say. */
export interface Beside {
  refused?: { message: string };
  hint?: Hint;
  page?: Page;
}

/** Advice that the service does not give, and we can. */
export type Hint = { message: string } & Partial<Omit<RefusalHint, "message">>;

export interface Page {
  /** Params to give, beside those that were given, to have the next page. */
  next?: NextPage;
  /** Seconds until the service wants to be asked again. */
  retry_after?: number;
  /** Address that the service names: of what it made, or of another place to look. */
  location?: string;
}

/** An answer of a service, with the request that it answers. */
export interface Answered {
  integration: Integration;
  endpoint: Endpoint;
  /** Of the call. */
  params: Readonly<Record<string, unknown>>;
  repeating: Repeating;
  /** Null when the integration needs none. */
  connection: SealedConnection | null;
  sent: Sent;
  now: number;
  /** To be said whatever the answer is. */
  remark: string | undefined;
}

/** Our reading of a call that was answered. */
export interface Verdict {
  beside: Beside;
  /** The service refused: by its status, its body, or by sending elsewhere. */
  refused: boolean;
  /**
   * Result of later calls with the same Idempotency-Key: this answer, another attempt, or that the outcome is
   * unknown.
   */
  sameKey: "answer" | "attempt" | "unknown";
}

export function toVerdict(answered: Answered): Verdict {
  const { integration, endpoint, connection, sent, now } = answered;
  const { response, reason } = sent;
  const refusal = sent.refusal ?? sentElsewhere(integration, response);
  const isRate = reason?.class === "rate";
  const { headers } = response;
  const asked = retryAfter(integration.rateLimit, { headers, said: sent.said }, isRate, now);
  const wait = asked ?? reason?.wait ?? undefined;
  const why = reason && refusalHint(integration, endpoint, connection, reason, wait);
  const sameKey = sameKeyGets(answered, refusal, wait);
  const { status } = response;
  return {
    refused: refusal !== undefined || (status >= 400 && status < 500),
    sameKey,
    beside: {
      ...(refusal && { refused: { message: refusal.message ?? `${integration.name} does not say why.` } }),
      ...hintOf(answered, refusal, sameKey, why),
      ...pageOf(answered, wait),
    },
  };
}

/** A redirect that could not be followed: the answer does not have the requested data. */
function sentElsewhere({ name }: Integration, { status }: AnswerHead): Refusal | undefined {
  if (!redirectStatuses.includes(status)) return undefined;
  return {
    message: `${name} answered ${status}, which sends elsewhere, and was not followed.`,
    unknown: outcomeOfStatus(status) === "unknown",
  };
}

/** The service has not looked at the request. @see RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4 */
const notLookedAt = [408, 425, 429];

function sameKeyGets(
  { endpoint, repeating, sent: { response, reason } }: Answered,
  refusal: Refusal | undefined,
  wait: number | undefined,
): Verdict["sameKey"] {
  const { status, headers } = response;
  if (status < 300 && !refusal) return "answer";
  const forNow = notLookedAt.includes(status) || isForNow(reason, refusal, status);
  const askedToWait = (status === 403 || status === 503) && (wait !== undefined || "retry-after" in headers);
  if (endpoint.effect === "read" || forNow || askedToWait) return "attempt";
  if (status < 500 && !refusal?.unknown) return "answer";
  return repeating === "harmless" || (status >= 500 && repeating === "idempotent") ? "attempt" : "unknown";
}

/** The reason lies outside of the request, and may be gone the next time; nothing was done. */
function isForNow(reason: RefusalReason | undefined, refusal: Refusal | undefined, status: number): boolean {
  const isKnown = reason !== undefined && reason.class !== "dead";
  return isKnown && !refusal?.unknown && (status < 500 || status === 503);
}

function hintOf(
  answered: Answered,
  refusal: Refusal | undefined,
  sameKey: Verdict["sameKey"],
  why: RefusalHint | undefined,
): Pick<Beside, "hint"> {
  const { endpoint, repeating } = answered;
  const { response } = answered.sent;
  const { name } = answered.integration;
  const { status, repeated } = response;
  const { errors } = endpoint;
  const said = [String(status), refusal?.message ?? ""].find((it) => Object.hasOwn(errors, it));
  const messages = [
    repeated && repeating === "idempotent" && (status >= 300 || refusal) && secondAttempt,
    sameKey === "unknown" && `It may have been done: look at ${name} before you send it again.`,
    why?.message,
    said !== undefined && errors[said],
    status < 300 && !refusal && leadsElsewhere(answered) && outOfReach,
    answered.remark,
  ].filter((it) => typeof it === "string");
  return messages.length > 0 ? { hint: { ...why, message: messages.join(" ") } } : {};
}

const secondAttempt =
  "The connection broke after the request had been sent, so it was sent once more; this answers the second attempt. The first may have done what was asked: look before you send it again.";

function pageOf(answered: Answered, wait: number | undefined): Pick<Beside, "page"> {
  const { integration, endpoint } = answered;
  const { response, said } = answered.sent;
  const { status, headers, url } = response;
  const { link, location } = headers;
  const speaks = location !== undefined || link !== undefined || said !== undefined;
  // After a redirect it may be somebody else who answers. URLs cost more than most calls have need of.
  const own = speaks && new URL(url).origin === new URL(baseUrlOf(integration, endpoint.base)).origin;
  const next = own && status < 300 ? nextPage(integration, endpoint, toPaged(answered)) : undefined;
  const address = own ? absolute(location, url) : undefined;
  const page = {
    ...(next && { next }),
    ...(wait !== undefined && { retry_after: wait }),
    ...(address !== undefined && { location: address }),
  };
  return Object.keys(page).length > 0 ? { page } : {};
}

const toPaged = ({ sent: { response, said, body }, params }: Answered): PagedAnswer => ({
  headers: response.headers,
  url: response.url,
  body: said,
  exact: () => exactly(body.head),
  params,
});

/** Undefined for JSON that is read by `JSON.parse` alone, such as an object with a name twice. */
function exactly(bytes: Buffer): unknown {
  try {
    return parse(bytes.toString(), undefined, exactNumber);
  } catch {
    return undefined;
  }
}

const leadsElsewhere = (answered: Answered) =>
  isNextOutOfReach(answered.integration, answered.endpoint, toPaged(answered));

const outOfReach =
  "There is a next page, by an address that the params of this endpoint do not lead to: this is not all of the list.";

function absolute(location: string | string[] | undefined, base: string): string | undefined {
  return typeof location === "string" && URL.canParse(location, base)
    ? new URL(location, base).href
    : undefined;
}
