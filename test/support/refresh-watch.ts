export interface RefreshWatch {
  /** Answers to refreshes wait from now on. @returns what lets them go */
  holdRefresh(): () => void;
  /** Resolves when so many refreshes have come since the start. */
  refreshesArrived(count: number): Promise<void>;
  /** How many refreshes have come, refused ones too, but for those that met `failNextToken`. */
  refreshCount(): number;
  /** Counts one. */
  arrive(): void;
  /** Resolves when answers may go out. */
  released(): Promise<void>;
}

/** Counts refreshes and holds their answers, so that tests of concurrency wait for events and not for time. */
export function createRefreshWatch(): RefreshWatch {
  const waiting: { count: number; resolve: () => void }[] = [];
  let gate: Promise<void> = Promise.resolve();
  let arrived = 0;

  return {
    holdRefresh() {
      let release = () => {};
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return () => release();
    },
    refreshesArrived: (count) =>
      new Promise((resolve) => {
        if (arrived >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    refreshCount: () => arrived,
    arrive() {
      arrived += 1;
      for (const { count, resolve } of waiting) if (count <= arrived) resolve();
    },
    released: () => gate,
  };
}
