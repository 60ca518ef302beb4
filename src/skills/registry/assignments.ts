import type { Person } from "#core/caller.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { newUuid } from "#core/ids.js";
import { findAgent } from "#skills/registry/agents.js";
import { assignmentNotFound } from "#skills/registry/refusals.js";
import { findSkill } from "#skills/registry/registry.js";
import type { Change, MakeChange } from "#skills/registry/transaction.js";
import type { AgentRows } from "#store/agent-rows.js";
import type { AssignedAgent, AssignedSkill, AssignmentRows } from "#store/assignment-rows.js";
import type { AssignmentRow, SkillRow } from "#store/schema/skill-tables.js";
import type { SkillRows } from "#store/skill-rows.js";
import { draft } from "#store/skill-version-rows.js";

export interface NewAssignment {
  agentId: string;
  config: Record<string, unknown>;
  priority: number;
  /** Null follows the current one. */
  version: string | null;
}

export interface AssignmentEdit {
  enabled?: boolean | undefined;
  config?: Record<string, unknown> | undefined;
  priority?: number | undefined;
  version?: string | null | undefined;
}

/** Which agent has which skill. Having one grants no access to a tool. */
export interface SkillAssignments {
  assign(person: Person, id: string, assignment: NewAssignment): Promise<AssignedSkill>;
  unassign(person: Person, id: string, agentId: string): Promise<void>;
  edit(person: Person, id: string, agentId: string, edit: AssignmentEdit): Promise<void>;
  /** By priority, highest first. */
  agentsOf(skill: SkillRow): Promise<AssignedAgent[]>;
  /** By priority, highest first. */
  skillsOf(tenantId: string, agentId: string): Promise<AssignedSkill[]>;
}

interface Deps {
  skills: SkillRows;
  agents: AgentRows;
  assignments: AssignmentRows;
  makeChange: MakeChange;
}

export function createSkillAssignments(deps: Deps): SkillAssignments {
  const { skills, agents, assignments, makeChange } = deps;

  async function keyOf({ tenantId }: Person, id: string, agentId: string) {
    const skill = await findSkill({ skills }, tenantId, id);
    const agent = await findAgent(agents, tenantId, agentId);
    return { tenant_id: tenantId, skill_id: skill.id, agent_id: agent.id };
  }

  return {
    assign: ({ tenantId, profileId }, id, { agentId, config, priority, version }) =>
      makeChange(tenantId, async (change) => {
        const skill = await findSkill(change, tenantId, id);
        const agent = await findAgent(change.agents, tenantId, agentId);
        refuseArchived(skill);
        if (version !== null) await refuseUnpublished(change, skill, version);
        const assignment: AssignmentRow = {
          tenant_id: tenantId,
          id: newUuid(),
          skill_id: skill.id,
          agent_id: agent.id,
          pinned_version: version,
          enabled: 1,
          config: JSON.stringify(config),
          priority,
          assigned_by: profileId,
          assigned_at: change.now,
        };
        if (await change.assignments.insert(assignment)) return { assignment, skill };
        throw new SkillettError("bad_request", { message: "Skill already assigned to this agent" });
      }),
    unassign: async (person, id, agentId) => {
      if (await assignments.delete(await keyOf(person, id, agentId))) return;
      throw assignmentNotFound();
    },
    edit: async (person, id, agentId, { enabled, config, priority, version }) => {
      const key = await keyOf(person, id, agentId);
      await makeChange(person.tenantId, async (change) => {
        if (version)
          await refuseUnpublished(change, await findSkill(change, key.tenant_id, key.skill_id), version);
        const changes = {
          // An edit without fields changes nothing, but fails when the assignment does not exist.
          skill_id: key.skill_id,
          ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
          ...(config === undefined ? {} : { config: JSON.stringify(config) }),
          ...(priority === undefined ? {} : { priority }),
          ...(version === undefined ? {} : { pinned_version: version }),
        };
        if (!(await change.assignments.update(key, changes))) throw assignmentNotFound();
      });
    },
    agentsOf: (skill) => assignments.listAgents(skill),
    skillsOf: async (tenantId, agentId) => assignments.listSkills(await findAgent(agents, tenantId, agentId)),
  };
}

/** The version an agent gets; null while nothing is published. */
export function versionFor({ assignment, skill }: AssignedSkill): string | null {
  return assignment.pinned_version ?? skill.current_version;
}

function refuseArchived({ status, slug }: SkillRow): void {
  if (status !== "archived") return;
  throw new SkillettError("bad_request", { message: `The skill ${slug} is archived: restore it first.` });
}

async function refuseUnpublished({ versions }: Change, skill: SkillRow, version: string): Promise<void> {
  if (version !== draft && (await versions.find(skill, version))) return;
  throw badRequest([{ at: "version", message: `${skill.slug} has no published version ${version}` }]);
}
