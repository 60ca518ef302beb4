import { CommanderError } from "commander";
import { exitCodes } from "#cli/failure.js";
import type { Host } from "#cli/host.js";
import { isBrokenPipe } from "#cli/output.js";
import { createProgram } from "#cli/program.js";
import { report } from "#cli/report.js";

/** Carries out one command line; never throws. Gives the exit code. */
export async function runCli(args: string[], host: Host): Promise<number> {
  let code: number = exitCodes.ok;
  const program = createProgram(host, (own) => {
    code = own;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    return report(error, host).catch((failure) =>
      isBrokenPipe(failure) ? exitCodes.ok : exitCodes.unavailable,
    );
  }
}
