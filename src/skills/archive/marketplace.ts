import path from "node:path/posix";
import { isObject } from "#core/json-object.js";
import type { SkillProblem } from "#skills/format/problem.js";

/** The file in which a collection of plugins lists them, below its root. */
export const marketplaceFile = ".claude-plugin/marketplace.json";

/** Notes a problem; a warning unless a severity is given. */
type NoteProblem = (message: string, severity?: SkillProblem["severity"]) => void;

const knownPluginFields = [
  "name",
  "description",
  "version",
  "author",
  "homepage",
  "repository",
  "license",
  "keywords",
  "category",
  "tags",
  "strict",
  "source",
  "skills",
];

/**
 * The skill folders that a marketplace.json names: those its plugins list, and all of a plugin that lists none. One
 * that names none, or cannot be read, leaves out nothing.
 *
 * @param root Folder the marketplace is for; "" at the top.
 * @param folders All folders with a SKILL.md below the root.
 */
export function chooseSkills(
  text: string,
  root: string,
  folders: readonly string[],
  report: NoteProblem,
): readonly string[] {
  const marketplace = parse(text, report);
  if (!marketplace) return folders;
  const pluginRoot = isObject(marketplace.metadata) ? marketplace.metadata.pluginRoot : undefined;
  const base = typeof pluginRoot === "string" ? pluginRoot : ".";
  const listed = marketplace.plugins.flatMap((plugin, index) => {
    const name = typeof plugin.name === "string" ? plugin.name : `number ${index + 1}`;
    const tell: NoteProblem = (message, severity) => report(`plugin ${name} ${message}`, severity);
    return skillsOf(plugin, root, base, folders, tell);
  });
  const chosen = new Set(listed);
  if (chosen.size === 0) {
    if (folders.length > 0) report("lists none of the skills below its folder: all of them are taken");
    return folders;
  }
  const left = folders.filter((folder) => !chosen.has(folder));
  if (left.length > 0) report(`does not list ${someOf(left)}: left out`);
  return [...chosen];
}

/** Names that a message has room for. */
const maxNamed = 10;

function someOf(folders: string[]): string {
  const more = folders.length - maxNamed;
  return folders.slice(0, maxNamed).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function parse(
  text: string,
  report: NoteProblem,
): { metadata: unknown; plugins: Record<string, unknown>[] } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value) && Array.isArray(value.plugins) && value.plugins.every(isObject)) {
      return { metadata: value.metadata, plugins: value.plugins };
    }
    report("must have a list of plugins, each an object: it is not followed");
  } catch (error) {
    report(`is not valid JSON, so it is not followed: ${(error as Error).message}`);
  }
  return undefined;
}

function skillsOf(
  plugin: Record<string, unknown>,
  root: string,
  base: string,
  folders: readonly string[],
  report: NoteProblem,
): string[] {
  const unknown = Object.keys(plugin).filter((field) => !knownPluginFields.includes(field));
  if (unknown.length > 0) report(`has ${unknown.join(", ")}: only its skills are imported`);
  const { source = "./", skills } = plugin;
  if (typeof source !== "string" || /^[a-z]+:/i.test(source)) {
    report("lies elsewhere: import it from there");
    return [];
  }
  const home = resolve(root, source.startsWith("./") ? "." : base, source);
  if (home === null) {
    report(`has a source outside of the archive: ${source}`, "error");
    return [];
  }
  if (skills === undefined) return below(home, folders);
  return listOf(skills).flatMap((listed) => listedSkills(listed, root, home, folders, report));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function listedSkills(
  listed: unknown,
  root: string,
  home: string,
  folders: readonly string[],
  report: NoteProblem,
): string[] {
  const place = typeof listed === "string" ? resolve(root, path.relative(root, home), listed) : null;
  const found = place === null ? [] : below(place, folders);
  if (found.length === 0) report(`lists ${JSON.stringify(listed)}, where there is no SKILL.md`);
  return found;
}

/** Null when it leads out of the root. */
function resolve(root: string, ...steps: string[]): string | null {
  const relative = path.normalize(path.join(...steps)).replace(/\/$/, "");
  if (relative === ".." || relative.startsWith("../") || steps.some((step) => step.startsWith("/")))
    return null;
  const place = path.join(root, relative);
  return place === "." ? "" : place;
}

function below(place: string, folders: readonly string[]): string[] {
  return folders.filter((folder) => place === "" || folder === place || folder.startsWith(`${place}/`));
}
