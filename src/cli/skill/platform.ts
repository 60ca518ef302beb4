import { existsSync, lstatSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { type AgentClient, type ClientName, clientNames, clientOf } from "#cli/agent-clients/clients.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { warn } from "#cli/terminal/report.js";

export interface Place {
  platform?: ClientName;
  /** Instead of a client's. */
  dir?: string;
  /** For all projects of this user, instead of this one. */
  user?: boolean;
}

/** Where skills are written to. */
export interface Target {
  /** The project, or the home folder. Absolute. */
  root: string;
  /** Folders for skills within it, "/" between their parts. */
  directories: string[];
}

/** The project that is written to: the working directory. */
export function projectRoot(host: Host): string {
  return resolve(host.directory ?? ".");
}

/** Clients that are in use in a project, in the order of the table. */
export function clientsIn(root: string): ClientName[] {
  return clientNames.filter((name) =>
    clientOf(name).found.project.some((path) => existsSync(join(root, path))),
  );
}

/** Folder of a client's skills within a project; the other clients have none. */
export function projectSkills(names: readonly ClientName[]): string[] {
  return unique(names.flatMap((name) => clientOf(name).skills?.project ?? []));
}

/**
 * The folders to write to: those that were named, else of each client in use here, else of each that this user has.
 *
 * @throws UsageError when that is nowhere, or outside of the project
 */
export function targetOf(place: Place, host: Host): Target {
  const { platform, dir, user = false } = place;
  const root = user ? homeOf(host) : projectRoot(host);
  if (dir !== undefined) return { root, directories: [within(root, dir)] };
  const names = platform ? [platform] : findClients(root, user, host);
  return { root, directories: unique(names.map((name) => skillsFolder(name, user, host))) };
}

function findClients(root: string, user: boolean, host: Host): ClientName[] {
  const here = user ? [] : clientsIn(root).filter(takesFolders);
  const home = user ? root : (host.env.HOME ?? host.env.USERPROFILE);
  const found = here.length > 0 || !home ? here : clientsOf(home);
  if (found.length === 0) throw noClient(root, user);
  const isTold = here.length === 0 || unique(found.map((name) => skillsFolder(name, user, host))).length > 1;
  if (isTold) warn(host, wordsOf(found, here.length > 0, user, host));
  return found;
}

const takesFolders = (name: ClientName) => clientOf(name).skills !== null;

function clientsOf(home: string): ClientName[] {
  return clientNames.filter(
    (name) => takesFolders(name) && clientOf(name).found.home.some((path) => existsSync(join(home, path))),
  );
}

function wordsOf(found: ClientName[], isHere: boolean, user: boolean, host: Host): string {
  const list = found.map((name) => `${clientOf(name).title} (${skillsFolder(name, user, host)})`).join(", ");
  const where = isHere ? "" : ", found in your home folder";
  return `Writing for ${list}${where}. --platform chooses one.`;
}

function noClient(root: string, user: boolean): UsageError {
  const where = user ? root : `${root} or your home folder`;
  return new UsageError(
    `No client of agents is found in ${where}, so nothing is written. Name yours with --platform; ` +
      "`--platform agents` writes to .agents/skills, which most of them read.",
  );
}

/** @throws UsageError when it reads no folder, or one outside of the home folder */
function skillsFolder(name: ClientName, user: boolean, host: Host): string {
  const { title, skills }: AgentClient = clientOf(name);
  if (!skills)
    throw new UsageError(
      `${title} reads no folder of skills: write them with --dir, zip each, and upload it in its settings.`,
    );
  const moved = user && skills.movedBy ? host.env[skills.movedBy] : undefined;
  if (!moved) return user ? skills.user : skills.project;
  const inner = inside(homeOf(host), join(moved, "skills"));
  if (inner !== undefined) return inner;
  throw new UsageError(
    `${skills.movedBy} leads out of your home folder: run the command in ${moved} with --dir skills.`,
  );
}

function homeOf({ env }: Host): string {
  const home = env.HOME || env.USERPROFILE;
  if (home) return resolve(home);
  throw new UsageError("--user needs your home folder, and neither HOME nor USERPROFILE names it.");
}

function within(root: string, dir: string): string {
  const inner = inside(root, resolve(root, dir));
  if (inner !== undefined) return inner;
  throw new UsageError(`--dir must be a directory within ${root}: run the command where it belongs.`);
}

/** The path within `root`, "/" between its parts; undefined when it is outside, or `root` itself. */
function inside(root: string, path: string): string | undefined {
  const inner = relative(root, path).split(sep).join("/");
  const isOutside = inner === "" || inner === ".." || inner.startsWith("../") || resolve(inner) === inner;
  return isOutside ? undefined : inner;
}

const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];

/**
 * Symbolic links on the way to the skills (`.claude/skills` → `.agents/skills`) are followed within the
 * project only: a project somebody else wrote must not lead us out of it.
 *
 * @throws UsageError when the directory leads out, or nowhere
 */
export function refuseLeadingOut(root: string, directory: string): void {
  if (!existsSync(root)) return;
  const home = realpathSync(root);
  let there = join(root, directory);
  while (!lstatSync(there, { throwIfNoEntry: false })) there = dirname(there);
  // A link whose target is missing would be followed as soon as the target is made.
  const real = existsSync(there) ? realpathSync(there) : undefined;
  if (real === home || real?.startsWith(home.endsWith(sep) ? home : home + sep)) return;
  const where = real === undefined ? "leads nowhere" : `leads out of ${root}`;
  throw new UsageError(`${directory} ${where} by a symbolic link: nothing is written there.`);
}
