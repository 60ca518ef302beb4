import { chmodSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { digestOf, type FileState, fileState } from "#cli/skill/file-state.js";
import type { Lock, LockedFolder } from "#cli/skill/lock-file.js";
import { refuseLeadingOut } from "#cli/skill/platform.js";
import { replaceFile } from "#core/write-file.js";

export interface PulledFile {
  path: string;
  bytes: Buffer;
  executable: boolean;
}

/** A skill's folder as it should stand. */
export interface PulledFolder extends Omit<LockedFolder, "files"> {
  /** Name of the skill, and of its folder. */
  name: string;
  files: PulledFile[];
}

/** Files by the change that was made to them; paths within the project. */
export interface Synced {
  written: string[];
  unchanged: string[];
  removed: string[];
  /** Neither overwritten nor removed: somebody changed them, or they were not ours. */
  kept: string[];
  /** Those of `kept` that `--force` does not overwrite either. */
  blocked: string[];
}

export interface SyncOptions {
  root: string;
  force: boolean;
  dryRun: boolean;
}

export const nothingSynced = (): Synced => ({
  written: [],
  unchanged: [],
  removed: [],
  kept: [],
  blocked: [],
});

/** Adds `some` to `total`. */
export function mergeSynced(total: Synced, some: Synced): void {
  for (const outcome of Object.keys(total) as (keyof Synced)[]) total[outcome].push(...some[outcome]);
}

/**
 * Makes the folder at `directory` hold the pulled files, and notes in `lock` which files are ours now. Files that
 * differ from the version we wrote are kept, unless forced; files that we never wrote are not touched.
 *
 * @throws UsageError when the directory leads out of the project
 */
export function syncFolder(
  directory: string,
  pulled: PulledFolder,
  lock: Lock,
  options: SyncOptions,
): Synced {
  const { name: _, files, ...facts } = pulled;
  return sync(directory, files, facts, lock, options);
}

/** Removes what we wrote at `directory`, and then the folder, if nothing is left in it. */
export function removeFolder(directory: string, lock: Lock, options: SyncOptions): Synced {
  const folder = lock[directory];
  return folder ? sync(directory, [], folder, lock, options) : nothingSynced();
}

type Facts = Omit<LockedFolder, "files">;

function sync(
  directory: string,
  files: PulledFile[],
  facts: Facts,
  lock: Lock,
  options: SyncOptions,
): Synced {
  refuseLeadingOut(options.root, directory);
  const ours = new Map(Object.entries(lock[directory]?.files ?? {}));
  const work: Work = { directory, ours, synced: nothingSynced(), digests: {}, options };
  for (const file of files) syncFile(file, work);
  const paths = new Set(files.map(({ path }) => path));
  for (const path of ours.keys()) if (!paths.has(path)) removeFile(path, work);
  if (files.length === 0 && work.synced.kept.length === 0) delete lock[directory];
  else lock[directory] = { ...facts, files: work.digests };
  return work.synced;
}

interface Work {
  directory: string;
  /** Digests of the files as we wrote them before, by path. */
  ours: ReadonlyMap<string, string>;
  synced: Synced;
  /** Digests of the files that are ours from now on. */
  digests: Record<string, string>;
  options: SyncOptions;
}

function syncFile(file: PulledFile, work: Work): void {
  const { directory, ours, synced, digests, options } = work;
  const folder = join(options.root, directory);
  const state = fileState(folder, file.path);
  const digest = digestOf(file.bytes);
  const step = stepFor(state, { expected: digest, written: ours.get(file.path), force: options.force });
  if (step === "keep") {
    keep(file.path, state, work);
    return;
  }
  digests[file.path] = digest;
  const changes = step === "write" || lacksExecutableBit(state, file);
  synced[changes ? "written" : "unchanged"].push(`${directory}/${file.path}`);
  if (changes && !options.dryRun) write(folder, file, state);
}

function removeFile(path: string, work: Work): void {
  const { directory, ours, synced, options } = work;
  const state = fileState(join(options.root, directory), path);
  if (state.kind === "missing") return;
  const step = stepFor(state, { expected: null, written: ours.get(path), force: options.force });
  if (step === "keep") {
    keep(path, state, work);
    return;
  }
  synced.removed.push(`${directory}/${path}`);
  if (!options.dryRun) remove(options.root, directory, path);
}

/** It stays ours as we wrote it, so that it is found changed the next time too. */
function keep(path: string, state: FileState, { directory, ours, synced, digests }: Work): void {
  synced.kept.push(`${directory}/${path}`);
  if (state.kind === "blocked") synced.blocked.push(`${directory}/${path}`);
  const digest = ours.get(path);
  if (digest !== undefined) digests[path] = digest;
}

/** @param expected digest that should be there; null when no file should */
function stepFor(
  state: FileState,
  { expected, written, force }: { expected: string | null; written: string | undefined; force: boolean },
): "leave" | "write" | "keep" {
  if (state.kind === "blocked") return "keep";
  if (state.kind === "missing") return "write";
  if (state.kind === "file" && state.digest === expected) return "leave";
  const untouched = state.kind === "file" && state.digest === written;
  return untouched || force ? "write" : "keep";
}

function lacksExecutableBit(state: FileState, { executable }: PulledFile): boolean {
  return executable && state.kind === "file" && (state.mode & 0o100) === 0;
}

function write(folder: string, { path, bytes, executable }: PulledFile, state: FileState): void {
  const target = join(folder, path);
  replaceFile(target, bytes, executable ? 0o777 : 0o666);
  // A file keeps the mode that a person has set, except that it may become executable.
  if (state.kind === "file") chmodSync(target, state.mode | (executable ? 0o100 : 0));
}

function remove(root: string, directory: string, path: string): void {
  rmSync(join(root, directory, path));
  const parts = [directory, ...path.split("/").slice(0, -1)];
  for (; parts.length > 0; parts.pop()) {
    try {
      rmdirSync(join(root, ...parts));
    } catch {
      // Something is left in it: so it stays.
      return;
    }
  }
}
