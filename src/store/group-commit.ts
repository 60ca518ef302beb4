/**
 * Lets concurrent writes share a commit: what arrives while one flush is under way waits for the next, so
 * durability costs one disk sync a batch instead of one a write.
 */
export interface GroupCommit<Op, Result> {
  /** Resolves when the batch that holds `op` is durable. */
  write(op: Op): Promise<Result>;
  /** Joins the next batch, or makes one of its own when none comes soon. */
  writeSoon(op: Op): Promise<Result>;
  /** Resolves when everything handed over before this call has been written, or has failed. */
  settled(): Promise<void>;
}

export interface GroupCommitOptions {
  /** Longest wait of `writeSoon` for a batch to join. */
  soonMs?: number;
  maxBatch?: number;
}

interface Waiting<Op, Result> {
  op: Op;
  written: Promise<Result>;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** `flush` gets a batch and answers with one result for each op, in order. */
export function createGroupCommit<Op, Result>(
  flush: (ops: Op[]) => Promise<Result[]>,
  { soonMs = 10, maxBatch = 500 }: GroupCommitOptions = {},
): GroupCommit<Op, Result> {
  let waiting: Waiting<Op, Result>[] = [];
  let inFlight: Waiting<Op, Result>[] = [];
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    running ??= run();
  }

  async function run(): Promise<void> {
    // One turn of the event loop: every request that has already arrived joins the batch.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      inFlight = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await settle(inFlight);
    }
    inFlight = [];
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

  function add(op: Op): Promise<Result> {
    let resolve!: (result: Result) => void;
    let reject!: (error: unknown) => void;
    const written = new Promise<Result>((accept, refuse) => {
      [resolve, reject] = [accept, refuse];
    });
    waiting.push({ op, written, resolve, reject });
    return written;
  }

  return {
    write(op) {
      const written = add(op);
      start();
      return written;
    },
    writeSoon(op) {
      const written = add(op);
      if (!running) timer ??= setTimeout(start, soonMs);
      return written;
    },
    async settled() {
      if (waiting.length > 0) start();
      await Promise.allSettled([...inFlight, ...waiting].map(({ written }) => written));
    },
  };
}
