import type { Command } from "commander";
import { addAddresses } from "#cli/account/addresses.js";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";

export function addAgents(program: Command, host: Host): void {
  const group = profiled(program.command("agents"))
    .summary("List the agents of your tenant; create one")
    .description("List the agents of your tenant. Skills are assigned to agents; keys are bound to them.")
    .addHelpText("after", examples("skillett agents", 'skillett agents create "triage agent"'))
    .action((options: Profiled) => agents(options, host));
  profiled(group.command("create"))
    .description("Create an agent.")
    .argument("<name>", "such as triage-agent")
    .option("--description <text>", "what it is for")
    .action((name: string, _: AgentOptions, command: Command) =>
      createAgent(name, command.optsWithGlobals<AgentOptions>(), host),
    );
  addAddresses(group, host);
}

/** `skillett agents` */
export async function agents(options: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("listAgentsWithKey", { signal })).body);
}

export interface AgentOptions extends Profiled {
  description?: string;
}

/** `skillett agents create <name>` */
export async function createAgent(name: string, options: AgentOptions, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  const body = { name, ...(options.description === undefined ? {} : { description: options.description }) };
  const { agent } = await client.createAgentWithKey({ body, signal });
  await printJson(host, { agent });
  host.stderr.write(`A key that is bound to it: skillett keys create ${agent.slug} --agent ${agent.slug}\n`);
}
