import type { Profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";

/** `skillett admin plan <person> <plan>` */
export async function setPlan(person: string, plan: string, options: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printJson(host, await client.setPlan({ params: { profile: person }, body: { plan }, signal }));
}
