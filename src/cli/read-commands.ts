import { openSession } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody } from "#cli/terminal/output.js";
import type { Contract } from "#contract/contract.js";
import type { CallInput } from "#contract/io.js";

/** `skillett skills [integration [endpoint]] [-q words]` */
export async function skills(
  integration: string | undefined,
  endpoint: string | undefined,
  options: { query?: string; profile?: string },
  host: Host,
): Promise<void> {
  if (integration && options.query !== undefined)
    throw new UsageError("-q searches all integrations: leave out the name.");
  const { client, signal } = openSession(host, options.profile);
  const reply = !integration
    ? await client.stream("listIntegrations", {
        query: options.query === undefined ? {} : { q: options.query },
        signal,
      })
    : !endpoint
      ? await client.stream("getIntegration", { params: { integration }, signal })
      : await client.stream("getEndpoint", { params: { integration, endpoint }, signal });
  await printBody(host, reply.body);
}

/** `skillett whoami` */
export async function whoami(options: { profile?: string }, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("whoami", { signal })).body);
}

/** `skillett usage` */
export async function usage(options: { profile?: string }, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("getUsage", { signal })).body);
}

export type CallsQuery = NonNullable<CallInput<Contract["listCalls"]>["query"]>;

/** `skillett calls [--limit --cursor --integration --endpoint --status]` */
export async function calls(options: CallsQuery & { profile?: string }, host: Host): Promise<void> {
  const { profile, ...query } = options;
  const { client, signal } = openSession(host, profile);
  await printBody(host, (await client.stream("listCalls", { query, signal })).body);
}
