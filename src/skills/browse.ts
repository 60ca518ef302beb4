import { setImmediate as nextTurn } from "node:timers/promises";
import { type Caller, refuseUnlessPermitted } from "#core/caller.js";
import type { SkillSearch } from "#skills/search.js";
import { readSkillMd } from "#skills/skill-md.js";
import { readMetadata } from "#skills/skill-metadata.js";
import type { Assignments } from "#store/assignments.js";
import type { SkillFiles } from "#store/skill-files.js";
import type { SkillRow } from "#store/skill-tables.js";
import type { Page, Skills } from "#store/skills.js";

export interface BrowseQuestion extends Page {
  category?: string | undefined;
  /** Words to rank by; without any it is by slug. */
  q?: string | undefined;
}

export interface BrowsedSkill {
  skill: SkillRow;
  author: string | null;
  /** And turned on. */
  isAssigned: boolean;
}

/** All active, published skills of the caller's tenant: what they are, not what they say. */
export type BrowseSkills = (
  caller: Caller,
  question: BrowseQuestion,
) => Promise<{ skills: BrowsedSkill[]; total: number }>;

interface Deps {
  skills: Skills;
  search: SkillSearch;
  assignments: Assignments;
  files: SkillFiles;
}

/** SKILL.mds parsed without letting anything else run: some milliseconds. */
const batch = 10;

export function createBrowseSkills({ skills, search, assignments, files }: Deps): BrowseSkills {
  async function find(tenantId: string, { q, category, ...page }: BrowseQuestion) {
    const filter = { tenantId, category, status: "active", published: true } as const;
    if (!q?.trim()) {
      const [rows, total] = await Promise.all([skills.list(filter, page), skills.count(filter)]);
      return { rows, total };
    }
    const { ids, total } = await search.search(tenantId, { ...filter, q, ...page });
    return { rows: await skills.listByIds(tenantId, ids), total };
  }

  /** What the SKILL.mds of a page say, by skill. */
  async function authorsOf(tenantId: string, rows: SkillRow[]): Promise<Map<string, string | null>> {
    const versions = rows.map(({ id, current_version }) => ({ skillId: id, version: current_version! }));
    const texts = await files.readSkillMds(tenantId, versions);
    // Most name nobody, and reading YAML takes its time.
    const naming = texts.filter(({ bytes }) => bytes.includes("author"));
    const authors = new Map<string, string | null>();
    for (const [at, { skill_id, bytes }] of naming.entries()) {
      const skillMd = readSkillMd(bytes, () => {});
      if (skillMd) authors.set(skill_id, readMetadata(skillMd, () => {}).author);
      if (at % batch === batch - 1) await nextTurn();
    }
    return authors;
  }

  async function assignedTo({ tenantId, agentId }: Caller): Promise<Set<string>> {
    if (agentId === null) return new Set();
    const held = await assignments.listHeld({ tenant_id: tenantId, id: agentId });
    return new Set(held.filter(({ enabled }) => enabled === 1).map(({ skill_id }) => skill_id));
  }

  return async (caller, question) => {
    const { tenantId, agentId } = caller;
    if (agentId === null) refuseUnlessPermitted(caller, "skills:read");
    const { rows, total } = await find(tenantId, question);
    const [authors, assigned] = await Promise.all([authorsOf(tenantId, rows), assignedTo(caller)]);
    return {
      skills: rows.map((skill) => ({
        skill,
        author: authors.get(skill.id) ?? skill.listing_ref?.split("/")[0] ?? null,
        isAssigned: assigned.has(skill.id),
      })),
      total,
    };
  };
}
