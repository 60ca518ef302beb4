type Headers = Record<string, string | string[] | undefined>;

/** Headers in which services say when their limit is reset. */
const resetHeaders = [
  "x-ratelimit-reset-after",
  "ratelimit-reset",
  "x-ratelimit-reset",
  "x-rate-limit-reset",
];
const remainingHeaders = ["ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining"];

/**
 * Seconds until the service wants to be asked again; undefined when it does not say.
 *
 * @param now ms since the epoch
 * @see RFC 9110 §10.2.3; draft-ietf-httpapi-ratelimit-headers
 */
export function retryAfter(status: number, headers: Headers, now: number): number | undefined {
  const asked = headers["retry-after"];
  if (typeof asked === "string") return secondsOf(asked, now);
  const spent = remainingHeaders.some((name) => headers[name] === "0");
  if (status !== 429 && !spent) return undefined;
  const reset = resetHeaders.map((name) => headers[name]).find((value) => typeof value === "string");
  return reset === undefined ? undefined : secondsOf(String(reset), now);
}

/** Later numbers are times, in seconds or milliseconds since the epoch, and no durations. */
const firstTime = 1_000_000_000;
const firstTimeMs = firstTime * 1_000;

function secondsOf(text: string, now: number): number | undefined {
  const number = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
  if (number !== undefined && number < firstTime) return Math.ceil(number);
  const at = number === undefined ? Date.parse(text) : number < firstTimeMs ? number * 1_000 : number;
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1_000));
}
