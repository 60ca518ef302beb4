import type { Profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";

/** `skillett integrations reload` */
export async function reloadIntegrations(options: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printJson(host, await client.reloadIntegrations({ signal }));
}
