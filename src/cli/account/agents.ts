import type { Profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";

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
