import { isoTime } from "#core/clock.js";
import type { Message } from "#sandbox/things.js";

const everyMs = 50 * 60_000;

type Sketch = [channel: string, author: string, text: string, reactions?: Record<string, string[]>];

/** Oldest first. */
const sketches: Sketch[] = [
  ["C1", "cleo", "Good morning! The coffee machine is back."],
  ["C1", "ben", "The best news of the week.", { tada: ["ada", "cleo"] }],
  ["C3", "ben", "2.3.0 is on staging."],
  ["C2", "cleo", "Noor cannot pay, she says the button does nothing."],
  ["C2", "ada", "Which browser?"],
  ["C2", "cleo", "Safari on a phone. She sent two mails about it."],
  ["C3", "ada", "Who has tested the checkout on phones?"],
  ["C1", "cleo", "Room Nile is taken on Friday morning, for the release."],
  ["C3", "ben", "Not me. Shall we wait with the release?", { "+1": ["cleo"] }],
  ["C2", "ada", "That is issue 23. I can see it too."],
  ["C1", "ben", "Lunch at noon?"],
  ["C1", "ada", "Yes!", { "+1": ["ben"] }],
  ["C3", "cleo", "Friday stays as planned if issue 23 is closed by Thursday."],
  ["C2", "cleo", "Somebody asks whether prices are with tax."],
  ["C2", "ben", "They are. There is an issue about companies, number 16."],
  ["C1", "cleo", "Please look at the agenda for Monday and add what is missing."],
  ["C3", "ada", "I take it."],
  ["C1", "ben", "Cake on Friday at three. You did not hear that from me."],
];

export function messages(now: number): Message[] {
  return sketches.map(([channel, author, text, reactions = {}], i) => {
    const sent_at = isoTime(now - (sketches.length - i) * everyMs);
    return { id: i + 1, channel, author, text, sent_at, reactions };
  });
}
