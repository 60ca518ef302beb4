import { EventEmitter } from "node:events";

/**
 * Emits `abort` once, when a request needs no more work: its client has disconnected, or its time is up.
 *
 * An emitter and not an `AbortSignal`, which undici takes as well: one is made for every request, and an
 * `AbortSignal` costs ten times as much.
 */
export class RequestSignal extends EventEmitter {
  aborted = false;
  /** Why it ended, as undici passes it on; undefined when the client has disconnected. */
  reason: Error | undefined;

  abort(reason?: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.emit("abort");
  }
}
