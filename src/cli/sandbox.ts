import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";

export function addSandbox(program: Command, host: Host): void {
  const group = program
    .command("sandbox")
    .summary("Put the sandbox back to what it begins with")
    .description(
      "The sandbox is an integration with issues, mail, a calendar and chat that needs no account: " +
        "`skillett skills sandbox` shows its endpoints, `skillett run sandbox …` calls them.",
    )
    .addHelpText("after", examples("skillett run sandbox list_issues", "skillett sandbox reset"));
  profiled(group.command("reset"))
    .description("Put the sandbox of your tenant back to what it begins with, for everybody in it.")
    .action((_: Profiled, command: Command) => resetSandbox(command.optsWithGlobals<Profiled>(), host));
}

/** `skillett sandbox reset` */
export async function resetSandbox({ profile }: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, profile);
  await client.resetSandbox({ signal });
  await printJson(host, { status: "reset" });
}
