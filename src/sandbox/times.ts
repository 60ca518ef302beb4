import { isoTime } from "#core/clock.js";
import { Refusal } from "#sandbox/answer.js";

/** Years that are written with four digits on every side of the date line. */
const [earliest, latest] = [Date.parse("1970-01-01T00:00:00Z"), Date.parse("9000-01-01T00:00:00Z")];

/**
 * Milliseconds since the epoch.
 *
 * @param text of the form of RFC 3339, which has leap seconds and years that no calendar here has
 * @param at the place in the request, for the refusal
 */
export function readTime(text: string, at: string): number {
  const time = Date.parse(text);
  if (time >= earliest && time < latest) return time;
  throw new Refusal(422, "invalid", `${at} must be a time from 1970 to 8999, without leap seconds.`);
}

/** The same time in UTC. Times of one form can be compared as texts. */
export const inUtc = (text: string, at: string) => isoTime(readTime(text, at));
