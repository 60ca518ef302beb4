import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { type ConnectOptions, connect } from "#cli/connect/connect.js";
import { changeConnection, connections, disconnect } from "#cli/connect/connections.js";
import type { Host } from "#cli/terminal/host.js";

const connectionWords = "connection id, account, or the integration when it has one account";

/** `connect`, `connections`, `disconnect` */
export function addConnecting(program: Command, host: Host, exit: (code: number) => void): void {
  profiled(program.command("connect"))
    .summary("Connect an account of an integration")
    .description(
      "Connect an account: your browser opens, you sign in at the service, and the account is connected. " +
        "With --token or --credentials nobody has to sign in.",
    )
    .argument("<integration>", "such as github")
    .option("--token [-]", "read a token from stdin; never write it on the command line")
    .option("--credentials [-]", "read a JSON object from stdin, where several fields are asked for")
    .option("--scopes <a,b>", "ask the service for exactly these scopes")
    .option("--connection <connection>", "renew this connection: id or account")
    .option("--shared", "let everybody of your tenant call with it")
    .option("--no-browser", "only print the link to sign in at")
    .addHelpText(
      "after",
      examples(
        "skillett connect github",
        "skillett connect github --scopes repo,gist",
        "skillett connect github --token - < token.txt",
      ),
    )
    .action(async (integration: string, options: ConnectOptions) =>
      exit(await connect(integration, options, host)),
    );

  addConnections(program, host);

  profiled(program.command("disconnect"))
    .summary("Disconnect an account")
    .description("Disconnect an account: its credential is revoked at the service, and erased.")
    .argument("<connection>", connectionWords)
    .addHelpText("after", examples("skillett disconnect github", "skillett disconnect ada@example.com"))
    .action((name: string, options: Profiled) => disconnect(name, options, host));
}

function addConnections(program: Command, host: Host): void {
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
