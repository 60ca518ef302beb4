import type { Command } from "commander";
import { collect, examples, profiled, scopeList } from "#cli/command-parts.js";
import {
  askForFields,
  type CredentialOptions,
  type Credentials,
  type Entered,
  fieldsAskedFor,
  readCredentials,
  readSettings,
} from "#cli/connect/credential-input.js";
import { signIn } from "#cli/connect/sign-in.js";
import { openSession } from "#cli/server/session.js";
import { exitCodes } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { quoted } from "#cli/terminal/shell-words.js";
import { ApiError } from "#client/errors.js";

export function addConnect(program: Command, host: Host, exit: (code: number) => void): void {
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
    .option("--setting <name=value>", "where the account is reached; once for each", collect)
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
}

export interface ConnectOptions extends CredentialOptions {
  /** Separated by commas. */
  scopes?: string;
  connection?: string;
  /** `subdomain=acme`. */
  setting?: string[];
  shared?: boolean;
  /** False with `--no-browser`. */
  browser?: boolean;
  profile?: string;
}

/** `skillett connect <integration>`: with a credential where one is given, else by signing in at the service. */
export async function connect(integration: string, options: ConnectOptions, host: Host): Promise<number> {
  const scopes = scopeList(options.scopes, "repo,gist");
  const settings = readSettings(options.setting);
  const given = await readCredentials(integration, options, host);
  const session = openSession(host, options.profile);
  const begin = (credentials?: Credentials, entered: Record<string, string> = {}) =>
    session.client.connect({
      body: {
        integration,
        credentials,
        scopes,
        connection: options.connection,
        ...settingsOf({ ...settings, ...entered }),
        shared: options.shared,
      },
      signal: session.signal,
    });
  const reply = await begin(given).catch(async (error) => {
    if (given || scopes || !(error instanceof ApiError)) throw error;
    const entered = await askInstead(error, integration, host);
    return begin(entered.credentials, entered.settings);
  });
  const { connection_id, oauth_url, account, ends, hint } = reply;
  if (oauth_url !== undefined) {
    const attempt = { integration, attemptId: connection_id, url: oauth_url };
    return signIn(attempt, {
      session,
      host,
      again: commandOf(integration, options),
      browser: options.browser,
    });
  }
  if (ends) host.stderr.write(`${ends.message}\n${ends.next.map((step) => `Next: ${step}\n`).join("")}`);
  if (hint) host.stderr.write(`${hint.message}\n`);
  const remarks = { ...(ends && { ends }), ...(hint && { hint }) };
  await printJson(host, { status: "connected", integration, connection_id, account, ...remarks });
  return exitCodes.ok;
}

const settingsOf = (settings: Record<string, string>) =>
  Object.keys(settings).length > 0 ? { settings } : {};

/** Where signing in is not possible, or settings are missing, the refusal names what to enter: the person is asked for it. */
async function askInstead(refusal: ApiError, integration: string, host: Host): Promise<Entered> {
  const fields = fieldsAskedFor(refusal.body);
  if (fields.length === 0 || !host.stdin().isTTY) throw refusal;
  const { message } = refusal.body;
  if (!/^(credentials|settings)\./.test(message)) host.stderr.write(`${message}\n`);
  return askForFields(fields, integration, host);
}

/** The same connect as a command, to be run again. */
function commandOf(integration: string, options: ConnectOptions): string {
  const flags = [
    ...(options.scopes ? ["--scopes", options.scopes] : []),
    ...(options.setting ?? []).flatMap((setting) => ["--setting", setting]),
    ...(options.connection ? ["--connection", options.connection] : []),
    ...(options.shared ? ["--shared"] : []),
    ...(options.browser === false ? ["--no-browser"] : []),
    ...(options.profile ? ["--profile", options.profile] : []),
  ];
  return ["skillett connect", integration, ...flags.map(quoted)].join(" ");
}
