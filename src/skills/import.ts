import { valid } from "semver";
import type { Person } from "#core/caller.js";
import type { Change, MakeChange } from "#skills/change.js";
import { current, dropDraft, factsOf, replaceDraft } from "#skills/content.js";
import type { SkillFolder } from "#skills/folder.js";
import { type FolderRows, toRows } from "#skills/folder-rows.js";
import { nextVersion } from "#skills/next-version.js";
import { refuseLocked, skillExists } from "#skills/refusals.js";
import { newRow } from "#skills/registry.js";
import { currentVersion } from "#skills/versions.js";
import type { SkillRow } from "#store/skill-tables.js";
import { draft } from "#store/skill-versions.js";

export interface ImportOptions {
  /** Makes versions rather than drafts. */
  publish: boolean;
  /** Skills of the same name get what is imported; otherwise they are in the way. */
  replace: boolean;
}

/** What a listing of the store gives. */
export interface Listing {
  folder: SkillFolder;
  /** `<source>/<name>` */
  ref: string;
  version: string;
}

/** Whole folders become skills, all or none. */
export interface Import {
  /** In the order of the folders. One that is there with the same content is left as it is. */
  folders(person: Person, folders: readonly SkillFolder[], options: ImportOptions): Promise<SkillRow[]>;
  /** Installs a listing as a locked skill, or brings the one installed from it up to its version. */
  install(person: Person, listing: Listing): Promise<SkillRow>;
}

export function createImport({ makeChange }: { makeChange: MakeChange }): Import {
  return {
    folders: (person, folders, options) =>
      makeChange(person.tenantId, async (change) => {
        const slugs = folders.map(({ name }) => name);
        const known = await change.skills.listBySlugs(person.tenantId, slugs);
        if (!options.replace && known.length > 0) throw skillExists(known.map(({ slug }) => slug).sort());
        for (const skill of known) refuseLocked(skill);
        const bySlug = new Map(known.map((skill) => [skill.slug, skill]));
        const made = await insertAll(
          change,
          person,
          folders.filter(({ name }) => !bySlug.has(name)),
          options.publish,
        );
        for (const skill of made) bySlug.set(skill.slug, skill);
        for (const folder of folders) {
          const skill = bySlug.get(folder.name)!;
          if (!made.includes(skill))
            bySlug.set(folder.name, await replaceContent(change, person, skill, folder, options.publish));
        }
        return slugs.map((slug) => bySlug.get(slug)!);
      }),
    install: (person, { folder, ref, version }) =>
      makeChange(person.tenantId, async (change) => {
        const listing = { listing_ref: ref, listing_version: version };
        const installed = await change.skills.findInstalled(person.tenantId, ref);
        if (installed) {
          const updated = await addVersion(change, person, installed, folder, version);
          return change.skills.update(updated, { ...listing, status: "active", updated_at: change.now });
        }
        const [taken] = await change.skills.listBySlugs(person.tenantId, [folder.name]);
        if (taken) throw skillExists([taken.slug]);
        const row: SkillRow = {
          ...newRow(person, folder.name, change.now),
          ...factsOf(folder),
          ...listing,
          source: "store",
          current_version: nextVersion([], valid(version) ?? folder.version),
        };
        await insertRows(change, [row], [rowsOf(person, row, row.current_version!, folder, change.now)]);
        return row;
      }),
  };
}

async function insertAll(
  change: Change,
  person: Person,
  folders: readonly SkillFolder[],
  publish: boolean,
): Promise<SkillRow[]> {
  const { now } = change;
  const skills = folders.map(
    (folder): SkillRow => ({
      ...newRow(person, folder.name, now),
      ...factsOf(folder),
      current_version: publish ? nextVersion([], folder.version) : null,
    }),
  );
  const contents = skills.map((skill, at) =>
    rowsOf(person, skill, skill.current_version ?? draft, folders[at]!, now),
  );
  await insertRows(change, skills, contents);
  return skills;
}

async function insertRows(change: Change, skills: SkillRow[], contents: FolderRows[]): Promise<void> {
  await change.skills.insert(skills);
  await change.versions.insert(contents.map(({ version }) => version));
  await change.files.insert(
    contents.flatMap(({ files }) => files),
    contents.flatMap(({ blobs }) => blobs),
  );
}

async function replaceContent(
  change: Change,
  person: Person,
  skill: SkillRow,
  folder: SkillFolder,
  publish: boolean,
): Promise<SkillRow> {
  if (publish) return addVersion(change, person, skill, folder, folder.version);
  const rows = rowsOf(person, skill, draft, folder, change.now);
  const now = await current(change, skill);
  if (now?.digest === rows.version.digest) return skill;
  await replaceDraft(change, skill, rows);
  const facts = skill.current_version === null ? factsOf(folder) : {};
  return change.skills.update(skill, { ...facts, updated_at: change.now });
}

/** Content that is the current version's already makes no new one. */
async function addVersion(
  change: Change,
  person: Person,
  skill: SkillRow,
  folder: SkillFolder,
  wanted: string | null,
): Promise<SkillRow> {
  const { versions, files, skills, now } = change;
  const all = await versions.list(skill);
  const version = nextVersion(all, valid(wanted) ?? folder.version);
  const rows = rowsOf(person, skill, version, folder, now);
  const { digest } = rows.version;
  if (all.some((it) => it.version === skill.current_version && it.digest === digest)) return skill;
  await versions.insert([rows.version]);
  await files.insert(rows.files, rows.blobs);
  // A draft that says the same is published with it.
  if (all.some((it) => it.version === draft && it.digest === digest)) await dropDraft(change, skill);
  return skills.update(skill, currentVersion(version, folder, now));
}

function rowsOf(
  { profileId }: Person,
  { tenant_id, id }: SkillRow,
  version: string,
  folder: SkillFolder,
  now: number,
): FolderRows {
  const facts = { tenant_id, skill_id: id, version, notes: null, created_by: profileId, created_at: now };
  return toRows(facts, folder.files);
}
