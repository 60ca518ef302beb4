import { RequestSignal } from "#core/request-signal.js";
import { timeUp } from "#upstream/failure.js";

/** Ends with its client, or when the time is up. */
export function limited(client: RequestSignal, totalMs: number): { signal: RequestSignal; end: () => void } {
  const signal = new RequestSignal();
  const timer = setTimeout(() => signal.abort(timeUp()), totalMs).unref();
  const onGone = () => signal.abort(client.reason);
  if (client.aborted) onGone();
  else client.once("abort", onGone);
  const end = () => {
    clearTimeout(timer);
    client.off("abort", onGone);
  };
  return { signal, end };
}
