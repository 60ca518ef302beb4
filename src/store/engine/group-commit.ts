import { setTimeout as sleep } from "node:timers/promises";

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
  /** How long a batch gathers when the one before had several writers: fewer, larger batches cost less. */
  gatherMs?: number;
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
  { soonMs = 10, gatherMs = 0, maxBatch = 500 }: GroupCommitOptions = {},
): GroupCommit<Op, Result> {
  let waiting: Waiting<Op, Result>[] = [];
  let inFlight: Waiting<Op, Result>[] = [];
  /** Number of waiting writes that have to begin a batch, rather than join one. */
  let urgent = 0;
  let running = false;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!running) void run();
  }

  async function run(): Promise<void> {
    running = true;
    // One turn of the event loop: every request that has already arrived joins the batch.
    await new Promise(setImmediate);
    let writers = 0;
    while (urgent > 0) {
      if (gatherMs > 0 && writers > 1) await sleep(gatherMs);
      inFlight = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      writers = urgent;
      urgent = waiting.length;
      await settle(inFlight);
    }
    inFlight = [];
    running = false;
    if (waiting.length > 0) soon();
  }

  function soon(): void {
    if (!running) timer ??= setTimeout(flushNow, soonMs);
  }

  function flushNow(): void {
    urgent += 1;
    start();
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
      urgent += 1;
      start();
      return written;
    },
    writeSoon(op) {
      const written = add(op);
      soon();
      return written;
    },
    async settled() {
      if (waiting.length > 0) flushNow();
      await Promise.allSettled([...inFlight, ...waiting].map(({ written }) => written));
    },
  };
}
