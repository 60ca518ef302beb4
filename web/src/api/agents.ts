import { queryOptions } from "@tanstack/react-query";
import type { listAgentKeys } from "#contract/agents.js";
import type { listAssignments } from "#contract/assignments.js";
import type { CallOutput } from "#contract/io.js";
import type { Api } from "#web/api/api.js";

export type AgentSkill = CallOutput<typeof listAssignments>["skills"][number];
export type AgentKey = CallOutput<typeof listAgentKeys>["keys"][number];

/** Its query key is below that of all agents, as are those that follow, so that one call can invalidate all of them. */
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
