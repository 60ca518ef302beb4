import type { Command } from "commander";
import { type Profiled, profiled } from "#cli/command-parts.js";
import { configFile, type Profile, readConfig, removeProfile } from "#cli/server/config-file.js";
import { revokeOwnKey, shownPrefix } from "#cli/server/own-key.js";
import { isRefusedKey } from "#cli/server/refused-key.js";
import { checkServer, pickProfile, profileName } from "#cli/server/settings.js";
import { createNodeTransport } from "#cli/server/transport.js";
import { exitCodes } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { tell, warn } from "#cli/terminal/report.js";
import { createClient } from "#client/client.js";
import { ApiError, NetworkError } from "#client/errors.js";

export function addLogout(program: Command, host: Host, exit: (code: number) => void): void {
  profiled(program.command("logout"))
    .summary("Revoke the key of this machine, and forget it")
    .description("Revoke the key that login has made, and remove it from the config file.")
    .action(async (options: Profiled) => exit(await logout(options, host)));
}

const patienceMs = 10_000;

/** `skillett logout`: revokes the key, unless the person gave it, and removes it whether that worked or not. */
export async function logout(options: Profiled, host: Host): Promise<number> {
  const file = configFile(host.env);
  const config = readConfig(file);
  const name = profileName(host.env, options.profile, config);
  const profile = pickProfile(config, name);
  const { url } = checkServer({ ...profile, source: `profile "${name}" in ${file}` });
  let failure: Error | undefined;
  try {
    if (!profile.keyGiven) failure = await revoke(profile, host);
  } finally {
    removeProfile(file, name);
  }
  const revoked = !profile.keyGiven && !failure;
  await printJson(host, { status: "logged_out", url, profile: name, revoked });
  host.stderr.write(`${paint(host, "green", "✓")} The key for ${url} is not on this machine any more.\n`);
  if (!options.profile && host.env.SKILLETT_API_KEY)
    warn(host, "SKILLETT_API_KEY is set, and commands go on using that one.");
  const left = `The key ${shownPrefix(profile.apiKey) ?? ""}… still works until it is revoked`;
  if (profile.keyGiven) warn(host, `${left}: it was not made here, so others may be using it.`);
  if (!failure) return exitCodes.ok;
  tell(
    host,
    `${failure.message} ${left}: at ${url}/dashboard/api-keys, or with \`skillett keys\` and ` +
      "`skillett keys revoke <id>` when you are logged in again.",
    [],
  );
  const answered = failure instanceof ApiError && failure.status < 500;
  return answered ? exitCodes.refused : exitCodes.unavailable;
}

/**
 * The error that kept the key from being revoked; undefined when it was revoked, or when the server refuses it, so that
 * it needs no revoking.
 */
async function revoke({ url, apiKey }: Profile, host: Host): Promise<Error | undefined> {
  const client = createClient({ url, apiKey, transport: createNodeTransport(host.env, patienceMs) });
  try {
    await revokeOwnKey(client, host.interrupted());
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return isRefusedKey(error.body) ? undefined : error;
    if (error instanceof NetworkError) return error;
    throw error;
  }
}
