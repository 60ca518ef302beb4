import type { Report, SkillMd } from "#skills/skill-md.js";

const maxNameLength = 64;
const maxDescriptionLength = 1024;
const maxCompatibilityLength = 500;
const fieldNames = ["name", "description", "license", "compatibility", "metadata", "allowed-tools"];

/** The characters of a text, as people and the reference validator count them. */
function lengthOf(text: string): number {
  return [...text].length;
}

/** The name as it counts: `ﬁx` is `fix`. */
export function normalizeName(name: string): string {
  return name.trim().normalize("NFKC");
}

/**
 * What the reference validator asks of the front matter, and what it does not.
 * Gives the name and the description, null where there is none.
 *
 * @param directoryName Null when the folder has no name of its own.
 */
export function checkFields(
  skillMd: SkillMd,
  directoryName: string | null,
  report: Report,
): { name: string | null; description: string | null } {
  const { fields, lineOf } = skillMd;
  for (const field of Object.keys(fields).filter((key) => !fieldNames.includes(key))) {
    const message = `${field} is not a field of the format (${fieldNames.join(", ")}): move it under metadata, or remove it`;
    report(lineOf(field), message);
  }
  const name = requiredText(skillMd, "name", report);
  if (name !== null) {
    for (const message of nameProblems(normalizeName(name), directoryName)) report(lineOf("name"), message);
  }
  const description = requiredText(skillMd, "description", report);
  if (description !== null) checkLength(skillMd, "description", description, maxDescriptionLength, report);
  checkCompatibility(skillMd, report);
  checkAllowedTools(skillMd, report);
  return { name: name === null ? null : normalizeName(name), description: description?.trim() ?? null };
}

function requiredText({ fields, lineOf }: SkillMd, field: string, report: Report): string | null {
  const value = fields[field];
  if (typeof value === "string" && value.trim() !== "") return value;
  report(lineOf(field), `${field} is missing: add a line ${field}: … with text`);
  return null;
}

/** What is wrong with a skill's name, already normalized. */
export function nameProblems(name: string, directoryName: string | null): string[] {
  const problems: string[] = [];
  const length = lengthOf(name);
  if (length > maxNameLength) problems.push(`name has ${length} characters: use ${maxNameLength} at most`);
  if (name !== name.toLowerCase()) problems.push(`name must be in lower case: ${name.toLowerCase()}`);
  if (!/^[\p{L}\p{N}-]+$/u.test(name)) problems.push("name may have letters, digits and dashes only");
  if (/^-|-$|--/.test(name)) problems.push("name must not begin or end with a dash, or have two in a row");
  if (directoryName !== null && directoryName.normalize("NFKC") !== name) {
    problems.push(`name is ${name}, but its folder is ${directoryName}: give both the same name`);
  }
  return problems;
}

function checkLength({ lineOf }: SkillMd, field: string, text: string, max: number, report: Report): void {
  const length = lengthOf(text);
  if (length > max) report(lineOf(field), `${field} has ${length} characters: use ${max} at most`);
}

function checkCompatibility(skillMd: SkillMd, report: Report): void {
  const { compatibility } = skillMd.fields;
  if (compatibility === undefined) return;
  if (typeof compatibility === "string") {
    checkLength(skillMd, "compatibility", compatibility, maxCompatibilityLength, report);
  } else report(skillMd.lineOf("compatibility"), "compatibility must be text, in one value");
}

/** The format's text wants names separated by spaces; its validator takes a list of them, too. */
function checkAllowedTools({ fields, lineOf }: SkillMd, report: Report): void {
  const tools = fields["allowed-tools"];
  if (tools === undefined || typeof tools === "string") return;
  const isList = Array.isArray(tools) && tools.every((tool) => typeof tool === "string");
  const message = "allowed-tools should be names separated by spaces: Bash(git:*) Read";
  report(lineOf("allowed-tools"), message, isList ? "warning" : "error");
}
