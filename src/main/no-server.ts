import { UsageError } from "#cli/terminal/failure.js";

/**
 * Stands in for `#main/up.js` in the package that has the CLI alone.
 *
 * @throws UsageError always, with the package that has the server
 */
export async function up(): Promise<never> {
  throw new UsageError("This package is the CLI without the server, which the package `skillett` has.", [
    "npx skillett up",
  ]);
}
