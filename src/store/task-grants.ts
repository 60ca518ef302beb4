import type { Kysely } from "kysely";
import { SkillettError } from "#core/errors.js";
import { newUuid } from "#core/ids.js";
import type { Database } from "#store/engine/database.js";
import type { TaskRow } from "#store/schema/skill-tables.js";
import type { Tables } from "#store/schema/tables.js";

/** An assignment that is there already is the one asked for; a disabled one is enabled. */
export async function assignWhatWasAsked(
  executor: Kysely<Tables>,
  engine: Database["engine"],
  { tenant_id, subject, agent_id, decided_by }: TaskRow,
  now: number,
): Promise<void> {
  const skill = executor
    .selectFrom("skills")
    .select("status")
    .where("tenant_id", "=", tenant_id)
    .where("id", "=", subject);
  const agent = executor
    .selectFrom("agents")
    .select("id")
    .where("tenant_id", "=", tenant_id)
    .where("id", "=", agent_id);
  // Neither is archived or deleted meanwhile; SQLite has one writer anyway.
  const held = engine === "postgres";
  const [found] = await (held ? skill.forShare() : skill).execute();
  if (found?.status !== "active")
    throw cannotBeDone("The skill has been archived. Restore it first, or reject");
  const [assignee] = await (held ? agent.forKeyShare() : agent).execute();
  if (!assignee) throw cannotBeDone("The agent has been deleted. Reject");
  await executor
    .insertInto("skill_assignments")
    .values({
      tenant_id,
      id: newUuid(),
      skill_id: subject,
      agent_id: assignee.id,
      pinned_version: null,
      enabled: 1,
      config: "{}",
      priority: 0,
      assigned_by: decided_by!,
      assigned_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "skill_id", "agent_id"]).doUpdateSet({ enabled: 1 }),
    )
    .execute();
}

function cannotBeDone(why: string): SkillettError {
  return new SkillettError("conflict", { message: `${why} the request.` });
}
