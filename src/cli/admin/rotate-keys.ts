import type { Command } from "commander";
import { type Profiled, profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import { exitCodes } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { createProgress } from "#cli/terminal/progress.js";
import { tell, warn } from "#cli/terminal/report.js";
import type { Client } from "#client/client.js";

export function addRotateKeys(admin: Command, host: Host, exit: (code: number) => void): void {
  profiled(admin.command("rotate-keys"))
    .summary("Seal all secrets anew with a new data key")
    .description(
      "Make a new data key and seal all secrets anew with it while the server runs. Stop it when you like: " +
        "running it again resumes.",
    )
    .action(async (options: Profiled) => exit(await rotateKeys(options, host)));
}

const again = ["skillett admin rotate-keys"];

/** `skillett admin rotate-keys`: step by step, so that it can be stopped and resumed at any time. */
export async function rotateKeys(options: { profile?: string }, host: Host): Promise<number> {
  const { client, signal } = openSession(host, options.profile);
  const progress = createProgress(host);
  let resealed = 0;
  try {
    for await (const { rotation, remaining, broken, ...step } of steps(client)) {
      resealed += step.resealed;
      progress.show(`${resealed} secrets sealed anew, ${remaining} to go`);
      if (remaining === 0) {
        progress.clear();
        if (broken) warn(host, `Secrets that could not be opened, and stay as they are: ${broken}.`);
        await printJson(host, { status: "rotated", rotation, resealed });
        return exitCodes.ok;
      }
      if (signal.aborted) break;
    }
  } finally {
    progress.clear();
  }
  const how = signal.aborted ? "Stopped" : "The server does not get any further";
  tell(host, `${how}: ${resealed} secrets are sealed anew. Running it again resumes.`, again);
  return signal.aborted ? exitCodes.interrupted : exitCodes.unavailable;
}

type Step = Awaited<ReturnType<Client["rotateKeys"]>> & {
  /** Secrets that do not open any more. */
  broken?: number;
};

/** Ctrl-C waits for the step under way. Ends when a step changes nothing. */
async function* steps(client: Client): AsyncGenerator<Step> {
  let rotation: string | undefined;
  let before = Number.POSITIVE_INFINITY;
  for (;;) {
    const step: Step = await client.rotateKeys({ body: { rotation } });
    yield step;
    if (step.resealed === 0 && step.remaining >= before) return;
    rotation = step.rotation;
    before = step.remaining;
  }
}
