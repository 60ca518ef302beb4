import { ApiError, NetworkError } from "#client/errors.js";

/** Returns an error that may pass while polling, such as a restart of the server; throws any other. */
export function transientError(error: unknown): Error {
  if (error instanceof NetworkError) return error;
  if (error instanceof ApiError && (error.body.retryable || error.status >= 500)) return error;
  if (error instanceof Error && error.name === "TimeoutError")
    return new NetworkError("The server did not answer in time.", { code: "ETIMEDOUT" });
  throw error;
}
