import { dayMs, isoTime } from "#core/clock.js";
import type { CalendarEvent } from "#sandbox/things.js";

const hourMs = 3_600_000;

interface Sketch {
  title: string;
  /** Days after Monday of this week. */
  day: number;
  /** Hours of the day in UTC. */
  from: number;
  to: number;
  location?: string;
  description?: string;
  attendees?: string[];
}

const everybody = ["ada@acme.example", "ben@acme.example", "cleo@acme.example"];

const sketches: Sketch[] = [
  { title: "Planning of the week", day: 0, from: 9, to: 10, location: "Room Nile", attendees: everybody },
  { title: "Dentist", day: 1, from: 15, to: 16.5 },
  {
    title: "Review of the checkout",
    day: 1,
    from: 10,
    to: 11,
    location: "Room Amazon",
    attendees: ["ada@acme.example", "ben@acme.example"],
  },
  {
    title: "Call with Noor's bakery",
    day: 2,
    from: 13,
    to: 13.5,
    location: "https://meet.example/acme-noor",
    description: "She cannot pay since Monday.",
    attendees: ["ada@acme.example", "noor@bakery.example"],
  },
  { title: "Writing, please do not disturb", day: 2, from: 14, to: 17 },
  { title: "Interview with a candidate", day: 3, from: 11, to: 12, attendees: ["cleo@acme.example"] },
  { title: "Release", day: 4, from: 9.5, to: 10.5, location: "Room Nile", attendees: everybody },
  { title: "Cake for Ben", day: 4, from: 15, to: 15.5, attendees: ["ada@acme.example", "cleo@acme.example"] },
  { title: "Planning of the week", day: 7, from: 9, to: 10, location: "Room Nile", attendees: everybody },
  { title: "Training on accessibility", day: 8, from: 13, to: 16, attendees: everybody },
];

/** A week and the beginning of the next. */
export function events(now: number): CalendarEvent[] {
  const today = now - (now % dayMs);
  const monday = today - ((new Date(now).getUTCDay() + 6) % 7) * dayMs;
  return sketches.map(({ title, day, from, to, location = "", description = "", attendees = [] }, i) => ({
    id: i + 1,
    title,
    start: isoTime(monday + day * dayMs + from * hourMs),
    end: isoTime(monday + day * dayMs + to * hourMs),
    location,
    description,
    attendees,
  }));
}
