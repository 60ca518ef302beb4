import { SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";

/** Calls on their way, from admission to the end of their row. */
export interface LiveCalls {
  add(signal: RequestSignal): void;
  delete(signal: RequestSignal): void;
  /** Ends all of them: the server stops. */
  endAll(): void;
  /** Resolves when there is none. */
  idle(): Promise<void>;
}

export function createLiveCalls(): LiveCalls {
  const live = new Set<RequestSignal>();
  let onIdle = () => {};
  return {
    add: (signal) => void live.add(signal),
    delete(signal) {
      live.delete(signal);
      if (live.size === 0) onIdle();
    },
    endAll() {
      for (const signal of live) signal.abort(stopping());
    },
    idle: () =>
      new Promise((resolve) => {
        onIdle = resolve;
        if (live.size === 0) resolve();
      }),
  };
}

function stopping(): SkillettError {
  return new SkillettError("unavailable", { message: "The server stops, and has ended the call." });
}
