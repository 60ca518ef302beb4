import type { SkillFolder } from "#skills/format/skill-folder.js";
import { type FolderRows, type NewVersion, toRows } from "#skills/registry/folder-rows.js";
import type { Change } from "#skills/registry/transaction.js";
import type { SkillVersionRow } from "#store/schema/skill-tables.js";
import type { SkillKey } from "#store/skill-rows.js";

/**
 * Makes a folder a version of a skill that is there, or its draft. The skill's row is the caller's to change.
 *
 * @param digestOf Of many bytes they are made beforehand. @see digestsOf
 */
export async function addVersion(
  change: Change,
  skill: SkillKey,
  as: NewVersion,
  folder: SkillFolder,
  digestOf?: (bytes: Buffer) => string,
): Promise<SkillVersionRow> {
  const rows = toRows(skill, as, folder, change.now, digestOf);
  await addVersions(change, [rows]);
  return rows.version;
}

/** Makes versions of many skills at once, with a few statements. */
export async function addVersions(
  { versions, files }: Pick<Change, "versions" | "files">,
  all: readonly FolderRows[],
): Promise<void> {
  await versions.insert(all.map(({ version }) => version));
  await files.insert(
    all.flatMap((folder) => folder.files),
    all.flatMap(({ blobs }) => blobs),
  );
}
