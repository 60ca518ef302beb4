import { statSync } from "node:fs";
import type { Command } from "commander";
import { keyWarnings } from "#cli/account/key-warnings.js";
import { type Profiled, profiled } from "#cli/command-parts.js";
import { configFile, readConfig } from "#cli/server/config-file.js";
import { proxyFor } from "#cli/server/proxy.js";
import { connectTo } from "#cli/server/session.js";
import { loadSettings } from "#cli/server/settings.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import type { Client } from "#client/client.js";
import { ApiError, NetworkError } from "#client/errors.js";

export function addDoctor(program: Command, host: Host, exit: (code: number) => void): void {
  profiled(program.command("doctor"))
    .description("Check settings, server, key and connections, and say what to do.")
    .action(async (options: Profiled) => exit(await doctor(options, host)));
}

export interface Check {
  name: string;
  ok: boolean;
  /** Nothing fails by it, but a person should look at it. */
  warning?: true;
  message: string;
  /** Command that puts it right, or is the natural one to run now. */
  next?: string;
}

const patienceMs = 10_000;

/** `skillett doctor`: checks one thing after the other and stops where the next could not succeed. */
export async function doctor(options: { profile?: string }, host: Host): Promise<number> {
  const checks: Check[] = [];
  let code: number = exitCodes.ok;
  try {
    await examine(options.profile, host, (check) => {
      checks.push(check);
      tellCheck(check, host);
    });
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    code = error.exit;
  }
  const ok = checks.every((check) => check.ok);
  await printJson(host, { ok, checks });
  return ok || code !== exitCodes.ok ? code : exitCodes.refused;
}

type Note = (check: Check) => void;

/** The check just noted makes the later ones pointless. */
class Failed extends Error {
  readonly exit: number;

  constructor(exit: number) {
    super();
    this.exit = exit;
  }
}

async function examine(profile: string | undefined, host: Host, note: Note): Promise<void> {
  const settings = await attempt("settings", note, () => {
    const value = loadSettings(host.env, profile);
    return { value, message: `Using ${value.url}, from ${value.source}.` };
  });
  note(fileCheck(configFile(host.env), host));
  const proxy = proxyFor(new URL(settings.url), host.env);
  if (proxy) note({ name: "proxy", ok: true, message: `Requests go through the proxy ${proxy.host}.` });
  const client = connectTo(settings, patienceMs);
  const signal = host.interrupted();
  await attempt("server", note, async () => {
    const { version } = await client.health({ signal });
    return { value: version, message: `${settings.url} answers; it runs Skillett ${version}.` };
  });
  let fullness: Check | undefined;
  await attempt("key", note, async () => {
    const me = await client.whoami({ signal });
    const usage = await client.getUsage({ signal });
    fullness = storageCheck(usage);
    return { value: me, message: loginMessage(me, usage.today.calls) };
  });
  for (const warning of keyWarnings(await listKeys(client, signal), Date.now()))
    note({ name: "keys", ok: true, warning: true, ...warning });
  if (fullness) note(fullness);
  const connections = await attempt(
    "connections",
    () => {},
    async () => ({
      value: (await client.listConnections({ signal })).connections,
      message: "",
    }),
  );
  for (const check of connectionChecks(connections)) note(check);
}

/** No keys when they cannot be listed: the checks of server and key have reported why. */
async function listKeys(client: Client, signal: AbortSignal) {
  try {
    return await client.listApiKeys({ query: {}, signal });
  } catch (error) {
    if (error instanceof ApiError || error instanceof NetworkError) return [];
    throw error;
  }
}

type Me = Awaited<ReturnType<Client["whoami"]>>;

function loginMessage({ profile, tenant, api_key }: Me, calls: number): string {
  const who = profile.email ?? profile.display_name ?? "somebody who has not said their name";
  const ends = api_key.expires_at === null ? "" : `, which ends ${api_key.expires_at}`;
  return (
    `Logged in as ${who} (${tenant.role} of ${tenant.name}) with the key "${api_key.name}"${ends}; ` +
    `plan ${profile.plan}, ${calls} calls today.`
  );
}

