import type { Kysely } from "kysely";
import type { Clock } from "#core/clock.js";
import { type Assignments, createAssignments } from "#store/assignments.js";
import type { Database } from "#store/engine/database.js";
import type { Tables } from "#store/schema/tables.js";
import { createSkillFiles, type SkillFiles } from "#store/skill-files.js";
import { createSkillVersions, type SkillVersions } from "#store/skill-versions.js";
import { createSkills, type Skills } from "#store/skills.js";
import { withinStorage } from "#store/storage.js";

/** The registry inside a transaction. */
export interface Change {
  skills: Skills;
  versions: SkillVersions;
  files: SkillFiles;
  assignments: Assignments;
  /** Of this change, in ms since the epoch: later than of every change before. */
  now: number;
  transaction: Kysely<Tables>;
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

/** A change within a transaction that is open already. */
export async function beginChange(
  transaction: Kysely<Tables>,
  tenantId: string,
  clockNow: number,
): Promise<Change> {
  const skills = createSkills(transaction);
  return {
    skills,
    versions: createSkillVersions(transaction),
    files: createSkillFiles(transaction),
    assignments: createAssignments(transaction),
    now: await skills.hold(tenantId, clockNow),
    transaction,
  };
}
