import { beginningOf, countCharacters, isLongerThan } from "#core/characters.js";
import { asName } from "#core/display-text.js";
import type { Report } from "#skills/format/problem.js";
import type { SkillMd } from "#skills/format/skill-md.js";
import { toSlug } from "#skills/format/slug.js";

const maxNameLength = 64;
const maxDescriptionLength = 1024;
/** Lists show the whole of it, of thousands of skills. */
const maxReadDescription = 8192;
const maxCompatibilityLength = 500;
/** Of a name as it is shown. */
const maxShownName = 200;
const fieldNames = ["name", "description", "license", "compatibility", "metadata", "allowed-tools"];

/** Name, description and slug of a skill. */
export interface Identity {
  name: string;
  slug: string;
  description: string;
}

/**
 * Checks the front matter against the format. Null when the skill cannot be used: it has no description, or nothing
 * to make a slug of.
 *
 * @param directoryName Gives the slug; null when the folder has no name of its own.
 */
export function checkFields(skillMd: SkillMd, directoryName: string | null, report: Report): Identity | null {
  const { fields, lineOf } = skillMd;
  for (const field of Object.keys(fields).filter((key) => !fieldNames.includes(key))) {
    const message = `${field} is not a field of the format (${fieldNames.join(", ")}): it is kept for the programs that read it; others want it under metadata`;
    report(lineOf(field), message, "format");
  }
  const written = textOf(skillMd, "name");
  const name = asName((written ?? directoryName ?? "").trim().normalize("NFKC"));
  const slug = slugFor(name, directoryName);
  if (written === null) report(lineOf("name"), missing("name"), slug === null ? "error" : "format");
  else if (slug === null) report(lineOf("name"), "name has no letter or digit: use some", "error");
  else checkName(name, slug, directoryName, (message) => report(lineOf("name"), message, "format"));
  const description = textOf(skillMd, "description");
  if (description === null) report(lineOf("description"), missing("description"));
  else checkDescription(skillMd, description, report);
  checkCompatibility(skillMd, report);
  checkAllowedTools(skillMd, report);
  if (slug === null || description === null) return null;
  return { name: beginningOf(name, maxShownName) || slug, slug, description: description.trim() };
}

const missing = (field: string) => `${field} is missing: add a line ${field}: … with text`;

/** Null when the value is not text, or empty. */
function textOf({ fields }: SkillMd, field: string): string | null {
  const value = fields[field];
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/**
 * From the folder's name, which does not depend on the file; from the skill's name where the folder's gives no slug.
 */
function slugFor(name: string, directoryName: string | null): string | null {
  return (directoryName === null ? null : toSlug(directoryName)) ?? toSlug(name);
}

function checkName(
  name: string,
  slug: string,
  directoryName: string | null,
  report: (message: string) => void,
): void {
  const problems = nameProblems(name, directoryName);
  const by = slug === name ? "" : `; it comes in as ${slug}`;
  for (const problem of problems) report(problem + by);
}

/** The problems of a skill's name, already normalized. */
function nameProblems(name: string, directoryName: string | null): string[] {
  const problems: string[] = [];
  const length = countCharacters(name);
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
  const length = countCharacters(text);
  if (length > max) report(lineOf(field), `${field} has ${length} characters: use ${max} at most`, "format");
}

function checkDescription(skillMd: SkillMd, description: string, report: Report): void {
  if (!isLongerThan(description, maxReadDescription))
    checkLength(skillMd, "description", description, maxDescriptionLength, report);
  else {
    const message = `description has over ${maxReadDescription} characters: use ${maxDescriptionLength} at most`;
    report(skillMd.lineOf("description"), message);
  }
}

function checkCompatibility(skillMd: SkillMd, report: Report): void {
  const { compatibility } = skillMd.fields;
  if (compatibility === undefined) return;
  if (typeof compatibility === "string") {
    checkLength(skillMd, "compatibility", compatibility, maxCompatibilityLength, report);
  } else report(skillMd.lineOf("compatibility"), "compatibility must be text, in one value", "format");
}

/** The format's text wants names separated by spaces; its validator takes a list of them, too. */
function checkAllowedTools({ fields, lineOf }: SkillMd, report: Report): void {
  const tools = fields["allowed-tools"];
  if (tools === undefined || typeof tools === "string") return;
  const isList = Array.isArray(tools) && tools.every((tool) => typeof tool === "string");
  const message = "allowed-tools should be names separated by spaces: Bash(git:*) Read";
  report(lineOf("allowed-tools"), message, isList ? "warning" : "format");
}
