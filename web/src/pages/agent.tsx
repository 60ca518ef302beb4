import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { AgentSwitch } from "#web/agents/agent-switch.js";
import { DeleteCard } from "#web/agents/delete-card.js";
import { KeysCard } from "#web/agents/keys-card.js";
import { SkillsCard } from "#web/agents/skills-card.js";
import { agentQuery } from "#web/api/agents.js";
import { meQuery, useApi } from "#web/api/api.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";

const route = getRouteApi("/signed-in/dashboard/agents/$id");

/** One agent: its skills, its keys, its end. */
export function AgentPage() {
  const { id } = route.useParams();
  const api = useApi();
  const { data: me } = useQuery(meQuery(api));
  const { data, error } = useQuery(agentQuery(api, id));
  if (error || !data || !me) {
    return (
      <Page title={error ? "This agent cannot be shown" : "Agent"}>
        <Notice error={error} />
      </Page>
    );
  }
  const { agent } = data;
  const mayMind = me.permissions.includes("agents:*");
  return (
    <Page title={agent.name}>
      <Card>
        <div className="flex items-center justify-between gap-4">
          <div className="min-w-0 break-words">
            <p className={agent.status === "paused" ? "text-wrong" : "text-good"}>
              {agent.status === "paused" ? "Paused: its keys are refused" : "Active"}
            </p>
            {agent.description && <p className="text-quiet">{agent.description}</p>}
          </div>
          {mayMind && <AgentSwitch agent={agent} />}
        </div>
      </Card>
      <SkillsCard agentId={agent.id} mayAssign={me.permissions.includes("skills:write")} />
      {mayMind && <KeysCard agentId={agent.id} me={me} />}
      {mayMind && <DeleteCard agent={agent} />}
    </Page>
  );
}
