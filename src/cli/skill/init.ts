import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { connectTo } from "#cli/server/session.js";
import { loadSettings } from "#cli/server/settings.js";
import { toFolder } from "#cli/skill/downloaded.js";
import { type Lock, readLock, writeLock } from "#cli/skill/lock-file.js";
import { platformOption, withForce } from "#cli/skill/place-options.js";
import {
  clientsIn,
  type Place,
  projectRoot,
  projectSkills,
  refuseLeadingOut,
  targetOf,
} from "#cli/skill/platform.js";
import { pointerSkill } from "#cli/skill/pointer-skill.js";
import {
  mergeSynced,
  nothingSynced,
  type PulledFolder,
  type Synced,
  type SyncOptions,
  syncFolder,
} from "#cli/skill/sync-folder.js";
import { tellSynced } from "#cli/skill/synced.js";
import { moveUnread, tellUnread } from "#cli/skill/unread-folders.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { warn } from "#cli/terminal/report.js";
import type { Client } from "#client/client.js";

export function addInit(program: Command, host: Host, exit: (code: number) => void): void {
  withForce(profiled(program.command("init")), platformOption())
    .summary("Tell the agents of this directory about Skillett")
    .description(
      "Install the pointer skill `skillett`, for every client of agents that is found in this directory: " +
        "it tells agents how to find and call what they may use.",
    )
    .addHelpText(
      "after",
      examples("skillett init", "skillett init --platform claude", "skillett init --user"),
    )
    .action(async (options: InitOptions) => exit(await init(options, host)));
}

export interface InitOptions extends Profiled, Omit<Place, "dir"> {
  force?: boolean;
  dryRun?: boolean;
}

/** The program has a pointer of its own: nobody waits longer for a fuller one. */
const patienceMs = 3000;

/** `skillett init`: installs the pointer skill for all clients in use. */
export async function init(options: InitOptions, host: Host): Promise<number> {
  const { platform, user, force = false, dryRun = false, profile } = options;
  const { root, directories } = targetOf(options, host);
  const server = serverFor(host, profile);
  const pointer = server ? await newestPointer(server) : bundled();
  const { synced, lock } = install(pointer, directories, { root, force, dryRun });
  const flags = [...(platform ? [` --platform ${platform}`] : []), ...(user ? [" --user"] : []), " --force"];
  await tellSynced(synced, { dryRun, force: `skillett init${flags.join("")}` }, host);
  tellUnread(lock, host);
  return synced.kept.length > 0 ? exitCodes.refused : exitCodes.ok;
}

/** After logging in, where agents are at work. Never stops the login, and never overwrites what a person wrote. */
export async function initAfterLogin(server: Server, host: Host): Promise<void> {
  try {
    const root = projectRoot(host);
    const directories = projectSkills(clientsIn(root));
    if (directories.length === 0) return;
    const { synced } = install(await newestPointer(server), directories, {
      root,
      force: false,
      dryRun: false,
    });
    for (const directory of synced.written.length > 0 ? directories : [])
      host.stderr.write(
        `${paint(host, "green", "✓")} Agents find Skillett in ${directory}/${pointerSkill.name}.\n`,
      );
  } catch (error) {
    warn(host, `The pointer skill is not installed: ${(error as Error).message} Try: skillett init`);
  }
}

interface Server {
  client: Client;
  url: string;
}

function install(
  pointer: PulledFolder,
  directories: string[],
  options: SyncOptions,
): { synced: Synced; lock: Lock } {
  for (const directory of directories) refuseLeadingOut(options.root, directory);
  const lock = readLock(options.root);
  const synced = nothingSynced();
  for (const directory of directories) {
    mergeSynced(synced, syncFolder(`${directory}/${pointer.name}`, pointer, lock, options));
    if (!options.dryRun) writeLock(options.root, lock);
  }
  mergeSynced(synced, moveUnread([pointer], lock, options));
  return { synced, lock };
}

/** Undefined when there is none to ask; a profile that was named must be there. */
function serverFor(host: Host, profile: string | undefined): Server | undefined {
  try {
    const settings = loadSettings(host.env, profile);
    return { client: connectTo(settings, patienceMs), url: settings.url };
  } catch (error) {
    if (profile !== undefined || !(error instanceof UsageError)) throw error;
    return undefined;
  }
}

async function newestPointer({ client, url }: Server): Promise<PulledFolder> {
  try {
    const { name: slug } = pointerSkill;
    const signal = AbortSignal.timeout(patienceMs);
    const reply = await client.downloadSkill({ params: { slug }, signal });
    const folder = toFolder(reply, { server: url, kind: "pointer" });
    return folder.name === slug ? folder : bundled();
  } catch {
    // It has none, or does not answer: the program's own will do.
    return bundled();
  }
}

function bundled(): PulledFolder {
  const { name, content } = pointerSkill;
  const files = [{ path: "SKILL.md", bytes: Buffer.from(content), executable: false }];
  return { name, slug: name, server: null, version: null, kind: "pointer", files };
}
