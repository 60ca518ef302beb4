import type { Agent } from "#web/api/api.js";
import { Choice } from "#web/components/choice.js";

interface AgentChoiceProps {
  agents: Agent[];
  /** Null is the person. */
  chosen: string | null;
  onChoose: (agentId: string | null) => void;
}

/** The agent that a program acts as, which decides its skills and its name in the log. */
export function AgentChoice({ agents, chosen, onChoose }: AgentChoiceProps) {
  const named = agents.map(
    ({ id, name, status }) => [id, status === "paused" ? `${name} (paused)` : name] as const,
  );
  return (
    <Choice
      label="It acts as"
      options={[...named, ["", "Myself, no agent"]]}
      value={chosen ?? ""}
      onChange={(event) => onChoose(event.target.value || null)}
    />
  );
}
