import Type from "typebox";
import { dayMs, isoTime } from "#core/clock.js";
import { done, json, notFound, ok, Refusal } from "#sandbox/answer.js";
import { changes, type Route, reads } from "#sandbox/route.js";
import { addresses, line, strict, text, time } from "#sandbox/schemas.js";
import type { Records } from "#sandbox/state.js";
import type { CalendarEvent } from "#sandbox/things.js";
import { inUtc, readTime } from "#sandbox/times.js";

const minuteMs = 60_000;
/** Hours of a working day, in UTC. */
const [opens, closes] = [9, 17];
const maxDays = 31;
const maxSlots = 20;

const range = { from: Type.Optional(time()), to: Type.Optional(time()) };

const newEvent = strict({
  title: line(),
  start: time(),
  end: time(),
  location: Type.Optional(Type.String({ maxLength: 200 })),
  description: Type.Optional(text()),
  attendees: Type.Optional(addresses(0)),
});

const newValues = Type.Partial(newEvent, { additionalProperties: false });

export const calendarRoutes: Route[] = [
  reads("/events", { query: strict(range) }, async (records, { query, now }) => {
    const { from, to } = readRange(query, now);
    return ok({ events: await eventsBetween(records, from, to) });
  }),
  reads(
    "/free",
    { query: strict({ ...range, minutes: Type.Optional(Type.Integer({ minimum: 15, maximum: 480 })) }) },
    async (records, { query, now }) => {
      const { from, to } = readRange(query, now);
      const busy = await eventsBetween(records, from, to);
      return ok({ free: freeSlots(busy, from, to, (query.minutes ?? 30) * minuteMs) });
    },
  ),
  changes("POST /events", { body: newEvent }, async (change, { body }) => {
    const { location = "", description = "", attendees = [], ...given } = body;
    const event = await change.add("event", (id) =>
      inOrder({ id, ...given, location, description, attendees }),
    );
    return json(201, event);
  }),
  changes("PATCH /events/{}", { body: newValues }, async (change, { ids: [id], body }) => {
    const event = await findEvent(change, id);
    const changed = inOrder({ ...event, ...body });
    await change.put("event", event.id, changed);
    return ok(changed);
  }),
  changes("DELETE /events/{}", {}, async (change, { ids: [id] }) => {
    const event = await findEvent(change, id);
    await change.remove("event", event.id);
    return done();
  }),
];

async function findEvent(records: Records, id = 0): Promise<CalendarEvent> {
  const event = await records.find("event", id);
  if (event) return event;
  throw notFound(`event ${id}`);
}

async function eventsBetween(records: Records, from: number, to: number): Promise<CalendarEvent[]> {
  const events = await records.list("event");
  return events
    .filter(({ start, end }) => Date.parse(end) > from && Date.parse(start) < to)
    .sort((a, b) => a.start.localeCompare(b.start));
}

/** Seven days from now on, unless the query says otherwise. */
function readRange(query: { from?: string; to?: string }, now: number): { from: number; to: number } {
  const from = query.from === undefined ? now : readTime(query.from, "query.from");
  const to = query.to === undefined ? from + 7 * dayMs : readTime(query.to, "query.to");
  if (to <= from || to - from > maxDays * dayMs) {
    throw new Refusal(422, "invalid", `query.to must be after query.from, by ${maxDays} days at most.`);
  }
  return { from, to };
}

/** The event with its times in UTC. @throws Refusal when it ends before it begins */
function inOrder(given: CalendarEvent): CalendarEvent {
  const event = {
    ...given,
    start: inUtc(given.start, "body.start"),
    end: inUtc(given.end, "body.end"),
  };
  if (event.start < event.end) return event;
  throw new Refusal(422, "invalid", "body.end must be after body.start.");
}

/** The rest of working days, twenty stretches at most. @param busy in order of their beginning */
function freeSlots(busy: readonly CalendarEvent[], from: number, to: number, minMs: number) {
  const slots: { start: string; end: string }[] = [];
  for (let day = from - (from % dayMs); day < to; day += dayMs) {
    const weekday = new Date(day).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    const end = Math.min(to, day + closes * 60 * minuteMs);
    let begin = Math.max(from, day + opens * 60 * minuteMs);
    for (const event of [...busy, { start: isoTime(end), end: isoTime(end) }]) {
      const until = Math.min(end, Date.parse(event.start));
      if (until - begin >= minMs) slots.push({ start: isoTime(begin), end: isoTime(until) });
      begin = Math.max(begin, Date.parse(event.end));
    }
  }
  return slots.slice(0, maxSlots);
}
