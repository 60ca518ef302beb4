import { badRequest } from "#core/errors.js";
import { refuseInvalid } from "#skills/format/problem.js";
import { readSkillFolder } from "#skills/format/read-folder.js";
import type { SkillFile, SkillFolder } from "#skills/format/skill-folder.js";
import { editSkillMd, type SkillMdEdit } from "#skills/format/write-skill-md.js";
import { addVersions } from "#skills/registry/add-version.js";
import { type FolderRows, toFiles } from "#skills/registry/folder-rows.js";
import type { Change } from "#skills/registry/transaction.js";
import type { SkillRow, SkillVersionRow } from "#store/schema/skill-tables.js";
import { draft } from "#store/skill-version-rows.js";

/** Parts of a folder to change; parts that are left out stay. */
export interface FolderEdit extends Omit<SkillMdEdit, "name"> {
  files?: FileEdit[] | undefined;
}

/** Added or replaced; without bytes, removed. */
export interface FileEdit {
  path: string;
  bytes: Buffer | null;
  /** Left out: as it was before, or not executable for a new file. */
  executable?: boolean | undefined;
}

/** @throws bad_request with everything that is wrong with the folder */
export function validFolder(slug: string, files: SkillFile[]): SkillFolder {
  const { folder, problems } = readSkillFolder(slug, files);
  refuseInvalid(problems);
  return folder!;
}

/** The folder after the edit. SKILL.md is written again when one of its parts changes. */
export function edited(slug: string, files: SkillFile[], edit: FolderEdit): SkillFolder {
  const { files: fileEdits = [], ...parts } = edit;
  const folder = validFolder(slug, applyFiles(files, fileEdits));
  if (Object.values(parts).every((part) => part === undefined)) return folder;
  return validFolder(slug, withSkillMd(folder.files, parts));
}

/** The files with a changed SKILL.md, whose other parts stay to the letter. */
export function withSkillMd([main, ...others]: SkillFile[], edit: SkillMdEdit): SkillFile[] {
  return [{ ...main!, bytes: Buffer.from(editSkillMd(main!.bytes, edit)) }, ...others];
}

function applyFiles(files: SkillFile[], edits: FileEdit[]): SkillFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const named = new Set<string>();
  for (const [at, { path, bytes, executable }] of edits.entries()) {
    if (named.has(path)) throw badRequest([{ at: `files[${at}].path`, message: `${path} is named twice` }]);
    named.add(path);
    const before = byPath.get(path);
    if (bytes) byPath.set(path, { path, bytes, executable: executable ?? before?.executable ?? false });
    else if (!byPath.delete(path)) {
      throw badRequest([{ at: `files[${at}].path`, message: `there is no file ${path} to remove` }]);
    }
  }
  return [...byPath.values()];
}

/** The files of a version, SKILL.md first. */
export async function readVersion(
  { files }: Pick<Change, "files">,
  skill: SkillRow,
  version: string,
): Promise<SkillFile[]> {
  return toFiles(await files.read(skill, version));
}

/** Puts the rows of a folder in the place of the draft, or of nothing. */
export async function replaceDraft(change: Change, skill: SkillRow, rows: FolderRows): Promise<void> {
  const freed = await dropDraft(change, skill);
  await addVersions(change, [rows]);
  await change.files.sweep(skill.tenant_id, freed);
}

/** Returns the digests of its files, for `sweep`. */
export async function dropDraft({ versions, files }: Change, skill: SkillRow): Promise<string[]> {
  const freed = await files.delete(skill, draft);
  await versions.delete(skill, draft);
  return freed;
}

/** The draft where there is one, else the current version. */
export async function latestState(
  change: Pick<Change, "versions">,
  skill: SkillRow,
): Promise<SkillVersionRow> {
  const found = (await change.versions.find(skill, draft)) ?? (await current(change, skill));
  return found!;
}

export async function current(
  { versions }: Pick<Change, "versions">,
  skill: SkillRow,
): Promise<SkillVersionRow | undefined> {
  return skill.current_version === null ? undefined : versions.find(skill, skill.current_version);
}
