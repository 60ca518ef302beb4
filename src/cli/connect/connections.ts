import type { Profiled } from "#cli/command-parts.js";
import { openSession, type Session } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";
import { warn } from "#cli/terminal/report.js";
import { SkillettError } from "#core/errors.js";

/** `skillett connections` */
export async function connections(options: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("listConnections", { signal })).body);
}

/** What `skillett connections <verb> <connection>` changes. */
export const connectionChanges = {
  default: { default: true },
  share: { shared: true },
  unshare: { shared: false },
} as const;

/** `skillett connections default|share|unshare <connection>` */
export async function changeConnection(
  verb: keyof typeof connectionChanges,
  name: string,
  options: Profiled,
  host: Host,
): Promise<void> {
  const session = openSession(host, options.profile);
  const connectionId = await connectionIdOf(name, session, `skillett connections ${verb}`);
  const { client, signal } = session;
  await printJson(
    host,
    await client.updateConnection({ params: { connectionId }, body: connectionChanges[verb], signal }),
  );
}

/** `skillett disconnect <connection>` */
export async function disconnect(name: string, options: Profiled, host: Host): Promise<void> {
  const session = openSession(host, options.profile);
  const connectionId = await connectionIdOf(name, session, "skillett disconnect");
  const { client, signal } = session;
  const reply = await client.disconnect({ params: { connectionId }, signal });
  await printJson(host, reply);
  if (!reply.revoked && reply.message) warn(host, reply.message);
}

/** The id of a connection, or the one connection with this account name or of this integration. */
async function connectionIdOf(name: string, { client, signal }: Session, command: string): Promise<string> {
  if (name.startsWith("conn_")) return name;
  const all = (await client.listConnections({ signal })).connections;
  const named = all.filter(({ integration, account }) => integration === name || account === name);
  const [first, ...others] = named;
  if (!first) {
    throw new SkillettError("not_found", {
      message: `No account "${name}" is connected, nor one of an integration of this name.`,
      next: ["skillett connections"],
    });
  }
  if (others.length === 0) return first.id;
  const commands = named.map(
    ({ id, integration, account }) => `${command} ${id}  # ${integration}: ${account}`,
  );
  throw new UsageError(`"${name}" stands for several accounts: say which one.`, commands);
}
