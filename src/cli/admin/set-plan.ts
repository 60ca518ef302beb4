import { Argument, type Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { plans } from "#core/plans.js";

export function addPlan(admin: Command, host: Host): void {
  profiled(admin.command("plan"))
    .summary("Put a person on a plan")
    .description("Put a person on a plan: it limits their calls, connections and keys.")
    .argument("<person>", "id or email")
    .addArgument(new Argument("<plan>").choices(Object.keys(plans)))
    .addHelpText("after", examples("skillett admin plan ada@example.com pro"))
    .action((person: string, name: string, options: Profiled) => setPlan(person, name, options, host));
}

/** `skillett admin plan <person> <plan>` */
export async function setPlan(person: string, plan: string, options: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printJson(host, await client.setPlan({ params: { profile: person }, body: { plan }, signal }));
}
