import path from "node:path/posix";
import { toSkill } from "#api/skill-registry.js";
import type { Contract } from "#contract/contract.js";
import type { Api, RawReply } from "#contract/route.js";
import { type Person, refuseUnlessPermitted } from "#core/caller.js";
import { isoTime } from "#core/clock.js";
import type { RunJob } from "#core/job.js";
import { readArchiveJob, validateArchiveJob } from "#skills/archive/jobs.js";
import { hasErrors } from "#skills/format/problem.js";
import type { ReadOptions } from "#skills/format/read-folder.js";
import type { ImportFolders, ImportOptions } from "#skills/registry/import.js";
import { lockedMessage } from "#skills/registry/refusals.js";
import type { Registry } from "#skills/registry/registry.js";
import type { Versions } from "#skills/registry/versions.js";
import type { SkillFileRow, SkillRow, SkillVersionRow } from "#store/schema/skill-tables.js";
import { draft } from "#store/skill-versions.js";

type Names =
  | "publishSkill"
  | "listVersions"
  | "getVersion"
  | "diffVersions"
  | "rollBackSkill"
  | "getSkillFile"
  | "importSkills"
  | "importWithKey"
  | "exportSkill"
  | "validateSkill"
  | "validateWithKey";

export interface SkillVersionsDeps {
  registry: Registry;
  skillVersions: Versions;
  importFolders: ImportFolders;
  runJob: RunJob;
}

export function createSkillVersionsApi(deps: SkillVersionsDeps): Pick<Api<Contract>, Names> {
  const { registry, skillVersions, importFolders, runJob } = deps;

  async function readable(caller: Person, id: string): Promise<SkillRow> {
    refuseUnlessPermitted(caller, "skills:read");
    return registry.find(caller.tenantId, id);
  }

  async function importArchive(caller: Person, archive: Buffer, query: Partial<ImportOptions>) {
    refuseUnlessPermitted(caller, "skills:write");
    const { skills, skipped, problems } = await runJob(caller.tenantId, readArchiveJob, () => ({ archive }));
    const { publish = true, replace = false, ...as } = query;
    const folders = skills.map(({ folder }) => folder);
    const { rows, locked } = await importFolders(caller, folders, { publish, replace, ...as });
    const kept = locked.map((skill) => ({
      folder: skills.find(({ folder }) => folder.slug === skill.slug)!.place,
      reason: lockedMessage(skill),
    }));
    return { skills: rows.map(toSkill), skipped: [...skipped, ...kept], problems };
  }

  async function validate(caller: Person, archive: Buffer, options: ReadOptions) {
    refuseUnlessPermitted(caller, "skills:read");
    const found = await runJob(caller.tenantId, validateArchiveJob, () => ({ archive, options }));
    return { valid: !hasErrors(found.problems), ...found };
  }

  return {
    async publishSkill({ caller, params, body }) {
      refuseUnlessPermitted(caller, "skills:write");
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
      const [files, { frontMatter: frontmatter, instructions }] = await Promise.all([
        skillVersions.listFiles(skill, params.version),
        skillVersions.readSkillMd(skill, params.version),
      ]);
      return { version: toVersion(version, skill), files: files.map(toFile), frontmatter, instructions };
    },
    async diffVersions({ caller, params, query }) {
      const skill = await readable(caller, params.id);
      return { files: await skillVersions.diff(skill, query.from, query.to) };
    },
    async rollBackSkill({ caller, params, body }) {
      refuseUnlessPermitted(caller, "skills:write");
      return { skill: toSkill(await skillVersions.rollBack(caller, params.id, body.version)) };
    },
    async getSkillFile({ caller, params }) {
      const skill = await readable(caller, params.id);
      const bytes = await skillVersions.readFile(skill, params.version, params["*"]);
      return download(bytes, typeOf(params["*"]), path.basename(params["*"]));
    },
    importSkills: ({ caller, archive, query }) => importArchive(caller, archive, query),
    importWithKey: ({ caller, archive, query }) => importArchive(caller, archive, query),
    async exportSkill({ caller, params, query }) {
      const skill = await readable(caller, params.id);
      const version = query.version ?? skill.current_version ?? draft;
      const zip = await skillVersions.zip(skill, version);
      return download(zip, "application/zip", `${skill.slug}-${version}.zip`);
    },
    validateSkill: ({ caller, archive, query }) => validate(caller, archive, query),
    validateWithKey: ({ caller, archive, query }) => validate(caller, archive, query),
  };
}

function toVersion(row: SkillVersionRow, skill: SkillRow) {
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

/** Whoever wrote it: no browser runs what comes from here. */
function download(body: Buffer, type: string, name: string): RawReply {
  return {
    body,
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`,
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-cache",
    },
  };
}

/** Media types by extension; whatever else is bytes. */
const types: Record<string, string> = {
  ".md": "text/markdown; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".py": "text/x-python; charset=utf-8",
  ".sh": "text/x-shellscript; charset=utf-8",
  ".json": "application/json",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
  ".xml": "application/xml",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
  ".zip": "application/zip",
};

const typeOf = (file: string) => types[path.extname(file).toLowerCase()] ?? "application/octet-stream";
