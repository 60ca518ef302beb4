import { type FileHandle, open } from "node:fs/promises";
import { createGroupCommit } from "#store/group-commit.js";

/** Brings SQLite's write-ahead log to the disk, off the event loop; concurrent commits share one sync. */
export interface LogSync {
  /** Resolves when everything committed before this call survives a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** @param file the log, which SQLite makes at the first write and keeps while the database is open */
export function createLogSync(file: string): LogSync {
  let handle: FileHandle | undefined;
  const { write, settled } = createGroupCommit<void, void>(async (commits) => {
    handle ??= await open(file, "r+");
    await handle.datasync();
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
