import { type Config, configFile, readConfig } from "#cli/config-file.js";
import { UsageError } from "#cli/failure.js";
import { didYouMean } from "#core/suggest.js";

export interface Settings {
  /** Of the server, no slash at the end. */
  url: string;
  /** SECRET. */
  apiKey: string;
  /** Where they come from, in words. */
  source: string;
}

type Env = Record<string, string | undefined>;

/**
 * Which server, and which key: `--profile`, else SKILLETT_URL and SKILLETT_API_KEY, else the config file.
 *
 * @throws UsageError when something is missing or malformed
 */
export function loadSettings(env: Env, profileFlag: string | undefined): Settings {
  const url = profileFlag ? undefined : env.SKILLETT_URL;
  const apiKey = profileFlag ? undefined : env.SKILLETT_API_KEY;
  if (url && apiKey) return checked({ url, apiKey, source: "the environment" });

  const file = configFile(env);
  const name = profileFlag || env.SKILLETT_PROFILE || "default";
  const profile = pickProfile(readConfig(file), name, Boolean(profileFlag || env.SKILLETT_PROFILE));
  if (!profile && url)
    throw new UsageError("SKILLETT_URL is set, but there is no key: set SKILLETT_API_KEY too.");
  if (!profile) throw notConfigured(Boolean(apiKey));

  // A key belongs to one server: it is never sent to another just because SKILLETT_URL names it.
  if (url && trimUrl(url) !== trimUrl(profile.url)) {
    throw new UsageError(
      `SKILLETT_URL is set, but the key in ${file} is for ${profile.url}: set SKILLETT_API_KEY too.`,
    );
  }
  const source = `profile "${name}" in ${file}`;
  return checked({ url: profile.url, apiKey: apiKey ?? profile.apiKey, source });
}

function pickProfile({ profiles }: Config, name: string, named: boolean) {
  if (Object.hasOwn(profiles, name)) return profiles[name];
  if (!named) return undefined;
  const known = Object.keys(profiles);
  const list = known.length > 0 ? ` Known: ${known.join(", ")}.` : "";
  throw new UsageError(`There is no profile "${name}".${didYouMean(name, known)}${list}`);
}

function notConfigured(hasKey: boolean): UsageError {
  const missing = hasKey ? "SKILLETT_URL" : "SKILLETT_URL and SKILLETT_API_KEY";
  return new UsageError(`No server is configured: start one here, or set ${missing}.`, ["skillett up"]);
}

function checked(settings: Settings): Settings {
  const apiKey = settings.apiKey.trim();
  const from = `(from ${settings.source})`;
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new UsageError(`The API key ${from} has characters no key has.`);
  const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`The server's URL ${from} must look like https://skills.example.com.`);
  }
  if (url.username || url.password)
    throw new UsageError(`The server's URL ${from} must not carry a password.`);
  return { ...settings, url: trimUrl(settings.url), apiKey };
}

function trimUrl(url: string): string {
  return url.trim().replace(/\/+$/, "");
}