/** A warning from four fifths on: then there is still time to make room. */
function storageCheck({ limits, storage }: Awaited<ReturnType<Client["getUsage"]>>): Check | undefined {
  const { storage_bytes: limit } = limits;
  if (!limit || storage.bytes < limit * 0.8) return undefined;
  const share = Math.round((storage.bytes / limit) * 100);
  const message = `Skills and listings of the tenant take ${share} % of what its plan stores (${limit} bytes). Remove sources of listings, or choose a larger plan.`;
  return { name: "storage", ok: storage.bytes < limit, message };
}

/** The file holds keys: others must not be able to read it. */
function fileCheck(file: string, { env }: Host): Check {
  const name = "config_file";
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats)
    return { name, ok: true, message: `There is no config file ${file}; the environment is enough.` };
  if (!env.SKILLETT_URL || !env.SKILLETT_API_KEY) readConfig(file);
  if (process.platform === "win32" || (stats.mode & 0o077) === 0)
    return { name, ok: true, message: `Only you can read ${file}.` };
  const mode = (stats.mode & 0o777).toString(8).padStart(4, "0");
  return {
    name,
    ok: false,
    message: `${file} holds keys, but others may read it (mode ${mode}).`,
    next: `chmod 600 ${file}`,
  };
}

async function attempt<T>(
  name: string,
  note: Note,
  check: () => Promise<{ value: T; message: string }> | { value: T; message: string },
): Promise<T> {
  try {
    const { value, message } = await check();
    note({ name, ok: true, message });
    return value;
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    note({ name, ok: false, message: failure.message, ...(failure.next ? { next: failure.next } : {}) });
    throw new Failed(failure.exit);
  }
}

function failureOf(error: unknown): { message: string; next?: string | undefined; exit: number } | undefined {
  if (error instanceof UsageError)
    return { message: error.message, next: error.next[0], exit: exitCodes.refused };
  if (error instanceof NetworkError) {
    const next = error.code === "ECONNREFUSED" ? "skillett up" : undefined;
    return { message: error.message, next, exit: exitCodes.unavailable };
  }
  if (error instanceof ApiError) {
    const fix = error.body.action_url ? ` Fix: ${error.body.action_url}` : "";
    const exit = error.status >= 500 ? exitCodes.unavailable : exitCodes.refused;
    return { message: error.body.message + fix, next: error.body.next?.[0], exit };
  }
  return undefined;
}

type Connection = Awaited<ReturnType<Client["listConnections"]>>["connections"][number];

function connectionChecks(connections: Connection[]): Check[] {
  const name = "connections";
  if (connections.length === 0) {
    return [{ name, ok: true, message: "No account is connected yet.", next: "skillett connect github" }];
  }
  return connections.flatMap((connection) => {
    const { integration, account, status } = connection;
    const ok = status === "connected";
    const message = `${integration}: ${account} is ${status}.`;
    const check = ok ? { name, ok, message } : { name, ok, message, next: `skillett connect ${integration}` };
    return [check, ...endCheck(connection)];
  });
}

/** A credential that works today, and of which the service has said when it ends. */
function endCheck({ integration, account, ends }: Connection): Check[] {
  if (!ends) return [];
  const [next] = ends.next;
  const message = `${integration}: ${account}: ${ends.message}`;
  return [{ name: "connections", ok: true, warning: true, message, ...(next !== undefined && { next }) }];
}

function tellCheck({ ok, warning, message, next }: Check, host: Host): void {
  const passed = warning ? paint(host, "yellow", "!") : paint(host, "green", "✓");
  const mark = ok ? passed : paint(host, "red", "✗");
  const step = next ? `  Next: ${paint(host, "cyan", next)}\n` : "";
  host.stderr.write(`${mark} ${message}\n${step}`);
}
