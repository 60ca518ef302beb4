/**
 * Work that may take long and needs nothing but its input: bytes and plain data in, the same out. On another thread it
 * is found by its name, so it must be in the list of `src/main/worker.ts`.
 */
export interface Job<In, Out> {
  name: string;
  lane: Lane;
  run(input: In): Out | Promise<Out>;
  /** Whether it takes less time than handing it to a thread; never, when left out. */
  isSmall?(input: In): boolean;
}

/** Jobs of one lane run one at a time for a tenant. */
export interface Lane {
  name: string;
  /** How many of a tenant may wait for their turn; the next one is refused. */
  maxWaiting: number;
}

/**
 * Runs a job where it does not hold up the event loop.
 *
 * @param load called for the input when it is the job's turn, so that waiting jobs take no memory. Bytes of the input
 *   are moved to the thread: nobody may use them afterwards.
 * @throws SkillettError `unavailable` when too many of the tenant's jobs wait, or when it takes too long; the errors of
 *   `load` and of the job
 */
export type RunJob = <In, Out>(
  tenantId: string,
  job: Job<In, Out>,
  load: () => In | Promise<In>,
) => Promise<Out>;
