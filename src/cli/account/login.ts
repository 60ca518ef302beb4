import type { Command } from "commander";
import {
  type Grant,
  type Refusal,
  requestGrant,
  type Token,
  untilSettled,
} from "#cli/account/device-grant.js";
import { keepKey, type LoginTarget, loginTarget } from "#cli/account/login-target.js";
import { examples, type Profiled, profiled, scopeList } from "#cli/command-parts.js";
import { revokeOwnKey } from "#cli/server/own-key.js";
import type { Session } from "#cli/server/session.js";
import { checkServer } from "#cli/server/settings.js";
import { createNodeTransport } from "#cli/server/transport.js";
import { initAfterLogin } from "#cli/skill/init.js";
import { showPage, webPage } from "#cli/terminal/browser.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { printJson, printLine } from "#cli/terminal/output.js";
import { tell, tellFailure, warn } from "#cli/terminal/report.js";
import { readSecret, refuseOnCommandLine, type SecretRequest } from "#cli/terminal/secret-input.js";
import { quoted } from "#cli/terminal/shell-words.js";
import { type Client, createClient } from "#client/client.js";
import { ApiError, NetworkError } from "#client/errors.js";

export function addLogin(program: Command, host: Host, exit: (code: number) => void): void {
  profiled(program.command("login"))
    .summary("Log in to a server: it gives this machine a key")
    .description(
      "Log in to a server: a page opens, you check the code and approve, and this machine gets a key of its own. " +
        "It is kept in the config file, which only you can read.",
    )
    .option("--url <url>", "the server; else that of the profile, else the one of this machine")
    .option("--scopes <a,b>", "ask for a key that may do no more: github,gmail.list_*,slack:read")
    .option("--no-browser", "only print the code and the link")
    .option("--no-init", "do not install the pointer skill for the agents of this directory")
    .option("--json", "print the code as a line of JSON too, then the result: for agents")
    .option("--api-key [-]", "read a key from stdin instead; never write it on the command line")
    .addHelpText(
      "after",
      examples(
        "skillett login",
        "skillett login --url https://skills.example.com --profile work",
        "skillett login --json --no-browser",
        "skillett login --api-key - < key.txt",
      ),
    )
    .action(async (options: LoginOptions) => exit(await login(options, host)));
}

export interface LoginOptions extends Profiled {
  url?: string;
  /** `-` is stdin, `true` is the flag alone. Anything else is a SECRET in the wrong place. */
  apiKey?: string | boolean;
  /** Separated by commas. */
  scopes?: string;
  json?: boolean;
  /** False with `--no-browser`. */
  browser?: boolean;
  /** False with `--no-init`. */
  init?: boolean;
}

interface Attempt {
  target: LoginTarget;
  options: LoginOptions;
  host: Host;
}

type User = Token["user"];

/** For requests beside the login itself, once the key is there. */
const asideMs = 3000;

/** `skillett login`: gets a key by device authorization, or takes one from stdin, and keeps it. */
export async function login(options: LoginOptions, host: Host): Promise<number> {
  const secret = secretOf(options);
  refuseOnCommandLine(secret, host);
  if (options.apiKey !== undefined && options.scopes !== undefined)
    throw new UsageError("A key has its scopes already: leave out --scopes.");
  const scopes = scopeList(options.scopes, "github,gmail.list_*");
  const attempt = { target: loginTarget(host.env, options), options, host };
  try {
    return options.apiKey === undefined
      ? await byApproval(scopes, attempt)
      : await byKey(await readSecret(secret, host), attempt);
  } catch (error) {
    const line = options.json ? failureLine(error) : undefined;
    if (!line) throw error;
    await printLine(host, line);
    return tellFailure(error, host);
  }
}

function secretOf(options: LoginOptions): SecretRequest {
  const asking = `${commandOf(options)} --api-key`;
  const piping = `${asking} - < key.txt`;
  const value = options.apiKey;
  return { what: "API key", flag: "--api-key", value, question: "API key: ", asking, piping };
}

/** The same login as a command, without the way in which the key is given. */
function commandOf({ url, profile, scopes, browser, init }: LoginOptions): string {
  const flags = [
    ...(url === undefined ? [] : ["--url", url]),
    ...(profile === undefined ? [] : ["--profile", profile]),
    ...(scopes === undefined ? [] : ["--scopes", scopes]),
    ...(browser === false ? ["--no-browser"] : []),
    ...(init === false ? ["--no-init"] : []),
  ];
  return ["skillett login", ...flags.map(quoted)].join(" ");
}

async function byApproval(scopes: string[] | undefined, attempt: Attempt): Promise<number> {
  const { target, options, host } = attempt;
  const session = { client: clientOf(target, host), signal: host.interrupted() };
  const grant = await requestGrant(session, scopes);
  await showGrant(grant, session, attempt);
  const outcome = await untilSettled(grant, session, host);
  if ("error" in outcome) return tellRefused(outcome, options, host);
  return finish(outcome.access_token, { user: outcome.user, keyGiven: false }, attempt);
}

