import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { openSession, type Session } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";
import { warn } from "#cli/terminal/report.js";
import { SkillettError } from "#core/errors.js";

const connectionWords = "connection id, account, or the integration when it has one account";

export function addConnections(program: Command, host: Host): void {
  const group = profiled(program.command("connections"))
    .summary("List the connected accounts; choose the default, share one")
    .description("List the connected accounts.")
    .addHelpText("after", examples("skillett connections", "skillett connections default ada@example.com"))
    .action((options: Profiled) => connections(options, host));

  const add = (verb: Parameters<typeof changeConnection>[0], description: string) =>
    profiled(group.command(verb))
      .description(description)
      .argument("<connection>", connectionWords)
      .action((name: string, _: Profiled, command: Command) =>
        changeConnection(verb, name, command.optsWithGlobals<Profiled>(), host),
      );
  add("default", "Use this account when a call names none.");
  add("share", "Let everybody of your tenant call with this account.");
  add("unshare", "Keep a shared account to its owner again.");
}

export function addDisconnect(program: Command, host: Host): void {
  profiled(program.command("disconnect"))
    .summary("Disconnect an account")
    .description("Disconnect an account: its credential is revoked at the service, and erased.")
    .argument("<connection>", connectionWords)
    .addHelpText("after", examples("skillett disconnect github", "skillett disconnect ada@example.com"))
    .action((name: string, options: Profiled) => disconnect(name, options, host));
}

/** `skillett connections` */
export async function connections(options: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("listConnections", { signal })).body);
}

/** The change that each `skillett connections <verb> <connection>` makes. */
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
