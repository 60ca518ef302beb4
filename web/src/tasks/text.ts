import type { Task } from "#web/api/tasks.js";
import type { NameOf } from "#web/format/members.js";
import { momentInWords } from "#web/format/moment.js";

/** Tasks in words. Names and reasons in them come from agents: text to be shown, never more. */

/** "triage agent asks for the skill release-notes" */
export function askInWords(task: Task, nameOf: NameOf): string {
  if (task.type === "tool_change") return `${task.subjectName} has changed, and is off`;
  const what = task.type === "skill_request" ? "the skill" : "the integration";
  const who = task.agentName ?? nameOf(task.requestedBy);
  return `${who === "you" ? "You ask" : `${who} asks`} for ${what} ${task.subjectName}`;
}

/** The person whose key asked, with the agent if the key is bound to one. */
export function askerInWords({ agentName, requestedBy }: Task, nameOf: NameOf): string {
  const person = nameOf(requestedBy);
  if (agentName === null) return `${person}, with a key of no agent`;
  return `${agentName}, with a key of ${person === "you" ? "yours" : person}`;
}

/** An integration has a name of its own; any other service has the name that the agent wrote. */
export function hasIntegration({ type, subject, subjectName }: Task): boolean {
  return type === "connector_request" && subject !== subjectName;
}

/** The effect of approving, for a person who is about to. */
export function approvalInWords(task: Task, nameOf: NameOf): string {
  if (task.type === "tool_change")
    return "Approving takes the tool as its server describes it now, and switches it on at once. Rejecting leaves it off.";
  if (task.type === "skill_request")
    return "Approving assigns the skill at once. It grants no access to a tool.";
  const person = nameOf(task.requestedBy);
  if (!hasIntegration(task))
    return "Approving says yes, and connects nothing: this server has no integration for it. Whoever runs the server can add one.";
  return `Approving says yes, and connects nothing. The account is then connected by ${person}, with:`;
}

/** The effect of the decision, once it is made. */
export function outcomeInWords(task: Task, nameOf: NameOf): string {
  if (task.type === "tool_change")
    return task.status === "rejected"
      ? `Rejected: ${task.subjectName} stays off.`
      : `Approved: ${task.subjectName} can be called again.`;
  const who = task.agentName ?? nameOf(task.requestedBy);
  if (task.status === "rejected")
    return `Rejected: ${who} can read so${task.note === null ? "" : ", with your note"}.`;
  if (task.type === "skill_request") return `Approved: ${who} has the skill ${task.subjectName} now.`;
  if (!hasIntegration(task))
    return `Approved: ${who} can read so. There is no integration for ${task.subjectName} yet: whoever runs this server can add one.`;
  const connects = nameOf(task.requestedBy);
  return `Approved. It is not connected yet: ${connects} can do that with “skillett connect ${task.subject}”.`;
}

/** "Approved by Ada, 22 Nov 2026, 19:05" */
export function decisionInWords(task: Task, nameOf: NameOf): string {
  if (task.status === "withdrawn" && task.decidedAt !== null)
    return `Taken back by who asked, ${momentInWords(task.decidedAt)}`;
  if (task.decidedBy === null || task.decidedAt === null)
    return `Nobody decided in time: it expired, ${momentInWords(task.expiresAt)}`;
  const status = task.status === "approved" ? "Approved" : "Rejected";
  return `${status} by ${nameOf(task.decidedBy)}, ${momentInWords(task.decidedAt)}`;
}
