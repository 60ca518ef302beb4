import type { Caller } from "#core/caller.js";
import type { DeliveredSkill, SkillDelivery } from "#skills/delivery/delivery.js";
import type { Requirement, Requirements } from "#skills/delivery/requirements.js";
import { filesDigest } from "#skills/format/digests.js";
import type { Versions } from "#skills/registry/versions.js";
import type { SkillRow } from "#store/schema/skill-tables.js";

export interface OwnSkill {
  skill: SkillRow;
  version: string;
  /** Of that version. */
  description: string;
  /** SHA-256 of its folder, hex. */
  digest: string;
  requirements: Requirement[];
}

interface Deps {
  delivery: SkillDelivery;
  versions: Versions;
  requirements: Requirements;
}

/** The skills a key gets, each with what it needs and whether that is there. */
export function createOwnSkills({ delivery, versions, requirements }: Deps) {
  /** The row tells only of the current version. */
  async function toolIdsOf({ skill, version }: DeliveredSkill): Promise<string[]> {
    if (version === skill.current_version) return JSON.parse(skill.tool_ids);
    return (await versions.readSkillMd(skill, version)).toolIds;
  }

  return async (caller: Caller): Promise<OwnSkill[]> => {
    const [delivered, judge] = await Promise.all([delivery.list(caller), requirements(caller)]);
    return Promise.all(
      delivered.map(async ({ skill, version, description, files }) => ({
        skill,
        version,
        description,
        digest: filesDigest(files),
        requirements: await judge(await toolIdsOf({ skill, version })),
      })),
    );
  };
}

export type OwnSkills = ReturnType<typeof createOwnSkills>;
