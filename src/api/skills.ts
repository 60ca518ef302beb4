import type { Contract } from "#contract/contract.js";
import type { Api, Output } from "#contract/route.js";
import type * as routes from "#contract/skills.js";
import { isoTime } from "#core/clock.js";
import { badRequest, type Issue } from "#core/errors.js";
import type { SkillAssignments } from "#skills/registry/assignments.js";
import type { FileEdit } from "#skills/registry/draft.js";
import { isLocked } from "#skills/registry/refusals.js";
import type { Registry } from "#skills/registry/registry.js";
import type { SkillSearch } from "#skills/registry/search.js";
import type { SkillRow } from "#store/schema/skill-tables.js";
import type { ListedSkill } from "#store/skill-rows.js";

export interface SkillsDeps {
  registry: Registry;
  skillSearch: SkillSearch;
  skillAssignments: SkillAssignments;
}

export function createSkillsApi(deps: SkillsDeps): Api<typeof routes> {
  const { registry, skillSearch, skillAssignments } = deps;

  return {
    async listSkills({ caller, query }) {
      const { tenantId } = caller;
      const { q, category, status = "active", limit = 100, offset = 0 } = query;
      if (q?.trim()) {
        const { ids, total } = await skillSearch.search(tenantId, { q, category, status, limit, offset });
        return { skills: (await registry.listByIds(tenantId, ids)).map(toListed), total };
      }
      const filter = { tenantId, category, status: status === "all" ? undefined : status };
      const { rows, total } = await registry.list(filter, { limit, offset });
      return { skills: rows.map(toListed), total };
    },
    async listSkillCategories({ caller }) {
      return { categories: await registry.categories(caller.tenantId) };
    },
    async getSkill({ caller, params }) {
      const row = await registry.find(caller.tenantId, params.id);
      const assigned = await skillAssignments.agentsOf(row);
      return {
        skill: toSkill(row),
        assignedAgents: assigned.map((it) => ({
          agentId: it.agent_id,
          agentName: it.agent_name,
          enabled: it.enabled === 1,
          assignedAt: isoTime(it.assigned_at),
        })),
      };
    },
    async createSkill({ caller, body: { files = [], config = {}, ...skill } }) {
      const content = toFileEdits(files).map(({ path, bytes, executable = false }, at) => {
        if (bytes) return { path, bytes, executable };
        throw badRequest([{ at: `files[${at}]`, message: "must have content or base64" }]);
      });
      return { skill: toSkill(await registry.create(caller, { ...skill, files: content, config })) };
    },
    async updateSkill({ caller, params, body: { files, ...edit } }) {
      const changes = { ...edit, ...(files ? { files: toFileEdits(files) } : {}) };
      return { skill: toSkill(await registry.edit(caller, params.id, changes)) };
    },
    async archiveSkill({ caller, params }) {
      return { skill: toSkill(await registry.setStatus(caller, params.id, "archived")) };
    },
    async restoreSkill({ caller, params }) {
      return { skill: toSkill(await registry.setStatus(caller, params.id, "active")) };
    },
    async duplicateSkill({ caller, params, body }) {
      return { skill: toSkill(await registry.duplicate(caller, params.id, body.name)) };
    },
  };
}

export function toSkill(row: SkillRow): Output<Contract["createSkill"]>["skill"] {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    description: row.description,
    category: row.category,
    toolIds: JSON.parse(row.tool_ids),
    config: JSON.parse(row.config),
    listingRef: row.listing_ref,
    listingVersion: row.listing_version,
    locked: isLocked(row),
    currentVersion: row.current_version,
    status: row.status as "active" | "archived",
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    source: row.source as "custom" | "store",
  };
}

const toListed = (row: ListedSkill) => ({ ...toSkill(row), assignedAgentsCount: row.assigned_agents });

interface IncomingFile {
  path: string;
  content?: string;
  base64?: string;
  executable?: boolean;
}

function toFileEdits(files: IncomingFile[]): FileEdit[] {
  const issues: Issue[] = [];
  const edits = files.map(({ path, content, base64, executable }, at): FileEdit => {
    if (content !== undefined && base64 !== undefined)
      issues.push({ at: `files[${at}]`, message: "must have content or base64, not both" });
    if (base64 !== undefined && Buffer.from(base64, "base64").toString("base64") !== base64)
      issues.push({ at: `files[${at}].base64`, message: "must be Base64 (RFC 4648 §4, with padding)" });
    const bytes = base64 === undefined ? content : Buffer.from(base64, "base64");
    return { path, bytes: bytes === undefined ? null : Buffer.from(bytes), executable };
  });
  if (issues.length > 0) throw badRequest(issues);
  return edits;
}
