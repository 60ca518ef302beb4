import { useId } from "react";
import type { Agent } from "#web/api/api.js";

interface AgentChoiceProps {
  agents: Agent[];
  /** Null is the person. */
  chosen: string | null;
  onChoose: (agentId: string | null) => void;
}

/** As whom a program acts: what it finds, and what the log says. */
export function AgentChoice({ agents, chosen, onChoose }: AgentChoiceProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-semibold">
        It acts as
      </label>
      <select
        id={id}
        value={chosen ?? ""}
        onChange={(event) => onChoose(event.target.value || null)}
        className="min-h-11 w-full rounded-lg border border-edge bg-card px-3 py-2"
      >
        {agents.map((agent) => (
          <option key={agent.id} value={agent.id}>
            {agent.name}
            {agent.status === "paused" ? " (paused)" : ""}
          </option>
        ))}
        <option value="">Myself, no agent</option>
      </select>
    </div>
  );
}
