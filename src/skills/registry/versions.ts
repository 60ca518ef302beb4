import type { Person } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import type { RunJob } from "#core/job.js";
import { writeZipJob } from "#skills/archive/jobs.js";
import type { SkillFile } from "#skills/format/skill-folder.js";
import { readInstructions } from "#skills/format/skill-md.js";
import type { FileChange } from "#skills/registry/diff.js";
import { current } from "#skills/registry/draft.js";
import { type ShownFacts, shownFacts } from "#skills/registry/facts.js";
import { toFiles } from "#skills/registry/folder-rows.js";
import { compareFilesJob } from "#skills/registry/job.js";
import { newestFirst, nextVersion, refuseOld } from "#skills/registry/next-version.js";
import { fileNotFound, refuseLocked, versionNotFound } from "#skills/registry/refusals.js";
import { findSkill } from "#skills/registry/registry.js";
import type { MakeChange } from "#skills/registry/transaction.js";
import type { SkillFileRow, SkillRow, SkillVersionRow, VersionFacts } from "#store/schema/skill-tables.js";
import type { SkillFileRows } from "#store/skill-file-rows.js";
import { draft, type ListedVersion, type SkillVersionRows } from "#store/skill-version-rows.js";

/** Versions of a skill: published ones never change, `draft` may. */
export interface Versions {
  /** Newest first, the draft before all others. */
  list(skill: SkillRow): Promise<ListedVersion[]>;
  /** @throws not_found */
  get(skill: SkillRow, version: string): Promise<SkillVersionRow>;
  /** Without their bytes, by path. */
  listFiles(skill: SkillRow, version: string): Promise<SkillFileRow[]>;
  readFiles(skill: SkillRow, version: string): Promise<SkillFile[]>;
  /** The body of SKILL.md. */
  readInstructions(skill: SkillRow, version: string): Promise<string>;
  /** @throws not_found */
  readFile(skill: SkillRow, version: string, path: string): Promise<Buffer>;
  diff(skill: SkillRow, from: string, to: string): Promise<FileChange[]>;
  /** Its folder, packed. */
  zip(skill: SkillRow, version: string): Promise<Buffer>;
  /** Makes the draft a version. */
  publish(person: Person, id: string, as: { version?: string; notes?: string }): Promise<SkillRow>;
  /** Makes another published version the current one. */
  rollBack(person: Person, id: string, version: string): Promise<SkillRow>;
}

interface Deps {
  versions: SkillVersionRows;
  files: SkillFileRows;
  makeChange: MakeChange;
  runJob: RunJob;
}

export function createVersions({ versions, files, makeChange, runJob }: Deps): Versions {
  const read = { versions, files };

  async function readFiles(skill: SkillRow, version: string): Promise<SkillFile[]> {
    await getVersion(read, skill, version);
    return toFiles(await files.read(skill, version));
  }

  return {
    list: async (skill) => newestFirst(await versions.list(skill)),
    get: (skill, version) => getVersion(read, skill, version),
    listFiles: (skill, version) => files.list(skill, version),
    readFiles,
    readInstructions: async (skill, version) => readInstructions((await files.readSkillMd(skill, version))!),
    readFile: async (skill, version, path) => {
      await getVersion(read, skill, version);
      const found = await files.readOne(skill, version, path);
      if (found) return found.bytes;
      throw fileNotFound();
    },
    diff: (skill, from, to) =>
      runJob(skill.tenant_id, compareFilesJob, async () => ({
        before: await readFiles(skill, from),
        after: await readFiles(skill, to),
        names: { from, to },
      })),
    zip: (skill, version) =>
      runJob(skill.tenant_id, writeZipJob, async () => ({
        directory: skill.slug,
        files: await readFiles(skill, version),
      })),
    publish: (person, id, { version: requested, notes }) =>
      makeChange(person.tenantId, async (change) => {
        const skill = await findSkill(change, person.tenantId, id);
        refuseLocked(skill);
        const all = await change.versions.list(skill);
        if (requested !== undefined) refuseOld(all, requested);
        const state = await publishable(change, skill);
        const version = requested ?? nextVersion(all, state.metadata_version);
        const made = { notes: notes ?? null, created_by: person.profileId, created_at: change.now };
        const published = { ...state, version, ...made };
        await change.versions.insert([published]);
        await change.files.move(skill, draft, version);
        await change.versions.delete(skill, draft);
        return change.skills.update(skill, currentVersion(published, change.now));
      }),
    rollBack: (person, id, version) =>
      makeChange(person.tenantId, async (change) => {
        const skill = await findSkill(change, person.tenantId, id);
        refuseLocked(skill);
        const earlier = await getVersion(change, skill, version);
        return change.skills.update(skill, currentVersion(earlier, change.now));
      }),
  };
}

/** The columns of a skill that change when a version becomes the current one. */
export function currentVersion(
  version: VersionFacts & { version: string },
  now: number,
): ShownFacts & Pick<SkillRow, "current_version" | "updated_at"> {
  return { ...shownFacts(version), current_version: version.version, updated_at: now };
}

type Read = Pick<Deps, "versions" | "files">;

async function getVersion({ versions }: Pick<Read, "versions">, skill: SkillRow, version: string) {
  const found = await versions.find(skill, version);
  if (found) return found;
  throw versionNotFound();
}

/** @throws conflict when there is nothing new to publish */
async function publishable({ versions }: Pick<Read, "versions">, skill: SkillRow): Promise<SkillVersionRow> {
  const state = await versions.find(skill, draft);
  const now = await current({ versions }, skill);
  if (state && state.digest !== now?.digest) return state;
  throw new SkillettError("conflict", {
    message: state
      ? `The draft is the same as version ${now?.version}: there is nothing new to publish.`
      : "There is no draft: edit the skill first, then publish.",
  });
}
