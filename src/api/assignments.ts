import type * as routes from "#contract/assignments.js";
import type { Api } from "#contract/route.js";
import { isoTime } from "#core/clock.js";
import { type SkillAssignments, versionFor } from "#skills/registry/assignments.js";
import type { Registry } from "#skills/registry/registry.js";
import type { AssignedSkill } from "#store/assignment-rows.js";
import type { AssignmentRow } from "#store/schema/skill-tables.js";

export interface AssignmentsDeps {
  registry: Registry;
  skillAssignments: SkillAssignments;
}

export function createAssignmentsApi(deps: AssignmentsDeps): Api<typeof routes> {
  const { registry, skillAssignments } = deps;

  return {
    async listSkillAgents({ caller, params }) {
      const rows = await skillAssignments.agentsOf(await registry.find(caller.tenantId, params.id));
      return {
        agents: rows.map((row) => ({
          id: row.id,
          agentId: row.agent_id,
          agentName: row.agent_name,
          agentStatus: row.agent_status,
          ...facts(row),
          assignedBy: row.assigned_by,
        })),
      };
    },
    async assignSkill({ caller, params, body }) {
      const { agentId, config = {}, priority = 0, version = null } = body;
      const assigned = await skillAssignments.assign(caller, params.id, {
        agentId,
        config,
        priority,
        version,
      });
      const { assignment: row, skill } = assigned;
      return {
        assignment: {
          id: row.id,
          tenantId: row.tenant_id,
          skillId: row.skill_id,
          agentId: row.agent_id,
          skillVersion: versionFor(assigned),
          listingRef: skill.listing_ref,
          ...facts(row),
          assignedBy: row.assigned_by,
        },
      };
    },
    async unassignSkill({ caller, params }) {
      await skillAssignments.unassign(caller, params.id, params.agentId);
      return { success: true };
    },
    async updateAssignment({ caller, params, body }) {
      await skillAssignments.edit(caller, params.id, params.agentId, body);
      return { success: true };
    },
    async listAgentSkills({ caller, params }) {
      const assigned = await skillAssignments.skillsOf(caller.tenantId, params.agentId);
      return { skills: assigned.map(toAgentSkill) };
    },
    async listAssignments({ caller, params }) {
      const assigned = await skillAssignments.skillsOf(caller.tenantId, params.id);
      return {
        skills: assigned.map((it) => ({ ...toAgentSkill(it), pinnedVersion: it.assignment.pinned_version })),
      };
    },
  };
}

function toAgentSkill({ assignment, skill }: AssignedSkill) {
  return {
    assignmentId: assignment.id,
    skillId: skill.id,
    name: skill.name,
    slug: skill.slug,
    description: skill.description,
    category: skill.category,
    listingRef: skill.listing_ref,
    ...facts(assignment),
  };
}

function facts({ enabled, config, priority, assigned_at }: AssignmentRow) {
  return {
    enabled: enabled === 1,
    config: JSON.parse(config) as Record<string, unknown>,
    priority,
    assignedAt: isoTime(assigned_at),
  };
}
