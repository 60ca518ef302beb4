import { expect, test } from "vitest";
import type { Task } from "#web/api/tasks.js";
import {
  approvalInWords,
  askerInWords,
  askInWords,
  decisionInWords,
  outcomeInWords,
} from "#web/tasks/text.js";

const names: Record<string, string> = { ada: "Ada", me: "you" };
const nameOf = (id: string) => names[id] ?? "somebody else";

const skillTask: Task = {
  id: "task_1",
  type: "skill_request",
  status: "pending",
  subject: "3f0c",
  subjectName: "release-notes",
  agentId: "b1e0",
  agentName: "triage",
  requestedBy: "me",
  reason: "It is Friday.",
  decidedBy: null,
  decidedAt: null,
  note: null,
  createdAt: "2026-11-15T12:00:00.000Z",
  expiresAt: "2026-11-22T12:00:00.000Z",
};
const ownTask: Task = {
  ...skillTask,
  type: "connector_request",
  subject: "slack",
  subjectName: "Slack",
  agentId: null,
  agentName: null,
};

test.each([
  ["an agent's", skillTask, "triage asks for the skill release-notes", "triage, with a key of yours"],
  ["one's own", ownTask, "You ask for the integration Slack", "you, with a key of no agent"],
  [
    "somebody's",
    { ...ownTask, requestedBy: "ada" },
    "Ada asks for the integration Slack",
    "Ada, with a key of no agent",
  ],
])("%s request says who asks for what", (_whose, task, title, asker) => {
  expect(askInWords(task, nameOf)).toBe(title);
  expect(askerInWords(task, nameOf)).toBe(asker);
});

test("approving promises what it does, and no more", () => {
  expect(approvalInWords(skillTask, nameOf)).toMatch(/assigns the skill at once/);
  expect(approvalInWords({ ...ownTask, requestedBy: "ada" }, nameOf)).toMatch(
    /connects nothing.*connected by Ada/,
  );
});

test.each([
  [{ ...skillTask, status: "approved" as const }, /^Approved: triage has the skill release-notes now/],
  [{ ...ownTask, status: "approved" as const }, /not connected yet: you .* “skillett connect slack”/],
  [{ ...ownTask, status: "rejected" as const }, /^Rejected: you can read so\.$/],
  [
    { ...skillTask, status: "rejected" as const, note: "No." },
    /^Rejected: triage can read so, with your note/,
  ],
])("the outcome of a decision is put in words: %#", (task, words) => {
  expect(outcomeInWords(task, nameOf)).toMatch(words);
});

test.each([
  ["approved" as const, "ada", /^Approved by Ada, .*2026/],
  ["rejected" as const, "gone", /^Rejected by somebody else, .*2026/],
  ["expired" as const, null, /^Nobody decided in time: it expired, .*2026/],
])("a task that is %s says by whom and when", (status, decidedBy, words) => {
  const decidedAt = decidedBy && "2026-11-16T12:00:00.000Z";
  expect(decisionInWords({ ...skillTask, status, decidedBy, decidedAt }, nameOf)).toMatch(words);
});
