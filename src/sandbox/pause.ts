import type { RequestSignal } from "#core/request-signal.js";

/** Resolves after some time; rejects as soon as nobody waits for the answer any more. */
export function pause(ms: number, signal: RequestSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason ?? new Error("The client has left."));
    };
    const timer = setTimeout(() => {
      signal.off("abort", onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.once("abort", onAbort);
  });
}
