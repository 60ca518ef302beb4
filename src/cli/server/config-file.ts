import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import envPaths from "env-paths";
import { UsageError } from "#cli/terminal/failure.js";
import { decodeText } from "#cli/terminal/text-input.js";
import { isObject } from "#core/json-object.js";
import { replaceFile } from "#core/write-file.js";

/** A server and a key for it. `apiKey` is SECRET. */
export interface Profile {
  url: string;
  apiKey: string;
  /** The key was given to us, not made for this machine: others may use it, so logging out does not revoke it. */
  keyGiven?: boolean;
}

/** The config file. It holds SECRETS: only its owner may read it (mode 0600). */
export interface Config {
  profiles: Record<string, Profile>;
  /** The profile that is used when none is named; there may be none of this name. */
  defaultProfile: string;
}

/** `SKILLETT_CONFIG_FILE`, or the place where this system keeps settings. */
export function configFile(env: Record<string, string | undefined>): string {
  return env.SKILLETT_CONFIG_FILE || join(envPaths("skillett", { suffix: "" }).config, "config.json");
}

/**
 * Reads the config file; one that is not there has no profiles.
 *
 * @throws UsageError when it cannot be read or is not what we write
 */
export function readConfig(file: string): Config {
  const { profiles, defaultProfile } = readStored(file);
  const read = Object.entries(profiles).map(([name, { url, api_key, key_given }]) => [
    name,
    { url, apiKey: api_key, ...(key_given === true ? { keyGiven: true } : {}) },
  ]);
  return { profiles: Object.fromEntries(read), defaultProfile };
}

/** Adds or replaces one profile and leaves the rest of the file as it is. Atomic: a crash leaves the old file. */
export function saveProfile(file: string, name: string, profile: Profile): void {
  const { url, apiKey, keyGiven } = profile;
  change(file, (stored, profiles) => ({
    ...stored,
    profiles: { ...profiles, [name]: { url, api_key: apiKey, ...(keyGiven ? { key_given: true } : {}) } },
  }));
}

/** Removes one profile; if it was the default one, none is. */
export function removeProfile(file: string, name: string): void {
  change(file, ({ default_profile, ...stored }, { [name]: _, ...profiles }) => ({
    ...stored,
    ...(default_profile === undefined || default_profile === name ? {} : { default_profile }),
    profiles,
  }));
}

/** Makes a profile the one that is used when none is named. */
export function setDefaultProfile(file: string, name: string): void {
  change(file, (stored) => ({ ...stored, default_profile: name }));
}

interface StoredProfile {
  url: string;
  api_key: string;
  key_given?: unknown;
}

type Stored = Record<string, unknown>;
type StoredProfiles = Record<string, StoredProfile>;

function change(file: string, to: (stored: Stored, profiles: StoredProfiles) => Stored): void {
  const { stored, profiles } = readStored(file);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  replaceFile(realFile(file), `${JSON.stringify(to(stored, profiles), null, 2)}\n`, 0o600);
}

function readStored(file: string) {
  const stored = readObject(file) ?? {};
  const { profiles = {}, default_profile: defaultProfile = "default" } = stored;
  if (!isObject(profiles)) throw broken(file, '"profiles" is not an object');
  for (const [name, profile] of Object.entries(profiles)) {
    if (!isObject(profile) || typeof profile.url !== "string" || typeof profile.api_key !== "string") {
      throw broken(file, `profile "${name}" needs "url" and "api_key"`);
    }
  }
  if (typeof defaultProfile !== "string") throw broken(file, '"default_profile" is not a text');
  return { stored, profiles: profiles as unknown as StoredProfiles, defaultProfile };
}

function readObject(file: string): Stored | undefined {
  let text: string;
  try {
    text = decodeText(readFileSync(file), `The config file ${file}`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new UsageError(`The config file ${file} cannot be read: ${code ?? message}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the file, and the file holds keys.
    throw broken(file, "it is not JSON");
  }
  if (!isObject(value)) throw broken(file, "it is not a JSON object");
  return value;
}

function broken(file: string, why: string): UsageError {
  return new UsageError(`The config file ${file} is broken: ${why}. Put it right, or move it away.`);
}

/** Renaming over a symbolic link would cut it off from the file it stands for. */
function realFile(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
