import type { Kysely } from "kysely";
import type { SkillRow } from "#store/skill-tables.js";
import type { Tables } from "#store/tables.js";

export type SearchableSkill = Pick<
  SkillRow,
  "id" | "slug" | "name" | "description" | "category" | "status" | "current_version" | "updated_at"
>;

/** Two that are equal: nothing has changed in between. */
export interface SkillsStamp {
  count: number;
  /** Of the last change; 0 without any. */
  latest: number;
}

/** What a search index has to know of a tenant's skills. Their times of change only grow: see `Skills.hold`. */
export interface SearchableSkills {
  stamp(tenantId: string): Promise<SkillsStamp>;
  /** Oldest change first. */
  changedSince(tenantId: string, time: number): Promise<SearchableSkill[]>;
}

export function createSearchableSkills(kysely: Kysely<Tables>): SearchableSkills {
  const all = (tenantId: string) => kysely.selectFrom("skills").where("tenant_id", "=", tenantId);
  return {
    stamp: async (tenantId) => {
      const { count, latest } = await all(tenantId)
        .select((eb) => [eb.fn.countAll<number>().as("count"), eb.fn.max("updated_at").as("latest")])
        .executeTakeFirstOrThrow();
      return { count: Number(count), latest: Number(latest ?? 0) };
    },
    changedSince: (tenantId, time) =>
      all(tenantId)
        .select(["id", "slug", "name", "description", "category", "status", "current_version", "updated_at"])
        .where("updated_at", ">", time)
        .orderBy("updated_at")
        .execute(),
  };
}
