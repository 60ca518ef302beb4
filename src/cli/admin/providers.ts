import type { Profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";
import { readSecret, refuseOnCommandLine } from "#cli/terminal/secret-input.js";
import { quoted } from "#cli/terminal/shell-words.js";

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
