/** Why the server cannot start, in one sentence for the operator that also says what to do. */
export class StartupError extends Error {
  override name = "StartupError";
}
