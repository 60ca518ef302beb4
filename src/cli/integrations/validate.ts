import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { send } from "#cli/integrations/import.js";
import { problemLines } from "#cli/integrations/import-summary.js";
import { readSource } from "#cli/integrations/read-source.js";
import { openSession } from "#cli/server/session.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";

interface ValidateOptions extends Profiled {
  slug?: string;
  overlay?: boolean;
}

export function addValidate(group: Command, host: Host, exit: (code: number) => void): void {
  profiled(group.command("validate"))
    .description("Check the folder of an integration, and tell all that is wrong with it. Nothing is stored.")
    .argument("[folder]", "the integration's folder (this one)")
    .option("--slug <name>", "name of the integration (that of the folder)")
    .option("--overlay", "the folder refines what was imported before")
    .addHelpText("after", examples("skillett integrations validate ./acme"))
    .action(async (folder: string | undefined, options: ValidateOptions) =>
      exit(await validateFolder(folder ?? ".", options, host)),
    );
}

/** `skillett integrations validate [folder]` */
export async function validateFolder(folder: string, options: ValidateOptions, host: Host): Promise<number> {
  const source = await readSource(folder, host);
  if (source.kind !== "folder")
    throw new UsageError(
      `${folder} is a file. To try a description: skillett integrations import --dry-run.`,
    );
  const session = openSession(host, options.profile);
  const reply = await send(source, { ...options, dryRun: true }, session, host);
  await printJson(host, { valid: reply.problems.length === 0, ...reply });
  for (const line of problemLines(reply)) host.stderr.write(`${paint(host, "red", "✗")} ${line}\n`);
  return reply.problems.length === 0 ? exitCodes.ok : exitCodes.refused;
}
