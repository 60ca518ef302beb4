/**
 * Lets concurrent writes share a commit: what arrives while one flush is under way waits for the next, so
 * durability costs one disk sync a batch instead of one a write.
 */
export interface GroupCommit<Op, Result> {
  /** Resolves when the batch that holds `op` is durable. */
  write(op: Op): Promise<Result>;
  /** Resolves when nothing is waiting any more. */
  idle(): Promise<void>;
}

interface Waiting<Op, Result> {
  op: Op;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** `flush` gets a batch and answers with one result for each op, in order. */
export function createGroupCommit<Op, Result>(
  flush: (ops: Op[]) => Promise<Result[]>,
  maxBatch = 500,
): GroupCommit<Op, Result> {
  let waiting: Waiting<Op, Result>[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    // One turn of the event loop: every request that has already arrived joins the batch.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await settle(batch);
    }
    running = undefined;
  }

  async function settle(batch: Waiting<Op, Result>[]): Promise<void> {
    try {
      const results = await flush(batch.map(({ op }) => op));
      batch.forEach(({ resolve }, index) => {
        resolve(results[index]!);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    write(op) {
      return new Promise((resolve, reject) => {
        waiting.push({ op, resolve, reject });
        running ??= run();
      });
    },
    idle: async () => {
      while (running) await running;
    },
  };
}
