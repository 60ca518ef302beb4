import { SkillettError } from "#core/errors.js";
import type { SkillRow } from "#store/schema/skill-tables.js";
import { skillSource } from "#store/skill-rows.js";

const listOwn = "skillett skill list";

/** The same error for a row that does not exist and one of another tenant. */
export const skillNotFound = () => new SkillettError("not_found", { message: "Skill not found" });
export const agentNotFound = () => new SkillettError("not_found", { message: "Agent not found" });
export const versionNotFound = () => new SkillettError("not_found", { message: "Version not found" });
export const fileNotFound = () => new SkillettError("not_found", { message: "File not found" });
export const assignmentNotFound = () => new SkillettError("not_found", { message: "Assignment not found" });

/** For an agent, whose next step is to list the skills that it has. */
export const noSuchSkill = () =>
  new SkillettError("not_found", { message: "Skill not found", next: [listOwn] });

/** There is no secret in it: every agent may see what skills its tenant has. */
export function notAssigned({ slug }: SkillRow): SkillettError {
  return new SkillettError("not_found", {
    message: `The skill ${slug} is not assigned to this agent, or turned off. A skill_request for ${slug} asks a person to assign it.`,
    next: [listOwn],
  });
}

export function skillExists(slugs: string[]): SkillettError {
  const [names, are] = slugs.length === 1 ? ["A skill named", "is"] : ["Skills named", "are"];
  return new SkillettError("conflict", { message: `${names} ${slugs.join(", ")} ${are} there already.` });
}

/** Throws `forbidden` for a skill that came from a listing: its next update would undo the edit. */
export function refuseLocked(skill: SkillRow): void {
  if (isLocked(skill)) throw new SkillettError("forbidden", { message: lockedMessage(skill) });
}

export const isLocked = ({ source }: SkillRow) => source === skillSource.listing;

export const lockedMessage = ({ slug }: SkillRow) =>
  `The skill ${slug} comes from the store and is locked: duplicate it to edit.`;
