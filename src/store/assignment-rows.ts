import type { Queryable } from "#store/engine/database.js";
import type { AgentRow, AssignmentRow, SkillRow } from "#store/schema/skill-tables.js";
import type { SkillKey } from "#store/skill-rows.js";

export type AssignedAgent = AssignmentRow & { agent_name: string; agent_status: string };
export interface AssignedSkill {
  assignment: AssignmentRow;
  skill: SkillRow;
}

export interface AssignmentRows {
  /** Answers false, and inserts nothing, when the agent has the skill already. */
  insert(row: AssignmentRow): Promise<boolean>;
  find(key: AssignmentKey): Promise<AssignmentRow | undefined>;
  /** Ids of the skills that an agent has, and whether each is enabled. */
  listHeld(agent: Pick<AgentRow, "tenant_id" | "id">): Promise<Pick<AssignmentRow, "skill_id" | "enabled">[]>;
  /** By priority, highest first. */
  listAgents(skill: SkillKey): Promise<AssignedAgent[]>;
  /** By priority, highest first. */
  listSkills(agent: Pick<AgentRow, "tenant_id" | "id">): Promise<AssignedSkill[]>;
  /** Answers whether it was there. */
  update(key: AssignmentKey, changes: Partial<AssignmentRow>): Promise<boolean>;
  /** Answers whether it was there. */
  delete(key: AssignmentKey): Promise<boolean>;
}

export type AssignmentKey = Pick<AssignmentRow, "tenant_id" | "skill_id" | "agent_id">;

export function createAssignmentRows({ kysely }: Queryable): AssignmentRows {
  return {
    insert: async (row) => {
      const { numInsertedOrUpdatedRows } = await kysely
        .insertInto("skill_assignments")
        .values(row)
        .onConflict((conflict) => conflict.columns(["tenant_id", "skill_id", "agent_id"]).doNothing())
        .executeTakeFirst();
      return Boolean(numInsertedOrUpdatedRows);
    },
    find: ({ tenant_id, skill_id, agent_id }) =>
      kysely
        .selectFrom("skill_assignments")
        .selectAll()
        .where("tenant_id", "=", tenant_id)
        .where("skill_id", "=", skill_id)
        .where("agent_id", "=", agent_id)
        .executeTakeFirst(),
    listHeld: ({ tenant_id, id }) =>
      kysely
        .selectFrom("skill_assignments")
        .select(["skill_id", "enabled"])
        .where("tenant_id", "=", tenant_id)
        .where("agent_id", "=", id)
        .execute(),
    listAgents: ({ tenant_id, id }) =>
      kysely
        .selectFrom("skill_assignments")
        .innerJoin("agents", (join) =>
          join
            .onRef("agents.tenant_id", "=", "skill_assignments.tenant_id")
            .onRef("agents.id", "=", "skill_assignments.agent_id"),
        )
        .selectAll("skill_assignments")
        .select(["agents.name as agent_name", "agents.status as agent_status"])
        .where("skill_assignments.tenant_id", "=", tenant_id)
        .where("skill_id", "=", id)
        .orderBy("priority", "desc")
        .orderBy("agents.name")
        .execute(),
    listSkills: async ({ tenant_id, id }) => {
      const held = await kysely
        .selectFrom("skill_assignments")
        .selectAll()
        .where("tenant_id", "=", tenant_id)
        .where("agent_id", "=", id)
        .execute();
      const skills = await kysely
        .selectFrom("skills")
        .selectAll()
        .where("tenant_id", "=", tenant_id)
        .where("id", "in", (eb) =>
          eb
            .selectFrom("skill_assignments")
            .select("skill_id")
            .where("tenant_id", "=", tenant_id)
            .where("agent_id", "=", id),
        )
        .orderBy("slug")
        .execute();
      const bySkill = new Map(held.map((assignment) => [assignment.skill_id, assignment]));
      return skills
        .flatMap((skill) => {
          const assignment = bySkill.get(skill.id);
          return assignment ? [{ assignment, skill }] : [];
        })
        .sort((a, b) => b.assignment.priority - a.assignment.priority);
    },
    update: async ({ tenant_id, skill_id, agent_id }, changes) => {
      const { numUpdatedRows } = await kysely
        .updateTable("skill_assignments")
        .set(changes)
        .where("tenant_id", "=", tenant_id)
        .where("skill_id", "=", skill_id)
        .where("agent_id", "=", agent_id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    delete: async ({ tenant_id, skill_id, agent_id }) => {
      const { numDeletedRows } = await kysely
        .deleteFrom("skill_assignments")
        .where("tenant_id", "=", tenant_id)
        .where("skill_id", "=", skill_id)
        .where("agent_id", "=", agent_id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}
