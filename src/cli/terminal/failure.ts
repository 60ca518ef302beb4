/** The exit codes of `skillett`. */
export const exitCodes = { ok: 0, refused: 1, unavailable: 2, usage: 64, interrupted: 130 } as const;

/** The command cannot be carried out as given; nothing was sent. */
export class UsageError extends Error {
  /** Commands that, run in this order, put it right. */
  readonly next: string[];

  constructor(message: string, next: string[] = []) {
    super(message);
    this.name = "UsageError";
    this.next = next;
  }
}

/** Exit code for the HTTP status a service answered with. */
export function exitOfStatus(status: number): number {
  if (status < 400) return exitCodes.ok;
  return status < 500 ? exitCodes.refused : exitCodes.unavailable;
}
