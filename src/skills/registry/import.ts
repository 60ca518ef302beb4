import { setImmediate as nextTurn } from "node:timers/promises";
import type { Person } from "#core/caller.js";
import { badRequest } from "#core/errors.js";
import { digestsOf } from "#skills/format/digests.js";
import type { SkillFolder } from "#skills/format/skill-folder.js";
import { addVersion, addVersions } from "#skills/registry/add-version.js";
import { current, dropDraft, replaceDraft } from "#skills/registry/draft.js";
import { shownFacts } from "#skills/registry/facts.js";
import { type FolderRows, type NewVersion, toRows } from "#skills/registry/folder-rows.js";
import { nextVersion, refuseOld } from "#skills/registry/next-version.js";
import { isLocked, refuseLocked, skillExists } from "#skills/registry/refusals.js";
import { newRow } from "#skills/registry/registry.js";
import type { Change, MakeChange } from "#skills/registry/transaction.js";
import { currentVersion } from "#skills/registry/versions.js";
import type { SkillRow } from "#store/schema/skill-tables.js";
import { draft } from "#store/skill-version-rows.js";

export interface ImportOptions {
  /** Makes versions rather than drafts. */
  publish: boolean;
  /** Skills of the same name get the imported files; otherwise the import is refused. */
  replace: boolean;
  /** Version to publish the one folder as; by the rule of `nextVersion` when left out. */
  version?: string | undefined;
  /** On the versions. */
  notes?: string | undefined;
}

export interface Imported {
  /** In the order of the folders. */
  rows: SkillRow[];
  /** Skills from listings that are in the way of folders, which are left out. */
  locked: SkillRow[];
}

/**
 * Whole folders become skills, in one commit. One that is there with the same content is left as it is.
 *
 * @throws conflict for skills that are there and not to be replaced, forbidden when all of them are locked
 */
export type ImportFolders = (
  person: Person,
  folders: readonly SkillFolder[],
  options: ImportOptions,
) => Promise<Imported>;

export function createImportFolders({ makeChange }: { makeChange: MakeChange }): ImportFolders {
  return async (person, folders, options) => {
    if (options.version !== undefined) refuseVersion(folders, options);
    const digestOf = await digestsOf(folders.flatMap(({ files }) => files));
    return makeChange(person.tenantId, async (change) => {
      const task: Task = { change, person, options, digestOf };
      const slugs = folders.map(({ slug }) => slug);
      const known = await change.skills.listBySlugs(person.tenantId, slugs);
      if (!options.replace && known.length > 0) throw skillExists(known.map(({ slug }) => slug).sort());
      const locked = known.filter(isLocked);
      if (locked.length === folders.length) locked.forEach(refuseLocked);
      const bySlug = new Map(known.map((skill) => [skill.slug, skill]));
      const isNew = ({ slug }: SkillFolder) => !bySlug.has(slug);
      const made = await insertAll(task, folders.filter(isNew));
      for (const folder of folders.filter((it) => !isNew(it))) {
        const skill = bySlug.get(folder.slug)!;
        if (!isLocked(skill)) bySlug.set(folder.slug, await replaceContent(task, skill, folder));
      }
      for (const skill of made) bySlug.set(skill.slug, skill);
      const rows = slugs.map((slug) => bySlug.get(slug)!).filter((skill) => !isLocked(skill));
      return { rows, locked };
    });
  };
}

interface Task {
  change: Change;
  person: Person;
  options: ImportOptions;
  digestOf: (bytes: Buffer) => string;
}

function refuseVersion(folders: readonly SkillFolder[], { publish }: ImportOptions): void {
  if (folders.length === 1 && publish) return;
  const why = publish ? `this archive has ${folders.length}` : "drafts have no version";
  throw badRequest([{ at: "query.version", message: `is for one skill that is published; ${why}` }]);
}

/** Folders put into rows without letting anything else run: a few milliseconds. */
const turnFolders = 100;

async function insertAll(task: Task, folders: readonly SkillFolder[]): Promise<SkillRow[]> {
  const { change, person, options } = task;
  const skills: SkillRow[] = [];
  const contents: FolderRows[] = [];
  for (const [at, folder] of folders.entries()) {
    const version = options.version ?? nextVersion([], folder.version);
    const current_version = options.publish ? version : null;
    const row = { ...newRow(person, folder.slug, change.now), current_version };
    const content = rowsOf(task, row, current_version ?? draft, folder);
    skills.push({ ...row, ...shownFacts(content.version) });
    contents.push(content);
    if (at % turnFolders === turnFolders - 1) await nextTurn();
  }
  await change.skills.insert(skills);
  await addVersions(change, contents);
  return skills;
}

async function replaceContent(task: Task, skill: SkillRow, folder: SkillFolder): Promise<SkillRow> {
  const { change, options } = task;
  const { now } = change;
  const before = await current(change, skill);
  const rows = rowsOf(task, skill, draft, folder);
  const isSame = before?.digest === rows.version.digest;
  if (isSame && (options.version ?? before.version) === before.version) return skill;
  if (options.publish) return publishFolder(task, skill, folder);
  await replaceDraft(change, skill, rows);
  const facts = skill.current_version === null ? shownFacts(rows.version) : {};
  return change.skills.update(skill, { ...facts, updated_at: now });
}

async function publishFolder(task: Task, skill: SkillRow, folder: SkillFolder): Promise<SkillRow> {
  const { change, digestOf } = task;
  const all = await change.versions.list(skill);
  const { version = nextVersion(all, folder.version) } = task.options;
  refuseOld(all, version);
  const added = await addVersion(change, skill, versionOf(task, version), folder, digestOf);
  // A draft that says the same is published with it.
  if (all.some((it) => it.version === draft && it.digest === added.digest)) await dropDraft(change, skill);
  return change.skills.update(skill, currentVersion(added, change.now));
}

function rowsOf(task: Task, skill: SkillRow, version: string, folder: SkillFolder): FolderRows {
  return toRows(skill, versionOf(task, version), folder, task.change.now, task.digestOf);
}

function versionOf({ person, options }: Task, version: string): NewVersion {
  return { version, notes: version === draft ? null : (options.notes ?? null), by: person.profileId };
}
