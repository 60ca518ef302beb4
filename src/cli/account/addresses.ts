import type { Profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";
import { warn } from "#cli/terminal/report.js";

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
