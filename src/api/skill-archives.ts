import { download } from "#api/download.js";
import { toSkill } from "#api/skills.js";
import type { Api } from "#contract/route.js";
import type * as routes from "#contract/skill-archives.js";
import type { Person } from "#core/caller.js";
import type { RunJob } from "#core/job.js";
import { readArchiveJob, validateArchiveJob } from "#skills/archive/jobs.js";
import { hasErrors } from "#skills/format/problem.js";
import type { ReadOptions } from "#skills/format/read-folder.js";
import type { ImportFolders, ImportOptions } from "#skills/registry/import.js";
import { lockedMessage } from "#skills/registry/refusals.js";
import type { Registry } from "#skills/registry/registry.js";
import type { Versions } from "#skills/registry/versions.js";
import { draft } from "#store/skill-version-rows.js";

export interface SkillArchivesDeps {
  registry: Registry;
  skillVersions: Versions;
  importFolders: ImportFolders;
  runJob: RunJob;
}

export function createSkillArchivesApi(deps: SkillArchivesDeps): Api<typeof routes> {
  const { registry, skillVersions, importFolders, runJob } = deps;

  async function importArchive(caller: Person, archive: Buffer, query: Partial<ImportOptions>) {
    const { skills, skipped, problems } = await runJob(caller.tenantId, readArchiveJob, () => ({ archive }));
    const { publish = true, replace = false, ...as } = query;
    const folders = skills.map(({ folder }) => folder);
    const { rows, locked } = await importFolders(caller, folders, { publish, replace, ...as });
    const lockedSkills = locked.map((skill) => ({
      folder: skills.find(({ folder }) => folder.slug === skill.slug)!.place,
      reason: lockedMessage(skill),
    }));
    return { skills: rows.map(toSkill), skipped: [...skipped, ...lockedSkills], problems };
  }

  async function validate(caller: Person, archive: Buffer, options: ReadOptions) {
    const found = await runJob(caller.tenantId, validateArchiveJob, () => ({ archive, options }));
    return { valid: !hasErrors(found.problems), ...found };
  }

  return {
    importSkills: ({ caller, archive, query }) => importArchive(caller, archive, query),
    importWithKey: ({ caller, archive, query }) => importArchive(caller, archive, query),
    async exportSkill({ caller, params, query }) {
      const skill = await registry.find(caller.tenantId, params.id);
      const version = query.version ?? skill.current_version ?? draft;
      const zip = await skillVersions.zip(skill, version);
      return download(zip, "application/zip", `${skill.slug}-${version}.zip`);
    },
    validateSkill: ({ caller, archive, query }) => validate(caller, archive, query),
    validateWithKey: ({ caller, archive, query }) => validate(caller, archive, query),
  };
}
