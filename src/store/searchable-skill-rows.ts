import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import type { SkillRow } from "#store/schema/skill-tables.js";
import { draft } from "#store/skill-version-rows.js";

export type SearchableSkill = Pick<
  SkillRow,
  "id" | "slug" | "name" | "description" | "category" | "status" | "current_version" | "updated_at"
>;

/** A tenant's skills as a search index reads them. Their times of change only grow: see `holdSkills`. */
export interface SearchableSkillRows {
  /** Time of the last change; 0 without any. */
  latest(tenantId: string): Promise<number>;
  /** Oldest change first. */
  changedSince(tenantId: string, time: number): Promise<SearchableSkill[]>;
  /** SKILL.md of the current version, or of the draft where nothing is published: its first 96 KiB. */
  readTexts(tenantId: string, ids: string[]): Promise<Map<string, string>>;
}

/** More text than a search needs, and little enough that hundreds at once fit into memory. */
const maxBytes = 96 * 1024;

export function createSearchableSkillRows({ kysely }: Database): SearchableSkillRows {
  const all = (tenantId: string) => kysely.selectFrom("skills").where("skills.tenant_id", "=", tenantId);
  return {
    latest: async (tenantId) => {
      const { latest } = await all(tenantId)
        .select((eb) => eb.fn.max("updated_at").as("latest"))
        .executeTakeFirstOrThrow();
      return Number(latest ?? 0);
    },
    changedSince: (tenantId, time) =>
      all(tenantId)
        .select(["id", "slug", "name", "description", "category", "status", "current_version", "updated_at"])
        .where("updated_at", ">", time)
        .orderBy("updated_at")
        .execute(),
    readTexts: async (tenantId, ids) => {
      const rows = await all(tenantId)
        .innerJoin("skill_files", (join) =>
          join
            .onRef("skill_files.tenant_id", "=", "skills.tenant_id")
            .onRef("skill_files.skill_id", "=", "skills.id")
            .on((eb) =>
              eb("skill_files.version", "=", eb.fn.coalesce("skills.current_version", sql.lit(draft))),
            )
            .on("skill_files.path", "in", ["SKILL.md", "skill.md"]),
        )
        .innerJoin("skill_blobs", (join) =>
          join
            .onRef("skill_blobs.tenant_id", "=", "skill_files.tenant_id")
            .onRef("skill_blobs.digest", "=", "skill_files.digest"),
        )
        .select(["skills.id"])
        .select((eb) => eb.fn<Buffer>("substr", ["bytes", sql.lit(1), sql.lit(maxBytes)]).as("bytes"))
        .where("skills.id", "in", ids)
        .execute();
      return new Map(rows.map(({ id, bytes }) => [id, Buffer.from(bytes).toString()]));
    },
  };
}
