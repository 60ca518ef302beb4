import {
  configFile,
  type Profile,
  readConfig,
  saveProfile,
  setDefaultProfile,
} from "#cli/server/config-file.js";
import { checkUrl, type Env, profileName, trimUrl } from "#cli/server/settings.js";
import { UsageError } from "#cli/terminal/failure.js";
import { quoted } from "#cli/terminal/shell-words.js";

/** Where `skillett up` listens when nothing else is said. */
const localUrl = "http://127.0.0.1:4747";

/** The server to log in to, and where its key is going to be kept. */
export interface LoginTarget {
  url: string;
  profile: string;
  file: string;
  /** The profile as it is now, if it is for this server; undefined for a new one. */
  replaced: Profile | undefined;
}

/**
 * The server is `--url`, else the one of the profile that `--profile` names, else SKILLETT_URL, else the one of the
 * usual profile, else the one of this machine.
 *
 * @throws UsageError also when the key of another server would get lost
 */
export function loginTarget(env: Env, options: { url?: string; profile?: string }): LoginTarget {
  const file = configFile(env);
  const config = readConfig(file);
  const profile = profileName(env, options.profile, config);
  if (!/^[\w.@-]{1,64}$/.test(profile)) {
    throw new UsageError(
      `"${profile}" is no name for a profile: up to 64 letters, digits, dots and dashes are.`,
    );
  }
  const stored = Object.hasOwn(config.profiles, profile) ? config.profiles[profile] : undefined;
  const url = chosenUrl(env, options, stored);
  const sameServer = stored !== undefined && trimUrl(stored.url) === url;
  const named = Boolean(options.profile || env.SKILLETT_PROFILE);
  if (stored && !sameServer && !named) throw otherServer(profile, stored, url);
  return { url, profile, file, replaced: sameServer ? stored : undefined };
}

function chosenUrl(env: Env, { url, profile }: { url?: string; profile?: string }, stored?: Profile): string {
  if (url !== undefined) return checkUrl(url, "--url");
  const fromProfile = profile && stored;
  if (!fromProfile && env.SKILLETT_URL) return checkUrl(env.SKILLETT_URL, "SKILLETT_URL");
  return stored ? checkUrl(stored.url, "the config file") : localUrl;
}

function otherServer(profile: string, stored: Profile, url: string): UsageError {
  const { hostname } = new URL(url);
  const own = /^[\w.-]{1,64}$/.test(hostname) ? hostname : "other";
  return new UsageError(
    `The profile "${profile}" holds a key for ${stored.url}: give this server a profile of its own.`,
    [`skillett login --url ${quoted(url)} --profile ${own}`],
  );
}

/** Keeps the key; where no profile was the default one, this one is. Gives whether it is the default now. */
export function keepKey(target: LoginTarget, apiKey: string, keyGiven: boolean): boolean {
  const { file, profile, url } = target;
  saveProfile(file, profile, { url, apiKey, keyGiven });
  const { profiles, defaultProfile } = readConfig(file);
  if (!Object.hasOwn(profiles, defaultProfile)) setDefaultProfile(file, profile);
  return readConfig(file).defaultProfile === profile;
}
