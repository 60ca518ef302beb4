import path from "node:path/posix";
import type { SkillProblem } from "#skills/folder.js";

/** Where a collection of plugins says what is in it, below its root. */
export const marketplaceFile = ".claude-plugin/marketplace.json";

type Warn = (message: string, severity?: SkillProblem["severity"]) => void;

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
 * The skill folders that a marketplace.json names: those its plugins list, and all of a plugin that lists none.
 *
 * @param root Folder the marketplace is for; "" at the top.
 * @param folders All folders with a SKILL.md.
 */
export function chooseSkills(text: string, root: string, folders: string[], report: Warn): string[] {
  const marketplace = parse(text, report);
  if (!marketplace) return [];
  const pluginRoot = isObject(marketplace.metadata) ? marketplace.metadata.pluginRoot : undefined;
  const base = typeof pluginRoot === "string" ? pluginRoot : ".";
  const chosen = marketplace.plugins.flatMap((plugin, index) => {
    const name = typeof plugin.name === "string" ? plugin.name : `number ${index + 1}`;
    const tell: Warn = (message, severity) => report(`plugin ${name} ${message}`, severity);
    return skillsOf(plugin, root, base, folders, tell);
  });
  const left = folders.filter((folder) => !chosen.includes(folder));
  if (left.length > 0) report(`does not list ${left.join(", ")}: left out`, "warning");
  return [...new Set(chosen)];
}

function parse(
  text: string,
  report: Warn,
): { metadata: unknown; plugins: Record<string, unknown>[] } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value) && Array.isArray(value.plugins) && value.plugins.every(isObject)) {
      return { metadata: value.metadata, plugins: value.plugins };
    }
    report("must have a list of plugins, each an object", "error");
  } catch (error) {
    report(`is not valid JSON: ${(error as Error).message}`, "error");
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function skillsOf(
  plugin: Record<string, unknown>,
  root: string,
  base: string,
  folders: string[],
  report: Warn,
): string[] {
  const unknown = Object.keys(plugin).filter((field) => !knownPluginFields.includes(field));
  if (unknown.length > 0) report(`has ${unknown.join(", ")}: only its skills are imported`, "warning");
  const { source = "./", skills } = plugin;
  if (typeof source !== "string" || /^[a-z]+:/i.test(source)) {
    report("lies elsewhere: import it from there", "warning");
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
  folders: string[],
  report: Warn,
): string[] {
  const place = typeof listed === "string" ? resolve(root, path.relative(root, home), listed) : null;
  const found = place === null ? [] : below(place, folders);
  if (found.length === 0) report(`lists ${JSON.stringify(listed)}, where there is no SKILL.md`, "error");
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

function below(place: string, folders: string[]): string[] {
  return folders.filter((folder) => place === "" || folder === place || folder.startsWith(`${place}/`));
}
