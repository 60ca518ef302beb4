import { setImmediate } from "node:timers/promises";
import type { Queryable } from "#store/engine/database.js";
import type { SkillVersionRow } from "#store/schema/skill-tables.js";
import type { SkillKey } from "#store/skill-rows.js";
import { readVersions, type VersionKey } from "#store/version-keys.js";

/** The version that may still change. */
export const draft = "draft";

/** Without the front matter, which may be long. */
export type ListedVersion = Omit<SkillVersionRow, "front_matter">;

export interface SkillVersionRows {
  find(skill: SkillKey, version: string): Promise<SkillVersionRow | undefined>;
  /** In no particular order; the draft is one of them. */
  list(skill: SkillKey): Promise<ListedVersion[]>;
  /** One version of each skill, by id of the skill. */
  listExactly(tenantId: string, versions: VersionKey[]): Promise<Map<string, ListedVersion>>;
  /** JSON, by id of the skill. */
  frontMatters(tenantId: string, versions: VersionKey[]): Promise<Map<string, string>>;
  insert(rows: SkillVersionRow[]): Promise<void>;
  /** Its files have to be gone before. */
  delete(skill: SkillKey, version: string): Promise<void>;
}

/** Rows of one statement, which stays below some megabytes whatever their front matter holds. */
const batch = 50;

const listed = [
  ...["tenant_id", "skill_id", "version", "name", "description", "category", "tool_ids", "author"],
  ...["metadata_version", "digest", "notes", "created_by", "created_at"],
] as (keyof ListedVersion)[];

export function createSkillVersionRows({ kysely }: Queryable): SkillVersionRows {
  const all = ({ tenant_id, id }: SkillKey) =>
    kysely.selectFrom("skill_versions").where("tenant_id", "=", tenant_id).where("skill_id", "=", id);

  const exactly = (tenantId: string, some: VersionKey[]) =>
    kysely
      .selectFrom("skill_versions")
      .where("tenant_id", "=", tenantId)
      .where((eb) => eb.or(some.map(({ skillId, version }) => eb.and({ skill_id: skillId, version }))));

  return {
    find: (skill, version) => all(skill).selectAll().where("version", "=", version).executeTakeFirst(),
    list: (skill) => all(skill).select(listed).execute(),
    listExactly: async (tenantId, keys) => {
      const rows = await readVersions(keys, (some) => exactly(tenantId, some).select(listed).execute());
      return new Map(rows.map((row) => [row.skill_id, row]));
    },
    frontMatters: async (tenantId, keys) => {
      const rows = await readVersions(keys, (some) =>
        exactly(tenantId, some).select(["skill_id", "front_matter"]).execute(),
      );
      return new Map(rows.map(({ skill_id, front_matter }) => [skill_id, front_matter]));
    },
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
