import { dayMs, isoTime } from "#core/clock.js";
import type { Issue } from "#sandbox/things.js";

type Sketch = Pick<Issue, "title" | "author" | "labels"> &
  Partial<Pick<Issue, "body" | "assignee" | "state"> & { comments: [author: string, body: string][] }>;

/** Oldest first. */
const sketches: Sketch[] = [
  {
    title: "Set up the staging server",
    author: "ben",
    labels: ["infrastructure"],
    assignee: "ben",
    state: "closed",
  },
  { title: "Write the imprint", author: "cleo", labels: ["legal"], assignee: "cleo", state: "closed" },
  {
    title: "Sign-in page is blank in Safari 16",
    author: "ada",
    labels: ["bug", "priority"],
    assignee: "ben",
    state: "closed",
    comments: [
      ["ben", "A polyfill was missing. Fixed on staging."],
      ["ada", "Works for me, closing."],
    ],
  },
  {
    title: "Export of orders takes a minute",
    author: "cleo",
    labels: ["performance"],
    body: "With more than 5,000 orders the export is slow, and people click twice.",
  },
  { title: "Dark mode", author: "ada", labels: ["feature"], body: "Asked for by eleven customers so far." },
  {
    title: "Invoices show yesterday's date",
    author: "cleo",
    labels: ["bug"],
    assignee: "ada",
    body: "Only for customers east of Greenwich, so it is about time zones.",
  },
  {
    title: "Rotate the keys of the mail service",
    author: "ben",
    labels: ["security"],
    assignee: "ben",
    state: "closed",
  },
  {
    title: "Password rules are not explained",
    author: "ada",
    labels: ["usability"],
    body: "Whoever types eleven characters only reads that it is wrong.",
  },
  { title: "Add a French translation", author: "cleo", labels: ["feature", "translation"] },
  {
    title: "Search finds nothing with accents",
    author: "ben",
    labels: ["bug"],
    body: "Zoë is found by Zoe, but Zoe is not found by Zoë.",
  },
  {
    title: "Button texts are cut off on small phones",
    author: "ada",
    labels: ["bug", "usability"],
    assignee: "ada",
  },
  {
    title: "Keep deleted projects for 30 days",
    author: "cleo",
    labels: ["feature"],
    comments: [["ben", "Then the quota has to count them too."]],
  },
  { title: "Upgrade to PostgreSQL 16", author: "ben", labels: ["infrastructure"], assignee: "ben" },
  {
    title: "Webhook is sent twice after a restart",
    author: "ben",
    labels: ["bug", "priority"],
    assignee: "ben",
    body: "Seen on Monday: order 10482 was booked twice.",
  },
  { title: "Tooltips cannot be reached by keyboard", author: "ada", labels: ["accessibility"] },
  {
    title: "Prices without tax for companies",
    author: "cleo",
    labels: ["feature"],
    body: "Needed before we can sell to the city.",
  },
  {
    title: "Session ends while typing a long text",
    author: "ada",
    labels: ["bug"],
    comments: [["cleo", "Two customers lost their text today."]],
  },
  {
    title: "Nightly backup has not run since Thursday",
    author: "ben",
    labels: ["infrastructure", "priority"],
    assignee: "ben",
  },
  { title: "Document the import format", author: "cleo", labels: ["documentation"] },
  { title: "Chart of sales is wrong in leap years", author: "ada", labels: ["bug"] },
  { title: "Let people pay by invoice", author: "cleo", labels: ["feature"], assignee: "cleo" },
  { title: "Avatar upload accepts pictures of 40 MB", author: "ben", labels: ["bug", "performance"] },
  {
    title: "Checkout button does nothing",
    author: "cleo",
    labels: ["bug", "priority"],
    body: "Steps: put anything into the cart, open the checkout, press Pay.\n\nNothing happens, and the console says `total is undefined`.",
    comments: [["ada", "I see it too, since this morning's release."]],
  },
  { title: "Terms of service link is dead", author: "ada", labels: ["legal"] },
  { title: "Plan the release of next week", author: "cleo", labels: ["planning"], assignee: "ada" },
];

export function issues(now: number): Issue[] {
  return sketches.map((sketch, i) => {
    const age = (sketches.length - i) * dayMs;
    const { body = "", assignee = null, state = "open", comments = [], ...rest } = sketch;
    const created_at = isoTime(now - age);
    const said = comments.map(([author, body], j) => ({
      author,
      body,
      created_at: isoTime(now - age + (j + 1) * (dayMs / 8)),
    }));
    const updated_at = said.at(-1)?.created_at ?? created_at;
    return { number: i + 1, ...rest, body, assignee, state, created_at, updated_at, comments: said };
  });
}
