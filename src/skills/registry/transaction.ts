import type { Clock } from "#core/clock.js";
import { type AgentRows, createAgentRows } from "#store/agent-rows.js";
import { type AssignmentRows, createAssignmentRows } from "#store/assignment-rows.js";
import type { Database, Transaction } from "#store/engine/database.js";
import { createSkillFileRows, type SkillFileRows } from "#store/skill-file-rows.js";
import { createSkillRows, holdSkills, type SkillRows } from "#store/skill-rows.js";
import { createSkillVersionRows, type SkillVersionRows } from "#store/skill-version-rows.js";
import { withinStorage } from "#store/storage.js";

/** The registry inside a transaction. */
export interface Change {
  skills: SkillRows;
  versions: SkillVersionRows;
  files: SkillFileRows;
  agents: AgentRows;
  assignments: AssignmentRows;
  /** Of this change, in ms since the epoch: later than of every change before. */
  now: number;
  transaction: Transaction;
}

/**
 * Runs `work` in one transaction: all of it or nothing, one at a time in a tenant.
 *
 * @throws SkillettError `plan_limit_reached` when it stores more than the tenant has room for
 */
export type MakeChange = <T>(tenantId: string, work: (change: Change) => Promise<T>) => Promise<T>;

interface Deps {
  database: Database;
  clock: Clock;
}

export function createMakeChange({ database, clock }: Deps): MakeChange {
  return (tenantId, work) =>
    database.kysely.transaction().execute(async (transaction) => {
      const change = await beginChange(transaction, tenantId, clock());
      return withinStorage(transaction, tenantId, () => work(change));
    });
}

async function beginChange(transaction: Transaction, tenantId: string, clockNow: number): Promise<Change> {
  const tables = { kysely: transaction };
  return {
    skills: createSkillRows(tables),
    versions: createSkillVersionRows(tables),
    files: createSkillFileRows(tables),
    agents: createAgentRows(tables),
    assignments: createAssignmentRows(tables),
    now: await holdSkills(transaction, tenantId, clockNow),
    transaction,
  };
}
