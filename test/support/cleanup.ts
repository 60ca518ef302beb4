type Task = () => Promise<unknown>;

export interface Cleanup {
  /** Tasks run in reverse order of adding; one added too late runs at once. */
  add(task: Task): void;
  /** Has a program stopped at the end, also when the end comes while it is still starting. */
  track<Program extends { stop(): Promise<void> }>(starting: Promise<Program>): Promise<Program>;
  /** Does every task once, also when one of them fails; every caller waits for the same end. */
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const tasks: Task[] = [];
  let running: Promise<void> | undefined;

  async function runAll(): Promise<void> {
    for (let task = tasks.pop(); task; task = tasks.pop()) await attempt(task);
  }

  function add(task: Task): void {
    if (running) void attempt(task);
    else tasks.push(task);
  }

  return {
    add,
    track(starting) {
      add(() =>
        starting.then(
          ({ stop }) => stop(),
          () => {},
        ),
      );
      return starting;
    },
    run() {
      running ??= runAll();
      return running;
    },
  };
}

async function attempt(task: Task): Promise<void> {
  await task().catch((error: unknown) => process.stderr.write(`While cleaning up: ${error}\n`));
}

/** Ctrl-C, a polite kill and the time limit all leave nothing running. */
export function endOnSignals(cleanup: Cleanup, limitMs: number): void {
  const end = (why: string, code: number) => {
    process.stderr.write(`\n${why}: stopping what was started\n`);
    cleanup.run().finally(() => process.exit(code));
  };
  process.once("SIGINT", () => end("Interrupted", 130));
  process.once("SIGTERM", () => end("Terminated", 143));
  setTimeout(() => end(`Not done after ${limitMs / 60_000} minutes`, 1), limitMs).unref();
}
