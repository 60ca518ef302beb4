import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { agentQuery } from "#web/api/agents.js";
import { type Agent, agentsQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";
import { Card } from "#web/components/page.js";

/** Asks once more first. */
export function DeleteCard({ agent }: { agent: Agent }) {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isSure, setSure] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.skillett.deleteAgent({ params: { id: agent.id } }),
    async onSuccess() {
      await navigate({ to: "/dashboard/agents" });
      // Only now: the page that was left would ask for it again.
      queries.removeQueries(agentQuery(api, agent.id));
      await queries.invalidateQueries(agentsQuery(api));
    },
  });
  if (!isSure) {
    return (
      <Button variant="secondary" onClick={() => setSure(true)}>
        Delete this agent
      </Button>
    );
  }
  return (
    <Card title="Delete this agent?">
      <p>Its keys stop at once, and its skills are unassigned. Nothing brings it back.</p>
      <div className="flex flex-wrap gap-3">
        <Button className="grow break-words" busy={remove.isPending} onClick={() => remove.mutate()}>
          Delete {agent.name}
        </Button>
        <Button className="grow" variant="secondary" autoFocus onClick={() => setSure(false)}>
          Cancel
        </Button>
      </div>
      <Notice error={remove.error} />
    </Card>
  );
}
