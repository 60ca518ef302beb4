import { type Caller, refuseUnlessPermitted } from "#core/caller.js";
import type { SkillFile } from "#skills/format/skill-folder.js";
import { inFolders, toFiles } from "#skills/registry/folder-rows.js";
import { noSuchSkill, notAssigned } from "#skills/registry/refusals.js";
import { createAssignmentRows } from "#store/assignment-rows.js";
import type { Database } from "#store/engine/database.js";
import type { SkillFileRow, SkillRow } from "#store/schema/skill-tables.js";
import { createSkillFileRows } from "#store/skill-file-rows.js";
import { createSkillRows } from "#store/skill-rows.js";
import { createSkillVersionRows, type ListedVersion } from "#store/skill-version-rows.js";

/** A skill as a key's holder gets it: one published version. */
export interface DeliveredSkill {
  skill: SkillRow;
  version: string;
}

export interface ListedDelivery extends DeliveredSkill {
  /** The facts of that version. */
  facts: ListedVersion;
}

/**
 * Which skills a key gets: those its agent has and that are enabled, else all of the tenant; always active and
 * published ones, in the version the agent is pinned to or else the current one.
 */
export interface SkillDelivery {
  all(caller: Caller): Promise<DeliveredSkill[]>;
  list(caller: Caller): Promise<ListedDelivery[]>;
  /** Of each skill, by its id: SKILL.md first, then by path. */
  listFiles(caller: Caller, all: DeliveredSkill[]): Promise<(skillId: string) => SkillFileRow[]>;
  find(caller: Caller, slug: string): Promise<DeliveredSkill | undefined>;
  /**
   * By id or slug. @throws not_found: one error for a skill that exists and may be requested, another for one that
   * does not
   */
  get(caller: Caller, idOrSlug: string): Promise<DeliveredSkill>;
  read(delivered: DeliveredSkill): Promise<SkillFile[]>;
  readOne(delivered: DeliveredSkill, path: string): Promise<DeliveredFile | undefined>;
}

export interface DeliveredFile {
  bytes: Buffer;
  /** SHA-256, hex. */
  digest: string;
}

export function createSkillDelivery({ database }: { database: Database }): SkillDelivery {
  const skills = createSkillRows(database);
  const assignments = createAssignmentRows(database);
  const [versions, files] = [createSkillVersionRows(database), createSkillFileRows(database)];

  async function delivered(caller: Caller): Promise<DeliveredSkill[]> {
    const { tenantId, agentId } = caller;
    refuseUnlessReader(caller);
    if (agentId === null) {
      const published = await skills.listPublished(tenantId);
      return published.map((skill) => ({ skill, version: skill.current_version! }));
    }
    const assigned = await assignments.listSkills({ tenant_id: tenantId, id: agentId });
    return assigned.flatMap(({ assignment: { enabled, pinned_version }, skill }) => {
      const version = pinned_version ?? skill.current_version;
      return enabled === 1 && skill.status === "active" && version !== null ? [{ skill, version }] : [];
    });
  }

  async function give(caller: Caller, skill: SkillRow): Promise<DeliveredSkill | undefined> {
    if (!isPublished(skill)) return undefined;
    const { tenantId, agentId } = caller;
    if (agentId === null) return { skill, version: skill.current_version! };
    const found = await assignments.find({ tenant_id: tenantId, skill_id: skill.id, agent_id: agentId });
    return found?.enabled === 1
      ? { skill, version: found.pinned_version ?? skill.current_version! }
      : undefined;
  }

  return {
    all: delivered,
    async list(caller) {
      const all = await delivered(caller);
      const facts = await versions.listExactly(caller.tenantId, all.map(toKey));
      return all.map((it) => ({ ...it, facts: facts.get(it.skill.id)! }));
    },
    listFiles: async ({ tenantId }, all) => inFolders(await files.listOfVersions(tenantId, all.map(toKey))),
    async find(caller, slug) {
      refuseUnlessReader(caller);
      const [skill] = await skills.listBySlugs(caller.tenantId, [slug]);
      return skill && give(caller, skill);
    },
    async get(caller, idOrSlug) {
      refuseUnlessReader(caller);
      const skill = await skills.find(caller.tenantId, idOrSlug);
      const found = skill && (await give(caller, skill));
      if (found) return found;
      throw skill && isPublished(skill) ? notAssigned(skill) : noSuchSkill();
    },
    read: async ({ skill, version }) => toFiles(await files.read(skill, version)),
    readOne: ({ skill, version }, path) => files.readOne(skill, version, path),
  };
}

/** A key of an agent has no permissions of its person, and may read the skills of the agent. */
function refuseUnlessReader(caller: Caller): void {
  if (caller.agentId === null) refuseUnlessPermitted(caller, "skills:read");
}

const isPublished = ({ status, current_version }: SkillRow) =>
  status === "active" && current_version !== null;

export const toKey = ({ skill, version }: DeliveredSkill) => ({ skillId: skill.id, version });
