import { useQuery } from "@tanstack/react-query";
import { AgentRow } from "#web/agents/agent-row.js";
import { NewAgentCard } from "#web/agents/new-agent-card.js";
import { agentsQuery, meQuery, useApi } from "#web/api/api.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";

/** The named workers of the tenant. */
export function AgentsPage() {
  const api = useApi();
  const me = useQuery(meQuery(api));
  const agents = useQuery(agentsQuery(api));
  const mayMind = me.data?.permissions.includes("agents:*") === true;
  return (
    <Page title="Agents">
      <p>An agent is a named worker, with skills and keys of its own.</p>
      <Card>
        {agents.data?.total === 0 && <p className="text-quiet">There is none yet.</p>}
        {agents.data?.total !== 0 && (
          <ul className="flex flex-col gap-4">
            {agents.data?.agents.map((agent) => (
              <AgentRow key={agent.id} agent={agent} mayMind={mayMind} />
            )) ?? <li className="min-h-11 text-quiet">…</li>}
          </ul>
        )}
        <Notice error={agents.error ?? me.error} />
      </Card>
      {mayMind && <NewAgentCard />}
      {me.data && !mayMind && (
        <p className="text-quiet">Agents are minded by owners, admins and engineers.</p>
      )}
    </Page>
  );
}
