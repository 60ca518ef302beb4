import type { Caller } from "#core/caller.js";
import type { SkillDelivery } from "#skills/delivery/delivery.js";
import type { Requirement, Requirements } from "#skills/delivery/requirements.js";
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
  requirements: Requirements;
}

/** The skills a key gets, each with its requirements and whether these are met. */
export function createOwnSkills({ delivery, requirements }: Deps) {
  return async (caller: Caller): Promise<OwnSkill[]> => {
    const [delivered, requirementsOf] = await Promise.all([delivery.list(caller), requirements(caller)]);
    return Promise.all(
      delivered.map(async ({ skill, version, facts: { description, digest, tool_ids } }) => ({
        skill,
        version,
        description,
        digest,
        requirements: await requirementsOf(JSON.parse(tool_ids)),
      })),
    );
  };
}

export type OwnSkills = ReturnType<typeof createOwnSkills>;
