import Type from "typebox";
import { isoTime } from "#core/clock.js";
import { done, file, json, notFound, ok, Refusal } from "#sandbox/answer.js";
import { changes, type Given, type Route, reads } from "#sandbox/route.js";
import { labels, line, login, strict, text } from "#sandbox/schemas.js";
import type { Change, Records } from "#sandbox/state.js";
import { type Issue, you } from "#sandbox/things.js";

const maxComments = 100;

const assignee = () => Type.Union([login(), Type.Null()]);
const state = () => Type.Enum(["open", "closed"]);

const listQuery = strict({
  state: Type.Optional(Type.Enum(["open", "closed", "all"])),
  labels: Type.Optional(labels()),
  assignee: Type.Optional(login()),
  q: Type.Optional(line()),
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  per_page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
});

const newIssue = strict({
  title: line(),
  body: Type.Optional(text()),
  labels: Type.Optional(labels()),
  assignee: Type.Optional(assignee()),
});

const newValues = strict({
  title: Type.Optional(line()),
  body: Type.Optional(text()),
  state: Type.Optional(state()),
  labels: Type.Optional(labels()),
  assignee: Type.Optional(assignee()),
});

export const issueRoutes: Route[] = [
  reads("/issues", { query: listQuery }, async (records, { query }) => {
    const { page = 1, per_page: perPage = 10 } = query;
    const found = (await records.list("issue")).filter(isLike(query)).reverse();
    const shown = found.slice((page - 1) * perPage, page * perPage);
    return ok({ total: found.length, page, issues: shown.map(toSummary) });
  }),
  reads("/issues/{}", {}, async (records, given) => ok(await findIssue(records, given))),
  reads("/issues.csv", { perMinute: 5 }, async (records) => {
    const issues = await records.list("issue");
    const rows = issues.map(({ number, state, title, assignee }) => [number, state, title, assignee ?? ""]);
    const csv = [["number", "state", "title", "assignee"], ...rows].map(toCsvLine).join("");
    return file("text/csv; charset=utf-8", "issues.csv", Buffer.from(csv));
  }),
  changes("POST /issues", { body: newIssue }, async (change, { body: given, now }) => {
    const { title, body = "", labels = [], assignee = null } = given;
    const created_at = isoTime(now);
    const issue = await change.add("issue", (number) => ({
      number,
      title,
      body,
      state: "open",
      labels,
      assignee,
      author: you.login,
      created_at,
      updated_at: created_at,
      comments: [],
    }));
    return json(201, issue);
  }),
  changes("PATCH /issues/{}", { body: newValues }, async (change, given) => {
    const issue = await findIssue(change, given);
    return ok(await save(change, { ...issue, ...given.body }, given.now));
  }),
  changes("DELETE /issues/{}", {}, async (change, given) => {
    const { number } = await findIssue(change, given);
    await change.remove("issue", number);
    return done();
  }),
  changes("POST /issues/{}/comments", { body: strict({ body: text() }) }, async (change, given) => {
    const issue = await findIssue(change, given);
    if (issue.comments.length >= maxComments) {
      throw new Refusal(422, "too_many_comments", `An issue takes ${maxComments} comments.`);
    }
    const comment = { author: you.login, body: given.body.body, created_at: isoTime(given.now) };
    await save(change, { ...issue, comments: [...issue.comments, comment] }, given.now);
    return json(201, { issue: issue.number, ...comment });
  }),
];

async function findIssue(records: Records, { ids: [number = 0] }: Given<unknown, unknown>): Promise<Issue> {
  const issue = await records.find("issue", number);
  if (issue) return issue;
  throw notFound(`issue ${number}`);
}

async function save(change: Change, issue: Issue, now: number): Promise<Issue> {
  const saved = { ...issue, updated_at: isoTime(now) };
  await change.put("issue", issue.number, saved);
  return saved;
}

function isLike({ state = "open", labels, assignee, q }: Type.Static<typeof listQuery>) {
  const sought = q?.toLowerCase();
  return (issue: Issue) =>
    (state === "all" || issue.state === state) &&
    (labels === undefined || labels.every((label) => issue.labels.includes(label))) &&
    (assignee === undefined || issue.assignee === assignee) &&
    (sought === undefined || `${issue.title}\n${issue.body}`.toLowerCase().includes(sought));
}

const toSummary = ({ body, comments, ...issue }: Issue) => ({ ...issue, comments: comments.length });

/** @see RFC 4180 §2 */
function toCsvLine(cells: readonly (string | number)[]): string {
  const quoted = cells.map((cell) =>
    /[",\r\n]/.test(`${cell}`) ? `"${`${cell}`.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(",")}\r\n`;
}
