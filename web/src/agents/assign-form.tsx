import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { agentSkillsQuery } from "#web/api/agents.js";
import { useApi } from "#web/api/api.js";
import type { Skill } from "#web/api/skills.js";
import { Button } from "#web/components/button.js";
import { Choice } from "#web/components/choice.js";
import { Notice } from "#web/components/notice.js";

interface AssignFormProps {
  agentId: string;
  /** Published, and not assigned yet. */
  skills: Skill[];
}

export function AssignForm({ agentId, skills }: AssignFormProps) {
  const api = useApi();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState("");
  const skill = skills.find(({ id }) => id === chosen) ?? skills[0];
  const assign = useMutation({
    mutationFn: (id: string) => api.skillett.assignSkill({ params: { id }, body: { agentId } }),
    onSettled: () => queries.invalidateQueries(agentSkillsQuery(api, agentId)),
  });
  if (!skill) {
    return (
      <p className="text-sm text-quiet">
        No other skill is published here. Publish one with <code>skillett skill push</code>.
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      <Choice
        label="Assign a skill"
        options={skills.map(({ id, name }) => [id, name] as const)}
        value={skill.id}
        onChange={({ target }) => setChosen(target.value)}
      />
      <p className="text-sm break-words text-quiet">{skill.description}</p>
      <Button variant="secondary" busy={assign.isPending} onClick={() => assign.mutate(skill.id)}>
        Assign
      </Button>
      <Notice error={assign.error} />
    </div>
  );
}
