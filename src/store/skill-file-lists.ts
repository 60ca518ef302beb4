import type { Kysely } from "kysely";
import type { SkillFileRow } from "#store/schema/skill-tables.js";
import type { Tables } from "#store/schema/tables.js";

/** The files of one version each of many skills, without their bytes; in no particular order. */
export type ListFilesOf = (
  tenantId: string,
  versions: { skillId: string; version: string }[],
) => Promise<SkillFileRow[]>;

/** Alternatives of one statement: their tree has a depth that engines limit. */
const batch = 200;

export function createListFilesOf(kysely: Kysely<Tables>): ListFilesOf {
  return async (tenantId, versions) => {
    const found: SkillFileRow[] = [];
    for (let at = 0; at < versions.length; at += batch) {
      const wanted = versions.slice(at, at + batch);
      const rows = await kysely
        .selectFrom("skill_files")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where((eb) => eb.or(wanted.map(({ skillId, version }) => eb.and({ skill_id: skillId, version }))))
        .execute();
      found.push(...rows);
    }
    return found;
  };
}
