import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { setGlobalDispatcher } from "undici";
import { configFile, readConfig as readCliConfig, saveProfile } from "#cli/server/config-file.js";
import { StartupError } from "#core/startup-error.js";
import { version } from "#core/version.js";
import type { FirstStart } from "#identity/owner.js";
import { type Config, type Flags, readConfig } from "#main/config.js";
import { type App, wire } from "#main/wire.js";

type Env = Record<string, string | undefined>;

/** `skillett up`: serves until SIGTERM or Ctrl-C. Throws `StartupError` when it cannot start. */
export async function up(flags: Flags, env: Env): Promise<void> {
  const config = readConfig(flags, env, builtInIntegrations());
  // A broken file is found before a key is made that could not be kept.
  readCliConfig(configFile(env));
  let listening = config.publicUrl ?? "";
  const app = await wire(config, { publicUrl: () => listening });
  setGlobalDispatcher(app.signInDispatcher);
  try {
    const address = await listen(app, config);
    listening ||= address;
    const first = await app.database.exclusively(() => app.ownership.prepare());
    const savedTo = first.apiKey ? saveKey(env, address, first.apiKey) : undefined;
    app.startBackgroundWork();
    announce(config, listening, first, savedTo);
  } catch (error) {
    await app.close();
    throw error;
  }
  // A terminal that is closed ends the server, as before; the signal is for servers that have none.
  if (!process.stdin.isTTY) process.on("SIGHUP", () => void app.reload());
  await stopSignal();
  process.stderr.write("Stopping: calls in flight may finish …\n");
  await app.close();
}

/** The folder that ships with the program: beside `dist/` when built, beside `src/` otherwise. */
function builtInIntegrations(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const candidates = ["../integrations", "../../integrations"].map((relative) => path.join(here, relative));
  // Beside this file in `src` there is a folder of code of that name.
  return candidates.find((candidate) => existsSync(path.join(candidate, "providers"))) ?? candidates[0]!;
}

async function listen({ server }: App, { host, port }: Config): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw new StartupError(whyNotListening(error as NodeJS.ErrnoException, host, port), { cause: error });
  }
  const [address] = server.addresses();
  const everywhere = host === "0.0.0.0" || host === "::";
  const shown = everywhere ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${shown}:${(address as AddressInfo).port}`;
}

function whyNotListening({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === "EADDRINUSE")
    return `Port ${port} on ${host} is taken. Choose another with --port, or stop what listens there.`;
  if (code === "EACCES")
    return `This user may not listen on port ${port}. Choose one above 1023 with --port.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `${host} is no address of this machine. Choose another with --host.`;
  return `Cannot listen on ${host}:${port}: ${message}.`;
}

/** Puts the first key where the CLI of this user finds it; another server's key is not overwritten. */
function saveKey(env: Env, url: string, apiKey: string): Saved {
  const file = configFile(env);
  const { profiles, defaultProfile } = readCliConfig(file);
  const taken = profiles.default && profiles.default.url !== url;
  const profile = taken ? "local" : "default";
  saveProfile(file, profile, { url, apiKey });
  return { file, profile, isDefault: profile === defaultProfile };
}

interface Saved {
  file: string;
  profile: string;
  /** It is the default profile of the CLI. */
  isDefault: boolean;
}

/** Words on stderr for people, one JSON line on stdout for programs. Holds the claim link: SECRET. */
function announce(
  { databaseUrl, dataDir }: Config,
  url: string,
  { claimToken }: FirstStart,
  saved: Saved | undefined,
): void {
  const claimUrl = claimToken ? `${url}/claim?token=${claimToken}` : undefined;
  const flag = saved && !saved.isDefault ? ` --profile ${saved.profile}` : "";
  const lines = [`Skillett ${version} listens on ${url}`, `  data   ${databaseUrl ? "PostgreSQL" : dataDir}`];
  if (saved)
    lines.push(`  key    saved for the CLI in ${saved.file}${flag ? ` (profile ${saved.profile})` : ""}`);
  if (claimUrl) lines.push(`  claim  ${claimUrl}`, "         open it once to put your name on this instance");
  const next = ["skillett run sandbox list_issues", "skillett connect github"];
  if (saved) lines.push("", "Next, in another terminal:", ...next.map((command) => `  ${command}${flag}`));
  process.stderr.write(`${lines.join("\n")}\n`);
  if (process.stdout.isTTY) return;
  process.stdout.write(`${JSON.stringify({ status: "ready", url, version, claim_url: claimUrl })}\n`);
}

/** Resolves at the first SIGTERM or Ctrl-C; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
}
