import type { Command } from "commander";
import { examples, expiry, type Profiled, profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";
import { warn } from "#cli/terminal/report.js";

export function addAddresses(agents: Command, host: Host): void {
  const group = agents
    .command("addresses")
    .summary("Addresses by which installers read an agent's skills")
    .description(
      "Programs that install skills, such as `npx skills add`, send no key. An address has a secret in its path: " +
        "whoever has it reads the skills of one agent, until it ends or is revoked.",
    )
    .addHelpText(
      "after",
      examples(
        "skillett agents addresses create triage-agent --name laptop --expires 30d",
        "skillett agents addresses list triage-agent",
        "skillett agents addresses revoke triage-agent addr_…",
      ),
    );
  profiled(group.command("list"))
    .description("List the addresses of an agent, without their secrets.")
    .argument("<agent>", "agent, such as triage-agent")
    .action((agent: string, _: Profiled, command: Command) =>
      addresses(agent, command.optsWithGlobals<Profiled>(), host),
    );
  profiled(group.command("create"))
    .description("Make an address. It is shown this one time.")
    .argument("<agent>", "agent, such as triage-agent")
    .option("--name <name>", "who or what it is for (installer)")
    .option("--expires <when>", "30d, 12w, 1y, or a time such as 2027-01-31 (90d)", expiry(Date.now()))
    .action((agent: string, _: AddressOptions, command: Command) =>
      createAddress(agent, command.optsWithGlobals<AddressOptions>(), host),
    );
  profiled(group.command("revoke"))
    .description("Revoke an address: it stops at once.")
    .argument("<agent>", "agent, such as triage-agent")
    .argument("<id>", "id of the address, as `list` shows it")
    .action((agent: string, id: string, _: Profiled, command: Command) =>
      revokeAddress(agent, id, command.optsWithGlobals<Profiled>(), host),
    );
}

/** `skillett agents addresses list <agent>` */
export async function addresses(agent: string, options: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("listSkillAddresses", { params: { agent }, signal })).body);
}

export interface AddressOptions extends Profiled {
  name?: string;
  /** ISO 8601. */
  expires?: string;
}

/** `skillett agents addresses create <agent>` */
export async function createAddress(agent: string, options: AddressOptions, host: Host): Promise<void> {
  const { name = "installer", expires } = options;
  const { client, signal } = openSession(host, options.profile);
  const body = { name, ...(expires === undefined ? {} : { expires_at: expires }) };
  const made = await client.createSkillAddress({ params: { agent }, body, signal });
  await printJson(host, made);
  warn(
    host,
    `url is shown this one time. Whoever has it reads the skills of ${agent}: keep it like a password.`,
  );
  host.stderr.write(`Install the skills with it: npx skills add <url>\n`);
}

/** `skillett agents addresses revoke <agent> <id>` */
export async function revokeAddress(agent: string, id: string, options: Profiled, host: Host): Promise<void> {
  // A whole address would go into the path of our request, and into the logs of proxies.
  if (id.includes("/") || id.startsWith("sa_"))
    throw new UsageError("That is an address: its id (addr_…) is wanted.", [
      `skillett agents addresses list ${agent}`,
    ]);
  const { client, signal } = openSession(host, options.profile);
  await printJson(host, await client.revokeSkillAddress({ params: { agent, id }, signal }));
}
