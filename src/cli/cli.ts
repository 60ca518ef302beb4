import { run } from "#cli/run/run.js";
import { exitCodes } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { isBrokenPipe } from "#cli/terminal/output.js";
import { report } from "#cli/terminal/report.js";
import { refuseBrokenArguments } from "#cli/terminal/text-input.js";

/** Carries out one command line; never throws. Gives the exit code. */
export async function runCli(args: string[], host: Host): Promise<number> {
  try {
    // Agents run `run` all day: it does not wait until all other commands are set up, which takes about 10 ms.
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
