import { mayHaveArrived, NetworkError } from "#client/errors.js";

/** An error of a call that changes something, with a warning against repeating it where it may have been made. */
export function inDoubt(error: unknown, integration: string): unknown {
  if (!(error instanceof NetworkError) || !mayHaveArrived(error)) return error;
  return new NetworkError(
    `${error.message} The call may have been made: look at ${integration} before you repeat it.`,
    { code: error.code, cause: error },
  );
}
