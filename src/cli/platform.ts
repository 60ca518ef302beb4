import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { UsageError } from "#cli/failure.js";
import type { Host } from "#cli/host.js";
import { warn } from "#cli/report.js";

/**
 * Where the clients of agents look for skills: the directory that tells they are in use, and the one their
 * skills stand in. The first that is there is the one that is written for.
 */
export const platforms = {
  claude: { marker: ".claude", skills: ".claude/skills" },
  cursor: { marker: ".cursor", skills: ".cursor/rules" },
  windsurf: { marker: ".windsurf", skills: ".windsurf/rules" },
  agents: { marker: ".agents", skills: ".agents/skills" },
} as const;

const genericSkills = ".skillett/skills";

export type Platform = keyof typeof platforms | "generic";
export const platformNames = [...Object.keys(platforms), "generic"] as Platform[];

export interface Place {
  platform?: Platform;
  /** Instead of a platform's. */
  dir?: string;
}

/** The project that is written to: the working directory. */
export function projectRoot(host: Host): string {
  return resolve(host.directory ?? ".");
}

/** Platforms in use in a project, in order of rank. */
export function findPlatforms(root: string): Platform[] {
  return (Object.keys(platforms) as (keyof typeof platforms)[]).filter((name) =>
    statSync(join(root, platforms[name].marker), { throwIfNoEntry: false })?.isDirectory(),
  );
}

/** Directory of a platform's skills, within the project. */
export function skillsOf(platform: Platform): string {
  return platform === "generic" ? genericSkills : platforms[platform].skills;
}

/**
 * The directory that skills are written to: within the project, with "/" between its parts.
 *
 * @throws UsageError when `dir` is outside
 */
export function skillsDirectory(root: string, { platform, dir }: Place, host: Host): string {
  if (dir !== undefined) return within(root, dir);
  if (platform) return skillsOf(platform);
  const [first = "generic", ...others] = findPlatforms(root);
  if (others.length > 0)
    warn(host, `Writing for ${first}; here are ${others.join(" and ")} too: --platform chooses another.`);
  return skillsOf(first);
}

function within(root: string, dir: string): string {
  const inner = relative(root, resolve(root, dir)).split(sep).join("/");
  if (inner === "" || inner === ".." || inner.startsWith("../") || resolve(inner) === inner)
    throw new UsageError(`--dir must be a directory within ${root}: run the command where it belongs.`);
  return inner;
}

/**
 * Symbolic links on the way to the skills (`.claude/skills` → `.agents/skills`) are followed within the
 * project only: a project somebody else wrote must not lead us out of it.
 *
 * @throws UsageError when the directory leads out
 */
export function refuseLeadingOut(root: string, directory: string): void {
  if (!existsSync(root)) return;
  const home = realpathSync(root);
  let there = join(root, directory);
  while (!existsSync(there)) there = dirname(there);
  const real = realpathSync(there);
  if (real === home || real.startsWith(home.endsWith(sep) ? home : home + sep)) return;
  throw new UsageError(`${directory} leads out of ${root} by a symbolic link: nothing is written there.`);
}
