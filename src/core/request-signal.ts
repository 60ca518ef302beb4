import { EventEmitter } from "node:events";

/**
 * Tells that nothing more is to be done for a request: its client has gone away, or its time is up. Emits `abort`
 * once.
 *
 * An emitter and not an `AbortSignal`, which undici takes as well: one is made for every request, and an
 * `AbortSignal` costs ten times as much.
 */
export class RequestSignal extends EventEmitter {
  aborted = false;
  /** Why it ended, as undici hands it on; undefined when the client has gone. */
  reason: Error | undefined;

  abort(reason?: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.emit("abort");
  }
}
