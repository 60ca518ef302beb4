import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AssignForm } from "#web/agents/assign-form.js";
import { versionInWords } from "#web/agents/text.js";
import { type AgentSkill, agentSkillsQuery } from "#web/api/agents.js";
import { useApi } from "#web/api/api.js";
import { type Skill, skillsQuery } from "#web/api/skills.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";
import { Card } from "#web/components/page.js";

interface SkillsCardProps {
  agentId: string;
  mayAssign: boolean;
}

/** The skills of an agent, and those that it could get. */
export function SkillsCard({ agentId, mayAssign }: SkillsCardProps) {
  const api = useApi();
  const held = useQuery(agentSkillsQuery(api, agentId));
  const all = useQuery(skillsQuery(api));
  const published = all.data?.skills.filter(({ currentVersion }) => currentVersion !== null);
  const free = published?.filter(({ id }) => !held.data?.skills.some(({ skillId }) => skillId === id));
  return (
    <Card title="Skills">
      {held.data?.skills.length === 0 && <p className="text-quiet">It has none yet.</p>}
      {held.data?.skills.length !== 0 && (
        <ul className="flex flex-col gap-4">
          {held.data?.skills.map((skill) => (
            <SkillRow
              key={skill.assignmentId}
              agentId={agentId}
              held={skill}
              skill={published?.find(({ id }) => id === skill.skillId)}
              mayAssign={mayAssign}
            />
          )) ?? <li className="min-h-11 text-quiet">…</li>}
        </ul>
      )}
      <Notice error={held.error ?? all.error} />
      {mayAssign && held.data && free && <AssignForm agentId={agentId} skills={free} />}
    </Card>
  );
}

interface SkillRowProps {
  agentId: string;
  held: AgentSkill;
  /** Not there when it has been archived. */
  skill: Skill | undefined;
  mayAssign: boolean;
}

function SkillRow({ agentId, held, skill, mayAssign }: SkillRowProps) {
  const api = useApi();
  const queries = useQueryClient();
  const params = { id: held.skillId, agentId };
  const onSettled = () => queries.invalidateQueries(agentSkillsQuery(api, agentId));
  const toggle = useMutation({
    mutationFn: () => api.skillett.updateAssignment({ params, body: { enabled: !held.enabled } }),
    onSettled,
  });
  const remove = useMutation({ mutationFn: () => api.skillett.unassignSkill({ params }), onSettled });
  const busy = toggle.isPending || remove.isPending;
  const turn = held.enabled ? "Turn off" : "Turn on";
  return (
    <li className="flex flex-col gap-2">
      <div className="min-w-0 break-words">
        <p>
          {held.name}
          {!held.enabled && <span className="text-wrong"> · off</span>}
        </p>
        <p className="text-sm text-quiet">{versionInWords(held, skill)}</p>
      </div>
      {mayAssign && (
        <div className="flex flex-wrap gap-3">
          <Button
            variant="secondary"
            busy={busy}
            aria-label={`${turn} ${held.name}`}
            onClick={() => toggle.mutate()}
          >
            {turn}
          </Button>
          <Button
            variant="secondary"
            busy={busy}
            aria-label={`Unassign ${held.name}`}
            onClick={() => remove.mutate()}
          >
            Unassign
          </Button>
        </div>
      )}
      <Notice error={toggle.error ?? remove.error} />
    </li>
  );
}
