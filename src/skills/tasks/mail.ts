import { permissionsOf, roles } from "#core/permissions.js";
import type { Task } from "#skills/tasks/tasks.js";
import type { TaskRows } from "#store/task-rows.js";

const deciding = roles.filter((role) => permissionsOf(role).has("tasks:decide"));

interface Deps {
  tasks: Pick<TaskRows, "addressesOf">;
  send: (mail: { to: string; subject: string; text: string }) => Promise<void>;
  publicUrl: () => string;
}

/** Sends a mail about a new task to every member of the tenant who may decide it. */
export function createTaskMail({ tasks, send, publicUrl }: Deps) {
  return async (tenantId: string, task: Task): Promise<void> => {
    const people = await tasks.addressesOf(tenantId, deciding);
    const mail = taskMail(task, `${publicUrl()}/dashboard/tasks`);
    await Promise.all(people.map((to) => send({ to, ...mail })));
  };
}

function taskMail(task: Task, url: string): { subject: string; text: string } {
  if (task.type === "tool_change") return changeMail(task, url);
  const who = oneLine(task.agentName ?? "Somebody");
  const what = task.type === "skill_request" ? "the skill" : "the integration";
  const asks = `${who} asks for ${what} ${oneLine(task.subjectName)}`;
  return {
    subject: asks,
    text: `${asks}, for this reason:\n\n${task.reason}\n\nUntil ${task.expiresAt}, you can decide at:\n${url}`,
  };
}

function changeMail({ subjectName, reason }: Task, url: string): { subject: string; text: string } {
  const subject = `${oneLine(subjectName)} has changed, and is off`;
  return {
    subject,
    text: `${subject}. Its server describes the tool otherwise now:\n\n${reason}\n\nYou can decide at:\n${url}`,
  };
}

/** A name goes into a header: no line of its own may come with it. */
const oneLine = (text: string) => text.replace(/\s+/g, " ");
