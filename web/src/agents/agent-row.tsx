import { AgentSwitch } from "#web/agents/agent-switch.js";
import type { Agent } from "#web/api/api.js";
import { TextLink } from "#web/components/link.js";

export function AgentRow({ agent, mayMind }: { agent: Agent; mayMind: boolean }) {
  return (
    <li className="flex min-h-11 items-center justify-between gap-4">
      <div className="min-w-0 break-words">
        <TextLink to="/dashboard/agents/$id" params={{ id: agent.id }}>
          {agent.name}
        </TextLink>
        {agent.status === "paused" && <span className="text-wrong"> · paused</span>}
        {agent.description && <p className="text-sm text-quiet">{agent.description}</p>}
      </div>
      {mayMind && <AgentSwitch agent={agent} />}
    </li>
  );
}
