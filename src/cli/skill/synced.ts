import type { Synced } from "#cli/skill/sync-folder.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { tell } from "#cli/terminal/report.js";

/**
 * Prints the changes of the files, and for those that were kept, why they were and what to do.
 *
 * @param force command that overwrites them
 */
export async function tellSynced(
  { blocked, ...synced }: Synced,
  { dryRun, force }: { dryRun: boolean; force: string },
  host: Host,
): Promise<void> {
  await printJson(host, dryRun ? { dry_run: true, ...synced } : synced);
  const changed = synced.kept.filter((file) => !blocked.includes(file));
  if (changed.length > 0)
    tell(host, `Kept as found: ${they(changed)} changed here, or never written by pull:\n${lines(changed)}`, [
      force,
    ]);
  if (blocked.length > 0)
    tell(
      host,
      `Not written: a directory or a symbolic link is in the way. Move it away:\n${lines(blocked)}`,
      [],
    );
}

function they(files: string[]): string {
  return files.length === 1 ? "it was" : "they were";
}

function lines(files: string[]): string {
  return files.map((file) => `  ${file}`).join("\n");
}
