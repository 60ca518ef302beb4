import { events } from "#sandbox/seed-events.js";
import { issues } from "#sandbox/seed-issues.js";
import { mails } from "#sandbox/seed-mails.js";
import { messages } from "#sandbox/seed-messages.js";
import type { Kind, Things } from "#sandbox/things.js";

/** The things that every sandbox begins with, numbered from 1 in this order. Times are counted back and forth from `now`. */
export function seed(now: number): { [K in Kind]: Things[K][] } {
  return { issue: issues(now), mail: mails(now), event: events(now), message: messages(now) };
}
