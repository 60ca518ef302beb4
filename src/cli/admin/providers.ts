import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";
import { readSecret, refuseOnCommandLine } from "#cli/terminal/secret-input.js";
import { quoted } from "#cli/terminal/shell-words.js";

export function addProviders(admin: Command, host: Host): void {
  profiled(admin.command("providers"))
    .summary("List where people sign in, and whether that is set up")
    .description("List the providers people sign in at, and whether an OAuth client is set up for each.")
    .action((options: Profiled) => providers(options, host));

  profiled(admin.command("provider"))
    .summary("Set up the OAuth client of a provider")
    .description(
      "Set up the OAuth client people sign in with. The secret is asked for without showing it, or read from stdin.",
    )
    .argument("<name>", "such as google")
    .option("--client-id <id>", "id of the OAuth client, as the provider has given it")
    .option("--client-secret [-]", "read the secret from stdin; never write it on the command line")
    .option("--remove", "forget the OAuth client that was set here")
    .addHelpText(
      "after",
      examples(
        "skillett admin provider github --client-id Iv1.8a61f9b3",
        "skillett admin provider github --client-id Iv1.8a61f9b3 --client-secret - < secret.txt",
        "skillett admin provider github --remove",
      ),
    )
    .action((name: string, options: ProviderOptions) => provider(name, options, host));
}

/** `skillett admin providers` */
export async function providers(options: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("listProviders", { signal })).body);
}

export interface ProviderOptions extends Profiled {
  clientId?: string;
  /** `-` is stdin, `true` is the flag alone. Anything else is a SECRET in the wrong place. */
  clientSecret?: string | boolean;
  remove?: boolean;
}

/** `skillett admin provider <name>`: sets its OAuth client, or forgets it. */
export async function provider(name: string, options: ProviderOptions, host: Host): Promise<void> {
  const { clientId, clientSecret, remove } = options;
  const asking = `skillett admin provider ${quoted(name)} --client-id ${clientId === undefined ? "<id>" : quoted(clientId)}`;
  const secret = {
    what: "client secret",
    flag: "--client-secret",
    value: clientSecret,
    question: `Client secret for ${name}: `,
    asking,
    piping: `${asking} --client-secret - < secret.txt`,
  };
  refuseOnCommandLine(secret, host);
  const sets = clientId !== undefined || clientSecret !== undefined;
  if (remove && sets)
    throw new UsageError("--remove forgets the OAuth client: leave out --client-id and --client-secret.");
  if (!remove && clientId === undefined)
    throw new UsageError("Give the --client-id of the OAuth client, or --remove.", [
      "skillett admin providers",
    ]);
  const { client, signal } = openSession(host, options.profile);
  const params = { provider: name };
  if (clientId === undefined) return printJson(host, await client.removeProvider({ params, signal }));
  const body = { client_id: clientId, client_secret: await readSecret(secret, host) };
  await printJson(host, await client.setProvider({ params, body, signal }));
}
