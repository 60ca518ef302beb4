import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Agent, agentsQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";

/** Pauses an agent, or lets it work again. */
export function AgentSwitch({ agent }: { agent: Agent }) {
  const api = useApi();
  const queries = useQueryClient();
  const isPaused = agent.status === "paused";
  const change = useMutation({
    mutationFn: () => api.skillett[isPaused ? "resumeAgent" : "pauseAgent"]({ params: { id: agent.id } }),
    onSettled: () => queries.invalidateQueries(agentsQuery(api)),
  });
  const label = isPaused ? "Resume" : "Pause";
  return (
    <div className="flex shrink-0 flex-col gap-2">
      <Button
        variant="secondary"
        busy={change.isPending}
        aria-label={`${label} ${agent.name}`}
        onClick={() => change.mutate()}
      >
        {label}
      </Button>
      <Notice error={change.error} />
    </div>
  );
}
