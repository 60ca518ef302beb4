import { UsageError } from "#cli/failure.js";
import type { Host } from "#cli/host.js";
import { printBody, printJson } from "#cli/output.js";
import { openSession, type Session } from "#cli/session.js";
import type { CallInput } from "#client/client.js";
import type { Contract } from "#contract/contract.js";
import { SkillettError } from "#core/errors.js";

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

/** `skillett connections` */
export async function connections(options: { profile?: string }, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("listConnections", { signal })).body);
}

/** `skillett disconnect <connection-id | integration>` */
export async function disconnect(name: string, options: { profile?: string }, host: Host): Promise<void> {
  const session = openSession(host, options.profile);
  const connectionId = name.startsWith("conn_") ? name : await onlyConnection(session, name);
  await printJson(
    host,
    await session.client.disconnect({ params: { connectionId }, signal: session.signal }),
  );
}

/** The slug of an integration stands for its connection when there is exactly one. */
async function onlyConnection({ client, signal }: Session, integration: string): Promise<string> {
  const all = (await client.listConnections({ signal })).connections;
  const [first, ...others] = all.filter((connection) => connection.integration === integration);
  if (!first) {
    throw new SkillettError("not_found", {
      message: `No account of "${integration}" is connected.`,
      next: ["skillett connections"],
    });
  }
  if (others.length === 0) return first.id;
  const commands = [first, ...others].map(({ id, account }) => `skillett disconnect ${id}  # ${account}`);
  throw new UsageError(`Several accounts of ${integration} are connected: say which one.`, commands);
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
