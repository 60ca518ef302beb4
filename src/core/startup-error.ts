/** Why the server cannot start, as one sentence for the operator: what is wrong and what to do. */
export class StartupError extends Error {
  override name = "StartupError";
}
