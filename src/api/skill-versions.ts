import path from "node:path/posix";
import { download, typeOf } from "#api/download.js";
import { toSkill } from "#api/skills.js";
import type { Api } from "#contract/route.js";
import type * as routes from "#contract/skill-versions.js";
import type { Person } from "#core/caller.js";
import { isoTime } from "#core/clock.js";
import type { Registry } from "#skills/registry/registry.js";
import type { Versions } from "#skills/registry/versions.js";
import type { SkillFileRow, SkillRow } from "#store/schema/skill-tables.js";
import type { ListedVersion } from "#store/skill-version-rows.js";

export interface SkillVersionsDeps {
  registry: Registry;
  skillVersions: Versions;
}

export function createSkillVersionsApi(deps: SkillVersionsDeps): Api<typeof routes> {
  const { registry, skillVersions } = deps;

  async function readable(caller: Person, id: string): Promise<SkillRow> {
    return registry.find(caller.tenantId, id);
  }

  return {
    async publishSkill({ caller, params, body }) {
      return { skill: toSkill(await skillVersions.publish(caller, params.id, body)) };
    },
    async listVersions({ caller, params }) {
      const skill = await readable(caller, params.id);
      const versions = await skillVersions.list(skill);
      return { versions: versions.map((row) => toVersion(row, skill)) };
    },
    async getVersion({ caller, params }) {
      const skill = await readable(caller, params.id);
      const version = await skillVersions.get(skill, params.version);
      const [files, instructions] = await Promise.all([
        skillVersions.listFiles(skill, params.version),
        skillVersions.readInstructions(skill, params.version),
      ]);
      const frontmatter = JSON.parse(version.front_matter);
      return { version: toVersion(version, skill), files: files.map(toFile), frontmatter, instructions };
    },
    async diffVersions({ caller, params, query }) {
      const skill = await readable(caller, params.id);
      return { files: await skillVersions.diff(skill, query.from, query.to) };
    },
    async rollBackSkill({ caller, params, body }) {
      return { skill: toSkill(await skillVersions.rollBack(caller, params.id, body.version)) };
    },
    async getSkillFile({ caller, params }) {
      const skill = await readable(caller, params.id);
      const bytes = await skillVersions.readFile(skill, params.version, params["*"]);
      return download(bytes, typeOf(params["*"]), path.basename(params["*"]));
    },
  };
}

function toVersion(row: ListedVersion, skill: SkillRow) {
  return {
    version: row.version,
    digest: `sha256:${row.digest}`,
    notes: row.notes,
    createdAt: isoTime(row.created_at),
    createdBy: row.created_by,
    current: row.version === skill.current_version,
  };
}

function toFile({ path: at, size, digest, is_executable }: SkillFileRow) {
  return { path: at, size, digest: `sha256:${digest}`, executable: is_executable === 1 };
}
