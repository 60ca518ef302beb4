import type { Command } from "commander";
import { examples } from "#cli/command-parts.js";
import { configFile, readConfig, removeProfile, setDefaultProfile } from "#cli/server/config-file.js";
import { shownPrefix } from "#cli/server/own-key.js";
import { pickProfile } from "#cli/server/settings.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { warn } from "#cli/terminal/report.js";

export function addProfiles(program: Command, host: Host): void {
  const group = program
    .command("profiles")
    .summary("List the servers you are logged in to; choose the default")
    .description("List the profiles of the config file: a server and a key each.")
    .addHelpText("after", examples("skillett profiles", "skillett profiles use work"))
    .action(() => profiles(host));
  group
    .command("use")
    .description("Use this profile when a command names none.")
    .argument("<name>", "profile of the config file")
    .action((name: string) => useProfile(name, host));
  group
    .command("remove")
    .description("Forget this profile. Its key is not revoked: logout does that too.")
    .argument("<name>", "profile of the config file")
    .action((name: string) => dropProfile(name, host));
}

/** `skillett profiles` */
export async function profiles(host: Host): Promise<void> {
  const config = readConfig(configFile(host.env));
  const list = Object.entries(config.profiles).map(([name, { url, apiKey }]) => ({
    name,
    url,
    key_prefix: shownPrefix(apiKey),
    default: name === config.defaultProfile,
  }));
  await printJson(host, { profiles: list });
}

/** `skillett profiles use <name>` */
export async function useProfile(name: string, host: Host): Promise<void> {
  const file = configFile(host.env);
  const { url } = pickProfile(readConfig(file), name);
  setDefaultProfile(file, name);
  await printJson(host, { name, url, default: true });
  const { SKILLETT_PROFILE: other, SKILLETT_API_KEY: key } = host.env;
  if (other && other !== name) warn(host, `SKILLETT_PROFILE is set, and goes before it: ${other}.`);
  if (key) warn(host, "SKILLETT_API_KEY is set, and goes before it.");
}

/** `skillett profiles remove <name>` */
export async function dropProfile(name: string, host: Host): Promise<void> {
  const file = configFile(host.env);
  const { url, apiKey } = pickProfile(readConfig(file), name);
  removeProfile(file, name);
  await printJson(host, { name, url, status: "removed" });
  const prefix = shownPrefix(apiKey);
  warn(
    host,
    `Its key${prefix ? ` ${prefix}…` : ""} is not revoked: at ${url}/dashboard/api-keys. (skillett logout does both.)`,
  );
}
