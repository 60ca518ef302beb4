import { readPath } from "#catalog/body.js";
import type { RateLimit, TimeSource } from "#catalog/refusal.js";

type Headers = Record<string, string | string[] | undefined>;

/** Usual headers with the number of requests that are left. @see draft-ietf-httpapi-ratelimit-headers */
const usualRemaining = ["ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining"];
/** Usual headers that say when the count begins again. */
const usualReset = [
  "x-ratelimit-reset-after",
  "ratelimit-reset",
  "x-ratelimit-reset",
  "x-rate-limit-reset",
].map(fromHeader);
const usualRetryAfter = [fromHeader("retry-after")];

function fromHeader(header: string): TimeSource {
  return { header, body: null, as: null };
}

/** Does the answer say that no requests are left? */
export function isSpent({ remaining }: RateLimit, headers: Headers): boolean {
  return (
    [...remaining, ...usualRemaining].some((name) => headers[name] === "0") ||
    structured(headers)?.remaining === 0
  );
}

/**
 * Seconds until the service wants to be asked again; undefined when it does not say.
 *
 * @param isRate the service refuses because of too many requests
 * @param said the body as JSON; undefined when it was not read
 * @param now ms since the epoch
 * @see RFC 9110 §10.2.3; draft-ietf-httpapi-ratelimit-headers
 */
export function retryAfter(
  limit: RateLimit,
  { headers, said }: { headers: Headers; said: unknown },
  isRate: boolean,
  now: number,
): number | undefined {
  const find = (sources: readonly TimeSource[]) => firstOf(sources, headers, said, now);
  const wait = find(isRate ? [...limit.retryAfter, ...usualRetryAfter] : usualRetryAfter);
  if (wait !== undefined || (!isRate && !isSpent(limit, headers))) return wait;
  return find([...limit.reset, ...usualReset]) ?? structured(headers)?.reset;
}

function firstOf(
  sources: readonly TimeSource[],
  headers: Headers,
  said: unknown,
  now: number,
): number | undefined {
  for (const { header, body, as } of sources) {
    const value = header === null ? readPath(said, body!) : headers[header];
    if (typeof value !== "string" && typeof value !== "number") continue;
    const seconds = secondsOf(String(value), as, now);
    if (seconds !== undefined) return seconds;
  }
  return undefined;
}

/** Later numbers are times, in seconds or milliseconds since the epoch, and no durations. */
const firstTime = 1_000_000_000;
const firstTimeMs = firstTime * 1_000;

function secondsOf(text: string, as: TimeSource["as"], now: number): number | undefined {
  const number = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
  const form = as ?? formOf(number);
  const ms = form === "http_date" || form === "iso" ? Date.parse(text) - now : millis(number, form, now);
  return Number.isNaN(ms) ? undefined : Math.max(0, Math.ceil(ms / 1_000));
}

function formOf(number: number | undefined): TimeSource["as"] {
  if (number === undefined) return "http_date";
  if (number < firstTime) return "seconds";
  return number < firstTimeMs ? "epoch_seconds" : "epoch_ms";
}

function millis(number = Number.NaN, form: TimeSource["as"], now: number): number {
  if (form === "seconds") return number * 1_000;
  if (form === "milliseconds") return number;
  return (form === "epoch_seconds" ? number * 1_000 : number) - now;
}

/** The policy with the fewest requests left of a header `RateLimit`, in either form the draft has had. */
function structured(headers: Headers): { remaining: number; reset: number | undefined } | undefined {
  const text = headers.ratelimit;
  if (typeof text !== "string" || text.length > 1_000) return undefined;
  const policies = text.split(/,(?=\s*")/).flatMap((policy) => {
    const remaining = parameter(policy, "r|remaining");
    return remaining === undefined ? [] : [{ remaining, reset: parameter(policy, "t|reset") }];
  });
  return policies.sort((a, b) => a.remaining - b.remaining)[0];
}

function parameter(policy: string, names: string): number | undefined {
  const found = new RegExp(`(?:^|[;,\\s])(?:${names})=(\\d+)(?=$|[;,\\s])`).exec(policy)?.[1];
  return found === undefined ? undefined : Number(found);
}
