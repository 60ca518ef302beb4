import { bytesDigest, filesDigest } from "#skills/format/digests.js";
import { isSkillMd, type SkillFile } from "#skills/format/skill-folder.js";
import type { SkillBlobRow, SkillFileRow, SkillVersionRow } from "#store/schema/skill-tables.js";
import type { StoredFile } from "#store/skill-files.js";

/** A folder as the store keeps it. */
export interface FolderRows {
  version: SkillVersionRow;
  files: SkillFileRow[];
  blobs: SkillBlobRow[];
}

/** Where a folder goes, and who put it there. */
export type VersionFacts = Omit<SkillVersionRow, "digest">;

/** @param digestOf Of many bytes they are made beforehand. @see digestsOf */
export function toRows(
  facts: VersionFacts,
  files: readonly SkillFile[],
  digestOf: (bytes: Buffer) => string = bytesDigest,
): FolderRows {
  const { tenant_id, skill_id, version } = facts;
  const blobs = new Map<string, SkillBlobRow>();
  const rows = files.map(({ path, bytes, executable }): SkillFileRow => {
    const digest = digestOf(bytes);
    blobs.set(digest, { tenant_id, digest, bytes, size: bytes.length });
    const is_executable = executable ? 1 : 0;
    return { tenant_id, skill_id, version, path, digest, size: bytes.length, is_executable };
  });
  return { version: { ...facts, digest: filesDigest(rows) }, files: rows, blobs: [...blobs.values()] };
}

/** SKILL.md first, then by path, as a folder lists them. */
export function toFiles(rows: readonly StoredFile[]): SkillFile[] {
  const files = rows.map(({ path, bytes, is_executable }) => ({
    path,
    bytes,
    executable: is_executable === 1,
  }));
  return inOrder(files);
}

/** SKILL.md first, then by path. */
export function inOrder<File extends { path: string }>(files: readonly File[]): File[] {
  const first = (path: string) => (isSkillMd(path) ? 0 : 1);
  return [...files].sort((a, b) => first(a.path) - first(b.path) || (a.path < b.path ? -1 : 1));
}

/** Files of many skills, of one version each: those of each in order. */
export function inFolders(rows: readonly SkillFileRow[]): (skillId: string) => SkillFileRow[] {
  const folders = new Map<string, SkillFileRow[]>();
  for (const row of rows) {
    const folder = folders.get(row.skill_id);
    if (folder) folder.push(row);
    else folders.set(row.skill_id, [row]);
  }
  return (skillId) => inOrder(folders.get(skillId) ?? []);
}
