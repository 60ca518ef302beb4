import { bytesDigest, filesDigest } from "#skills/format/digests.js";
import { isSkillMd, type SkillFile, type SkillFolder } from "#skills/format/skill-folder.js";
import { factsOf } from "#skills/registry/facts.js";
import type { SkillBlobRow, SkillFileRow, SkillVersionRow } from "#store/schema/skill-tables.js";
import type { StoredFile } from "#store/skill-file-rows.js";
import type { SkillKey } from "#store/skill-rows.js";

/** A folder as rows of the database. */
export interface FolderRows {
  version: SkillVersionRow;
  files: SkillFileRow[];
  blobs: SkillBlobRow[];
}

/** A version to be made of a folder, and by whom. */
export interface NewVersion {
  /** A semantic version, or `draft`. */
  version: string;
  notes: string | null;
  /** Id of a profile. */
  by: string;
}

/**
 * @param now In ms since the epoch.
 * @param digestOf Of many bytes they are made beforehand. @see digestsOf
 */
export function toRows(
  { tenant_id, id: skill_id }: SkillKey,
  { version, notes, by }: NewVersion,
  folder: SkillFolder,
  now: number,
  digestOf: (bytes: Buffer) => string = bytesDigest,
): FolderRows {
  const blobs = new Map<string, SkillBlobRow>();
  const files = folder.files.map(({ path, bytes, executable }): SkillFileRow => {
    const digest = digestOf(bytes);
    blobs.set(digest, { tenant_id, digest, bytes, size: bytes.length });
    const is_executable = executable ? 1 : 0;
    return { tenant_id, skill_id, version, path, digest, size: bytes.length, is_executable };
  });
  const made = { digest: filesDigest(files), notes, created_by: by, created_at: now };
  return {
    version: { tenant_id, skill_id, version, ...factsOf(folder), ...made },
    files,
    blobs: [...blobs.values()],
  };
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
