import type { Kysely } from "kysely";
import type { SkillFileRow } from "#store/schema/skill-tables.js";
import type { Tables } from "#store/schema/tables.js";
import { readVersions, type VersionKey } from "#store/version-keys.js";

/** The files of one version each of many skills, without their bytes; in no particular order. */
export type ListFilesOf = (tenantId: string, versions: VersionKey[]) => Promise<SkillFileRow[]>;

export function createListFilesOf(kysely: Kysely<Tables>): ListFilesOf {
  return (tenantId, versions) =>
    readVersions(versions, (some) =>
      kysely
        .selectFrom("skill_files")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where((eb) => eb.or(some.map(({ skillId, version }) => eb.and({ skill_id: skillId, version }))))
        .execute(),
    );
}
