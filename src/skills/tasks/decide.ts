import { SkillettError } from "#core/errors.js";
import { newUuid } from "#core/ids.js";
import type { Change, MakeChange } from "#skills/registry/transaction.js";
import { approveTool } from "#skills/tasks/tool-change.js";
import { closeTask, type Decision, type NamedTask, type Tell } from "#store/task-rows.js";
import { insertDelivery } from "#store/webhook-delivery-rows.js";

/**
 * Decides an open task and carries it out, all or nothing, in turn with changes of skills and agents. Undefined when
 * it is not open.
 *
 * @throws conflict when it can no longer be carried out
 */
export type DecideTask = (decision: Decision, tell: Tell) => Promise<NamedTask | undefined>;

export function createDecideTask({ makeChange }: { makeChange: MakeChange }): DecideTask {
  return (decision, tell) =>
    makeChange(decision.tenantId, async (change) => {
      const task = await closeTask(change.transaction, decision);
      if (!task) return undefined;
      // A person connects a connector: approving it only announces that.
      if (decision.status === "approved" && task.type === "skill_request")
        await assignSkill(change, task, decision.now);
      if (decision.status === "approved" && task.type === "tool_change")
        await approveTool(change.transaction, task);
      const delivery = tell(task);
      if (delivery) await insertDelivery(change.transaction, delivery);
      return task;
    });
}

/** An assignment that is there already is the one asked for; a disabled one is enabled. */
async function assignSkill(change: Change, task: NamedTask, now: number): Promise<void> {
  const { tenant_id, subject, agent_id, decided_by } = task;
  const skill = await change.skills.find(tenant_id, subject);
  if (skill?.status !== "active")
    throw cannotBeDone("The skill has been archived. Restore it first, or reject");
  const agent = agent_id === null ? undefined : await change.agents.find(tenant_id, agent_id);
  if (!agent) throw cannotBeDone("The agent has been deleted. Reject");
  const key = { tenant_id, skill_id: skill.id, agent_id: agent.id };
  const isNew = await change.assignments.insert({
    ...key,
    id: newUuid(),
    pinned_version: null,
    enabled: 1,
    config: "{}",
    priority: 0,
    assigned_by: decided_by!,
    assigned_at: now,
  });
  if (!isNew) await change.assignments.update(key, { enabled: 1 });
}

function cannotBeDone(why: string): SkillettError {
  return new SkillettError("conflict", { message: `${why} the request.` });
}
