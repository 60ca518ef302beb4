import { fstatSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { createGroupCommit } from "#store/engine/group-commit.js";

/** Brings SQLite's write-ahead log to the disk, off the event loop; concurrent commits share one sync. */
export interface LogSync {
  /** Resolves when everything committed before this call survives a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param file the log, which SQLite makes at the first write and keeps while the database is open
 * @param synced is told how long the log is now
 */
export function createLogSync(file: string, synced: (bytes: number) => void): LogSync {
  let handle: FileHandle | undefined;
  const { write, settled } = createGroupCommit<void, void>(async (commits) => {
    handle ??= await openSynced(file);
    await handle.datasync();
    // The size of an open file is in memory: asking a thread for it would take longer.
    synced(fstatSync(handle.fd).size);
    return commits;
  });

  return {
    sync: () => write(),
    close: async () => {
      await settled();
      await handle?.close();
    },
  };
}

/** A file that was just made survives a power cut only when its directory does: @see open(2), fsync(2). */
async function openSynced(file: string): Promise<FileHandle> {
  const handle = await open(file, "r+");
  if (process.platform !== "win32") {
    const directory = await open(path.dirname(file), "r");
    await directory.sync().finally(() => directory.close());
  }
  return handle;
}
