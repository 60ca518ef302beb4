/** Runs work one after the other under each name; what goes by different names does not wait for each other. */
export type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return async (name, work) => {
    const before = last.get(name);
    const { promise: released, resolve: end } = deferred();
    last.set(name, released);
    await before;
    try {
      return await work();
    } finally {
      end();
      if (last.get(name) === released) last.delete(name);
    }
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((accept) => {
    resolve = accept;
  });
  return { promise, resolve };
}
