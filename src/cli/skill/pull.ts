import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { type Session, sessionOf } from "#cli/server/session.js";
import { loadSettings } from "#cli/server/settings.js";
import { toFolder } from "#cli/skill/downloaded.js";
import { type Lock, readLock, writeLock } from "#cli/skill/lock-file.js";
import { platformOption, withForce } from "#cli/skill/place-options.js";
import { type Place, refuseLeadingOut, targetOf } from "#cli/skill/platform.js";
import {
  mergeSynced,
  nothingSynced,
  type PulledFolder,
  removeFolder,
  type Synced,
  type SyncOptions,
  syncFolder,
} from "#cli/skill/sync-folder.js";
import { tellSynced } from "#cli/skill/synced.js";
import { moveUnread, tellUnread } from "#cli/skill/unread-folders.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { warn } from "#cli/terminal/report.js";
import { quoted } from "#cli/terminal/shell-words.js";
import { windowsProblem } from "#core/windows-path.js";

export function addPull(program: Command, host: Host, exit: (code: number) => void): void {
  const platform = platformOption().conflicts("dir");
  withForce(profiled(program.command("pull")), platform)
    .summary("Write skills as files, where your agents find them")
    .description(
      "Write the skill of an integration, a skill, or all that are assigned, where the agents of this directory " +
        "find them. Files you have changed are kept.",
    )
    .argument("[name]", "integration or skill, such as github")
    .option(
      "--all",
      "sync what is assigned to the key's agent; write what is new, remove what is not any more",
    )
    .option("--dir <directory>", "write the folders into this directory instead of a client's")
    .addHelpText(
      "after",
      examples(
        "skillett pull github",
        "skillett pull --all --dry-run",
        "skillett pull --all --platform cursor",
      ),
    )
    .action(async (name: string | undefined, options: PullOptions) => exit(await pull(name, options, host)));
}

export interface PullOptions extends Profiled, Place {
  all?: boolean;
  force?: boolean;
  dryRun?: boolean;
}

/** Downloads at a time. */
const atOnce = 4;

/** `skillett pull <integration|skill>`, `skillett pull --all` */
export async function pull(slug: string | undefined, options: PullOptions, host: Host): Promise<number> {
  if ((slug === undefined) === !options.all)
    throw new UsageError("Name an integration or a skill, or pull what is assigned with --all.", [
      "skillett pull --all",
    ]);
  const { root, directories } = targetOf(options, host);
  for (const directory of directories) refuseLeadingOut(root, directory);
  const lock = readLock(root);
  const settings = loadSettings(host.env, options.profile);
  const session = sessionOf(settings, host);
  const downloads =
    slug === undefined
      ? await downloadAssigned(session, settings.url)
      : [await download(slug, { server: settings.url }, session)];
  const folders = downloads.flatMap(({ folder }) => folder ?? []);
  const refused = downloads.filter(({ folder }) => folder === undefined);

  const syncing = { root, force: options.force ?? false, dryRun: options.dryRun ?? false };
  const places = placesFor(folders, directories);
  const unassigned = slug === undefined ? noLongerAssigned(lock, downloads, settings.url) : [];
  const synced = apply(places, unassigned, lock, syncing);
  if (options.dir === undefined) mergeSynced(synced, moveUnread(folders, lock, syncing));
  await tellSynced(synced, { dryRun: syncing.dryRun, force: `${commandOf(slug, options)} --force` }, host);
  for (const { problem } of downloads) if (problem !== undefined) warn(host, problem);
  tellUnread(lock, host);
  return synced.kept.length > 0 || refused.length > 0 ? exitCodes.refused : exitCodes.ok;
}

/** A skill that was downloaded. */
interface Downloaded {
  slug: string;
  /** Left out when this system cannot hold it. */
  folder?: PulledFolder;
  /** Why some system cannot hold it. */
  problem?: string;
}

/** Nothing is written before everything has come. */
async function downloadAssigned(session: Session, server: string): Promise<Downloaded[]> {
  const { client, signal } = session;
  const { skills } = await client.getOwnSkills({ signal });
  const folders: Downloaded[] = [];
  for (let from = 0; from < skills.length; from += atOnce) {
    const some = skills.slice(from, from + atOnce);
    const facts = { server, kind: "skill" } as const;
    folders.push(
      ...(await Promise.all(some.map(({ slug, version }) => download(slug, { ...facts, version }, session)))),
    );
  }
  return folders;
}

async function download(
  slug: string,
  facts: Parameters<typeof toFolder>[1],
  { client, signal }: Session,
): Promise<Downloaded> {
  const folder = toFolder(await client.downloadSkill({ params: { slug }, signal }), facts);
  const problem = problemOf(folder);
  if (problem === undefined) return { slug, folder };
  if (process.platform === "win32") return { slug, problem: `${slug} is not written: ${problem}` };
  return { slug, folder, problem: `${slug}: ${problem}, if others of this project use Windows.` };
}

/** The first of its names that Windows cannot hold, and why. */
function problemOf({ name, files }: PulledFolder): string | undefined {
  for (const path of [name, ...files.map((file) => file.path)]) {
    const problem = windowsProblem(path);
    if (problem !== null) return `${JSON.stringify(path)} ${problem}`;
  }
  return undefined;
}

function placesFor(folders: PulledFolder[], directories: string[]): Map<string, PulledFolder> {
  const places = new Map<string, PulledFolder>();
  for (const directory of directories)
    for (const folder of folders) {
      const place = `${directory}/${folder.name}`;
      const other = places.get(place);
      if (other)
        throw new UsageError(`The skills ${other.slug} and ${folder.slug} are both named ${folder.name}.`);
      places.set(place, folder);
    }
  return places;
}

/** Folders in the whole project: an assignment ends for all clients. */
function noLongerAssigned(lock: Lock, downloads: Downloaded[], server: string): string[] {
  const assigned = new Set(downloads.map(({ slug }) => slug));
  return Object.keys(lock).filter((directory) => {
    const folder = lock[directory];
    return folder?.kind === "skill" && folder.server === server && !assigned.has(folder.slug);
  });
}

function apply(
  places: ReadonlyMap<string, PulledFolder>,
  unassigned: string[],
  lock: Lock,
  options: SyncOptions,
): Synced {
  const total = nothingSynced();
  // The lock is written after each folder, so that an interrupted run knows which folders it has written.
  const add = (synced: Synced) => {
    mergeSynced(total, synced);
    if (!options.dryRun) writeLock(options.root, lock);
  };
  for (const [directory, folder] of places) {
    // The pointer that init has put there stays when it is not assigned any more.
    const kind = lock[directory]?.kind === "pointer" ? "pointer" : folder.kind;
    add(syncFolder(directory, { ...folder, kind }, lock, options));
  }
  for (const directory of unassigned) if (!places.has(directory)) add(removeFolder(directory, lock, options));
  return total;
}

function commandOf(slug: string | undefined, { platform, dir, user, profile }: PullOptions): string {
  return [
    ...["skillett", "pull", slug ?? "--all"],
    ...(platform ? ["--platform", platform] : []),
    ...(user ? ["--user"] : []),
    ...(dir === undefined ? [] : ["--dir", dir]),
    ...(profile ? ["--profile", profile] : []),
  ]
    .map(quoted)
    .join(" ");
}
