import type { Profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody } from "#cli/terminal/output.js";
import type { Contract } from "#contract/contract.js";
import type { CallInput } from "#contract/io.js";

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
