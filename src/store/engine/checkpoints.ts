import LibSql from "libsql/promise";

/** Brings what the write-ahead log holds into the database on a thread of the driver, never on the event loop. */
export interface Checkpoints {
  /** Starts a checkpoint when the log is long and none is under way. */
  consider(logBytes: number): void;
  /** Resolves when no checkpoint is under way; none begins afterwards. */
  close(): Promise<void>;
}

/**
 * A log longer than this is brought in. A log that was brought in whole is written from its beginning again, and cut
 * to this length: its size tells how much there is to do.
 */
export const maxLogBytes = 4 * 1024 * 1024;

/**
 * @param betweenWrites runs work while nobody writes
 * @see https://sqlite.org/wal.html#ckpt
 */
export function createCheckpoints(
  file: string,
  betweenWrites: (work: () => Promise<void>) => Promise<void>,
): Checkpoints {
  const connection = new LibSql(file, {});
  let running: Promise<void> | undefined;
  let closed = false;

  const bringIn = (): Promise<void> => connection.exec("pragma wal_checkpoint(passive)");

  /** Most of it while others write; then, while they wait, the little that they have written meanwhile. */
  async function checkpoint(): Promise<void> {
    await bringIn();
    await betweenWrites(bringIn);
  }

  return {
    consider(logBytes) {
      if (closed || running || logBytes <= maxLogBytes) return;
      // Pages that could not be brought in stay in the log, where they are as durable, and the next write tries again.
      running = checkpoint()
        .catch(() => {})
        .finally(() => {
          running = undefined;
        });
    },
    close: async () => {
      closed = true;
      await running;
      connection.close();
    },
  };
}