async function byKey(given: string, attempt: Attempt): Promise<number> {
  const { target, host } = attempt;
  const { apiKey } = checkServer({ url: target.url, apiKey: given, source: "stdin" });
  const { profile } = await clientOf(target, host, apiKey).whoami({ signal: host.interrupted() });
  const user = { email: profile.email, display_name: profile.display_name };
  return finish(apiKey, { user, keyGiven: true }, attempt);
}

/** Not the client of a session, which answers a refused key with the advice to log in. */
function clientOf({ url }: LoginTarget, { env }: Host, apiKey?: string): Client {
  return createClient({ url, apiKey, transport: createNodeTransport(env) });
}

async function showGrant(grant: Grant, { signal }: Session, { options, host }: Attempt): Promise<void> {
  const { user_code, verification_uri, verification_uri_complete, expires_in } = grant;
  const page = webPage(verification_uri_complete);
  if (options.json) {
    const status = "pending";
    await printLine(host, { status, user_code, verification_uri, verification_uri_complete, expires_in });
  }
  const line = "─".repeat(user_code.length + 4);
  const code = paint(host, "bold", user_code);
  host.stderr.write(`Your code is\n\n    ┌${line}┐\n    │  ${code}  │\n    └${line}┘\n\n`);
  const minutes = Math.max(1, Math.round(expires_in / 60));
  await showPage(page, {
    host,
    signal,
    browser: options.browser,
    invitation: "To let this device in, go to",
    waiting:
      "Check that the page shows this code, and approve. " +
      `Waiting (${minutes} minutes at most; Ctrl-C gives up) …`,
  });
}

async function tellRefused({ error, message }: Refusal, options: LoginOptions, host: Host): Promise<number> {
  await print(host, options, { status: "error", error, message });
  tell(host, message, [commandOf(options)]);
  return error === "expired_token" ? exitCodes.unavailable : exitCodes.refused;
}

function print(host: Host, { json }: LoginOptions, value: unknown): Promise<void> {
  return json ? printLine(host, value) : printJson(host, value);
}

async function finish(
  apiKey: string,
  { user, keyGiven }: { user: User; keyGiven: boolean },
  attempt: Attempt,
): Promise<number> {
  const { target, options, host } = attempt;
  const { url, profile } = target;
  const isDefault = await keepOrRevoke(apiKey, keyGiven, attempt);
  const name = user.email ?? user.display_name;
  host.stderr.write(
    `${paint(host, "green", "✓")} Logged in to ${url}${name === null ? "" : ` as ${name}`}.\n`,
  );
  await print(host, options, { status: "logged_in", url, profile, user });
  if (!options.profile && host.env.SKILLETT_API_KEY)
    warn(host, "SKILLETT_API_KEY is set, and commands use that one: unset it.");
  else if (!isDefault && host.env.SKILLETT_PROFILE !== profile)
    warn(host, `Commands use it with --profile ${profile}; always: skillett profiles use ${profile}`);
  await tellOfReplaced(target, apiKey, host);
  if (options.init !== false) await initAfterLogin({ client: clientOf(target, host, apiKey), url }, host);
  return exitCodes.ok;
}

/** A key that cannot be kept must not live on where nobody has it. */
async function keepOrRevoke(apiKey: string, keyGiven: boolean, { target, host }: Attempt): Promise<boolean> {
  try {
    return keepKey(target, apiKey, keyGiven);
  } catch (error) {
    const revoking = revokeOwnKey(clientOf(target, host, apiKey), AbortSignal.timeout(asideMs));
    if (!keyGiven) await revoking.catch(() => {});
    throw error;
  }
}

/** The key that was here before may be in use elsewhere: it is left alone, but not in silence. */
async function tellOfReplaced({ url, profile, replaced }: LoginTarget, apiKey: string, host: Host) {
  if (!replaced || replaced.apiKey === apiKey) return;
  try {
    const before = createClient({ url, apiKey: replaced.apiKey, transport: createNodeTransport(host.env) });
    const { api_key } = await before.whoami({ signal: AbortSignal.timeout(asideMs) });
    warn(
      host,
      `The key that was here before still works. If nothing else uses it: skillett keys revoke ${quoted(api_key.id)} --profile ${profile}`,
    );
  } catch {
    // Most often it has been revoked, and that is why somebody logs in.
  }
}

/** The line in place of a result, for a program that reads them; undefined when neither server nor network failed. */
function failureLine(error: unknown) {
  if (error instanceof ApiError)
    return { status: "error", error: error.body.error, message: error.body.message };
  if (error instanceof NetworkError) return { status: "error", error: "unreachable", message: error.message };
  return undefined;
}
