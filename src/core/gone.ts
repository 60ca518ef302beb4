import { EventEmitter } from "node:events";

/**
 * Tells that the client has gone away, so that nothing more is done for it: emits `abort` once.
 *
 * An emitter and not an `AbortSignal`, which undici takes as well: one is made for every request, and an
 * `AbortSignal` costs ten times as much.
 */
export class GoneSignal extends EventEmitter {
  aborted = false;

  abort(): void {
    this.aborted = true;
    this.emit("abort");
  }
}
