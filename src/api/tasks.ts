import type { Contract } from "#contract/contract.js";
import type { Api, Output } from "#contract/route.js";
import type * as routes from "#contract/tasks.js";
import type { Task, TaskQueue } from "#skills/tasks/tasks.js";

const defaultPage = 50;

export function createTasksApi(queue: TaskQueue): Api<typeof routes> {
  return {
    listTasks: ({ caller, query }) =>
      queue.list(caller, { ...query, limit: query.limit ?? defaultPage, offset: query.offset ?? 0 }),
    getTask: async ({ caller, params }) => ({ task: await queue.get(caller, params.id) }),
    approveTask: async ({ caller, params, body }) => ({
      task: await queue.decide(caller, params.id, "approved", body.note ?? null),
    }),
    rejectTask: async ({ caller, params, body }) => ({
      task: await queue.decide(caller, params.id, "rejected", body.note ?? null),
    }),
    async requestTask({ caller, body }) {
      const task = await queue.request(caller, body);
      return { task_id: task.id, status: task.status, message: whatHappens(task) };
    },
    async listRequestedTasks({ caller, query: { limit = defaultPage, offset = 0, ...filter } }) {
      const { tasks, total } = await queue.listOwn(caller, { ...filter, limit, offset });
      return { requests: tasks.map(toRequested), total };
    },
    withdrawTask: async ({ caller, params }) => toRequested(await queue.withdraw(caller, params.id)),
    async getRequestedTask({ caller, params }) {
      const { id, type, status, subject, note, decidedAt } = await queue.outcome(caller, params.id);
      return { task_id: id, type, status, subject, note, decided_at: decidedAt };
    },
  };
}

function toRequested(task: Task): Output<Contract["withdrawTask"]> {
  const { id, type, status, subject, subjectName, reason, note, createdAt, expiresAt, decidedAt } = task;
  return {
    ...{ task_id: id, type, status, subject, subject_name: subjectName, reason, note },
    ...{ created_at: createdAt, expires_at: expiresAt, decided_at: decidedAt },
  };
}

function whatHappens({ type, subjectName }: Task): string {
  return type === "skill_request"
    ? "Skill assignment request created. An administrator will review and approve."
    : `Integration setup request created for ${subjectName}. An administrator will review.`;
}
