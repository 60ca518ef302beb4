import { clientOf, unreadFolders } from "#cli/agent-clients/clients.js";
import { type Lock, writeLock } from "#cli/skill/lock-file.js";
import {
  mergeSynced,
  nothingSynced,
  removeFolder,
  type Synced,
  type SyncOptions,
} from "#cli/skill/sync-folder.js";
import type { Host } from "#cli/terminal/host.js";
import { warn } from "#cli/terminal/report.js";

type Named = { slug: string; server: string | null };

/**
 * Removes folders that older versions wrote where their client does not read, once the skill is written where it
 * does. Files that somebody changed stay, and are reported like all kept files.
 *
 * @param written skills that stand where they are read now
 */
export function moveUnread(written: readonly Named[], lock: Lock, options: SyncOptions): Synced {
  const total = nothingSynced();
  for (const directory of unreadIn(lock)) {
    const { slug, server, kind } = lock[directory]!;
    // Which pointer it is does not matter: there is one for all servers.
    if (!written.some((it) => it.slug === slug && (it.server === server || kind === "pointer"))) continue;
    mergeSynced(total, removeFolder(directory, lock, options));
    if (!options.dryRun) writeLock(options.root, lock);
  }
  return total;
}

/** Warns about the folders that are still there, with the command that moves each. */
export function tellUnread(lock: Lock, host: Host): void {
  for (const directory of unreadIn(lock)) {
    const { slug, kind, files } = lock[directory]!;
    if (Object.keys(files).length === 0) continue;
    const again = kind === "pointer" ? "skillett init" : `skillett pull ${slug}`;
    const client = clientOf(unreadFolders[parentOf(directory)]!).title;
    warn(host, `${client} does not read ${directory}, where an older version wrote. \`${again}\` moves it.`);
  }
}

const unreadIn = (lock: Lock) =>
  Object.keys(lock).filter((directory) => Object.hasOwn(unreadFolders, parentOf(directory)));

const parentOf = (directory: string) => directory.slice(0, Math.max(0, directory.lastIndexOf("/")));
