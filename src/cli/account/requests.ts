import { type Command, Option } from "commander";
import { examples, integer, type Profiled, profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody } from "#cli/terminal/output.js";
import type { Contract } from "#contract/contract.js";
import type { CallInput } from "#contract/io.js";

export function addRequests(program: Command, host: Host): void {
  const group = profiled(program.command("requests"))
    .summary("List what was asked of people; take a request back")
    .description("List the skills and integrations that your agent, or you, asked people for, newest first.")
    .addOption(
      new Option("--status <status>", "only such").choices([
        "pending",
        "approved",
        "rejected",
        "expired",
        "withdrawn",
      ]),
    )
    .option("--limit <n>", "how many, 1 to 200 (default: 50)", integer(1, 200))
    .addHelpText("after", examples("skillett requests --status pending", "skillett requests withdraw task_…"))
    .action((options: RequestsQuery & Profiled) => requests(options, host));
  profiled(group.command("withdraw"))
    .description("Take an open request back.")
    .argument("<id>", "id of the request, as `skillett requests` shows it")
    .action((id: string, _: Profiled, command: Command) =>
      withdrawRequest(id, command.optsWithGlobals<Profiled>(), host),
    );
}

export type RequestsQuery = NonNullable<CallInput<Contract["listRequestedTasks"]>["query"]>;

/** `skillett requests [--status --limit]` */
export async function requests(options: RequestsQuery & Profiled, host: Host): Promise<void> {
  const { profile, ...query } = options;
  const { client, signal } = openSession(host, profile);
  await printBody(host, (await client.stream("listRequestedTasks", { query, signal })).body);
}

/** `skillett requests withdraw <id>` */
export async function withdrawRequest(id: string, { profile }: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, profile);
  await printBody(host, (await client.stream("withdrawTask", { params: { id }, signal })).body);
}
