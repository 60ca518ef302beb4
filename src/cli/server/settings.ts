import { type Config, configFile, type Profile, readConfig } from "#cli/server/config-file.js";
import { UsageError } from "#cli/terminal/failure.js";
import { quoted } from "#cli/terminal/shell-words.js";
import { didYouMean } from "#core/suggest.js";

export interface Settings {
  /** Where they come from, and how the server is reached: it may name a proxy. */
  env: Env;
  /** Of the server, no slash at the end. */
  url: string;
  /** SECRET. */
  apiKey: string;
  /** Where they come from, in words. */
  source: string;
  /** The profile the key is from; undefined when it is SKILLETT_API_KEY. */
  profile: string | undefined;
  /** Command that replaces that key. */
  logIn: string | undefined;
}

export type Env = Record<string, string | undefined>;

/**
 * Which server, and which key: `--profile`, else SKILLETT_URL and SKILLETT_API_KEY, else the config file.
 *
 * @throws UsageError when something is missing or malformed
 */
export function loadSettings(env: Env, profileFlag: string | undefined): Settings {
  const url = profileFlag ? undefined : env.SKILLETT_URL;
  const apiKey = profileFlag ? undefined : env.SKILLETT_API_KEY;
  if (url && apiKey) return { ...checkServer({ url, apiKey, source: "the environment" }), ...noProfile, env };

  const file = configFile(env);
  const config = readConfig(file);
  const name = profileName(env, profileFlag, config);
  const named = Boolean(profileFlag || env.SKILLETT_PROFILE) || config.defaultProfile !== "default";
  const profile = named ? pickProfile(config, name) : config.profiles[name];
  if (!profile && url)
    throw new UsageError(
      "SKILLETT_URL is set, but there is no key: set SKILLETT_API_KEY too.",
      apiKey ? [] : ["skillett login"],
    );
  if (!profile) throw notConfigured(Boolean(apiKey), config);

  // A key belongs to one server: it is never sent to another just because SKILLETT_URL names it.
  if (url && trimUrl(url) !== trimUrl(profile.url)) {
    throw new UsageError(
      `SKILLETT_URL is set, but the key in ${file} is for ${profile.url}: set SKILLETT_API_KEY too.`,
    );
  }
  const source = `profile "${name}" in ${file}`;
  const server = checkServer({ url: profile.url, apiKey: apiKey || profile.apiKey, source });
  if (apiKey) return { ...server, ...noProfile, env };
  const flag = profileFlag ? ` --profile ${quoted(profileFlag)}` : "";
  return { ...server, env, profile: name, logIn: `skillett login${flag}` };
}

const noProfile = { profile: undefined, logIn: undefined };

/** Name of the profile a command is about: `--profile`, else SKILLETT_PROFILE, else the default one. */
export function profileName(env: Env, profileFlag: string | undefined, config: Config): string {
  return profileFlag || env.SKILLETT_PROFILE || config.defaultProfile;
}

/** @throws UsageError when there is none of this name */
export function pickProfile({ profiles }: Config, name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile) return profile;
  const known = Object.keys(profiles);
  const list = known.length > 0 ? ` Known: ${known.join(", ")}.` : "";
  const meant = didYouMean(name, known);
  throw new UsageError(
    `There is no profile "${name}".${meant}${list}`,
    meant === "" ? [`skillett login --profile ${quoted(name)}`] : [],
  );
}

function notConfigured(hasKey: boolean, { profiles }: Config): UsageError {
  const [first] = Object.keys(profiles);
  if (first !== undefined) {
    return new UsageError("No profile is the default one: choose one, or log in.", [
      `skillett profiles use ${quoted(first)}`,
    ]);
  }
  const missing = hasKey ? "SKILLETT_URL" : "SKILLETT_URL and SKILLETT_API_KEY";
  return new UsageError(
    `No server is configured: log in to one (--url says where), start one here, or set ${missing}.`,
    ["skillett login", "skillett up"],
  );
}

interface Server {
  url: string;
  apiKey: string;
  source: string;
}

/** @throws UsageError when the URL or the key cannot be one */
export function checkServer({ url, apiKey, source }: Server): Server {
  const key = apiKey.trim();
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UsageError(`The API key (from ${source}) has characters no key has.`);
  return { url: checkUrl(url, source), apiKey: key, source };
}

/** @throws UsageError when it is not the URL of a server */
export function checkUrl(text: string, source: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`The server's URL (from ${source}) must look like https://skills.example.com.`);
  }
  if (url.username || url.password)
    throw new UsageError(`The server's URL (from ${source}) must not carry a password.`);
  return trimUrl(text);
}

export function trimUrl(url: string): string {
  return url.trim().replace(/\/+$/, "");
}
