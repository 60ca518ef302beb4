import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { listAgentKeys } from "#contract/agents.js";
import type { listAssignments } from "#contract/assignments.js";
import type { CallOutput } from "#contract/io.js";
import type { listSkills } from "#contract/skills.js";
import type { listTasks } from "#contract/tasks.js";
import type { Api } from "#web/api/api.js";

/** Agents, what they have, and what they ask for: all of the tenant at hand. */

export type Task = CallOutput<typeof listTasks>["tasks"][number];
export type TaskStatus = Task["status"];
export type AgentSkill = CallOutput<typeof listAssignments>["skills"][number];
export type AgentKey = CallOutput<typeof listAgentKeys>["keys"][number];
export type Skill = CallOutput<typeof listSkills>["skills"][number];

const tasksAtOnce = 50;
/** As many as the server gives at once. */
const allSkills = 1000;

/** Newest first, page by page; all of them without a status. */
export function tasksQuery({ skillett }: Api, status: TaskStatus | undefined) {
  return infiniteQueryOptions({
    queryKey: ["tasks", status ?? "all"],
    queryFn: ({ pageParam }) =>
      skillett.listTasks({ query: { status, limit: tasksAtOnce, offset: pageParam } }),
    initialPageParam: 0,
    getNextPageParam: ({ total }, pages) => {
      const shown = pages.length * tasksAtOnce;
      return shown < total ? shown : undefined;
    },
  });
}

/** The people of the tenant by id, as tasks and keys name them. */
export function membersQuery({ auth }: Api, tenantId: string) {
  return queryOptions({
    queryKey: ["members", tenantId],
    queryFn: () => auth.members(tenantId),
    staleTime: 30_000,
  });
}

/** Below the key of all agents, as what follows: who changes an agent may ask for all of it anew. */
export function agentQuery({ skillett }: Api, id: string) {
  return queryOptions({ queryKey: ["agents", id], queryFn: () => skillett.getAgent({ params: { id } }) });
}

export function agentSkillsQuery({ skillett }: Api, agentId: string) {
  return queryOptions({
    queryKey: ["agents", agentId, "skills"],
    queryFn: () => skillett.listAssignments({ params: { id: agentId } }),
  });
}

export function agentKeysQuery({ skillett }: Api, id: string) {
  return queryOptions({
    queryKey: ["agents", id, "keys"],
    queryFn: () => skillett.listAgentKeys({ params: { id } }),
  });
}

export function skillsQuery({ skillett }: Api) {
  return queryOptions({
    queryKey: ["skills"],
    queryFn: () => skillett.listSkills({ query: { limit: allSkills } }),
  });
}
