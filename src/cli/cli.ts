import { exitCodes } from "#cli/failure.js";
import type { Host } from "#cli/host.js";
import { isBrokenPipe } from "#cli/output.js";
import { report } from "#cli/report.js";
import { run } from "#cli/run.js";
import { refuseBrokenArguments } from "#cli/text-input.js";

/** Carries out one command line; never throws. Gives the exit code. */
export async function runCli(args: string[], host: Host): Promise<number> {
  try {
    // What agents call all day does not wait until all the other commands are set up (about 10 ms).
    const [command, ...rest] = args;
    refuseBrokenArguments(args);
    if (command === "run" && rest[0]?.startsWith("-") === false) return await run(rest, host);
    const { runProgram } = await import("#cli/program.js");
    return await runProgram(args, host);
  } catch (error) {
    return report(error, host).catch((failure) =>
      isBrokenPipe(failure) ? exitCodes.ok : exitCodes.unavailable,
    );
  }
}
