import { setImmediate } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { SkillVersionRow } from "#store/schema/skill-tables.js";
import type { Tables } from "#store/schema/tables.js";
import type { SkillKey } from "#store/skills.js";

/** The version that may still change. */
export const draft = "draft";

export interface SkillVersions {
  find(skill: SkillKey, version: string): Promise<SkillVersionRow | undefined>;
  /** In no particular order; the draft is one of them. */
  list(skill: SkillKey): Promise<SkillVersionRow[]>;
  /** Those of many skills. */
  listOf(tenantId: string, skillIds: string[]): Promise<SkillVersionRow[]>;
  insert(rows: SkillVersionRow[]): Promise<void>;
  /** Its files have to be gone before. */
  delete(skill: SkillKey, version: string): Promise<void>;
}

/** Rows written without letting anything else run: a few milliseconds. */
const batch = 250;

/** `kysely` may be a transaction. */
export function createSkillVersions(kysely: Kysely<Tables>): SkillVersions {
  const all = ({ tenant_id, id }: SkillKey) =>
    kysely
      .selectFrom("skill_versions")
      .selectAll()
      .where("tenant_id", "=", tenant_id)
      .where("skill_id", "=", id);

  return {
    find: (skill, version) => all(skill).where("version", "=", version).executeTakeFirst(),
    list: (skill) => all(skill).execute(),
    listOf: async (tenantId, skillIds) =>
      skillIds.length === 0
        ? []
        : kysely
            .selectFrom("skill_versions")
            .selectAll()
            .where("tenant_id", "=", tenantId)
            .where("skill_id", "in", skillIds)
            .execute(),
    insert: async (rows) => {
      for (let at = 0; at < rows.length; at += batch) {
        await kysely
          .insertInto("skill_versions")
          .values(rows.slice(at, at + batch))
          .execute();
        await setImmediate();
      }
    },
    delete: async ({ tenant_id, id }, version) => {
      await kysely
        .deleteFrom("skill_versions")
        .where("tenant_id", "=", tenant_id)
        .where("skill_id", "=", id)
        .where("version", "=", version)
        .execute();
    },
  };
}
