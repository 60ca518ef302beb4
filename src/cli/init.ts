import type { Profiled } from "#cli/command-parts.js";
import { toFolder } from "#cli/downloaded.js";
import { exitCodes, UsageError } from "#cli/failure.js";
import { type Host, paint } from "#cli/host.js";
import { readLock, writeLock } from "#cli/lock-file.js";
import { findPlatforms, type Platform, projectRoot, skillsOf } from "#cli/platform.js";
import { pointerSkill } from "#cli/pointer-skill.js";
import { warn } from "#cli/report.js";
import { connectTo } from "#cli/session.js";
import { loadSettings } from "#cli/settings.js";
import {
  mergeSynced,
  nothingSynced,
  type PulledFolder,
  type Synced,
  type SyncOptions,
  syncFolder,
} from "#cli/sync-folder.js";
import { tellSynced } from "#cli/synced.js";
import type { Client } from "#client/client.js";

export interface InitOptions extends Profiled {
  platform?: Platform;
  force?: boolean;
  dryRun?: boolean;
}

/** The program has a pointer of its own: nobody waits longer for a fuller one. */
const patienceMs = 3000;

/** `skillett init`: installs the pointer skill for all platforms in use. */
export async function init(options: InitOptions, host: Host): Promise<number> {
  const { platform, force = false, dryRun = false, profile } = options;
  const root = projectRoot(host);
  const found = platform ? [platform] : findPlatforms(root);
  const server = serverFor(host, profile);
  const pointer = server ? await newestPointer(server) : bundled();
  const synced = install(pointer, found.length > 0 ? found : ["generic"], { root, force, dryRun });
  const again = `skillett init${platform ? ` --platform ${platform}` : ""} --force`;
  await tellSynced(synced, { dryRun, force: again }, host);
  return synced.kept.length > 0 ? exitCodes.refused : exitCodes.ok;
}

/** After logging in, where agents are at work. Never stops the login, and never overwrites what a person wrote. */
export async function initAfterLogin(server: Server, host: Host): Promise<void> {
  try {
    const root = projectRoot(host);
    const found = findPlatforms(root);
    if (found.length === 0) return;
    const { written } = install(await newestPointer(server), found, { root, force: false, dryRun: false });
    for (const platform of written.length > 0 ? found : [])
      host.stderr.write(
        `${paint(host, "green", "✓")} Agents find Skillett in ${skillsOf(platform)}/${pointerSkill.name}.\n`,
      );
  } catch (error) {
    warn(host, `The pointer skill is not installed: ${(error as Error).message} Try: skillett init`);
  }
}

interface Server {
  client: Client;
  url: string;
}

function install(pointer: PulledFolder, platforms: Platform[], options: SyncOptions): Synced {
  const lock = readLock(options.root);
  const total = nothingSynced();
  for (const platform of platforms) {
    const synced = syncFolder(`${skillsOf(platform)}/${pointer.name}`, pointer, lock, options);
    mergeSynced(total, synced);
    if (!options.dryRun) writeLock(options.root, lock);
  }
  return total;
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
