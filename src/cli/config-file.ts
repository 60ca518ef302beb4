import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import envPaths from "env-paths";
import { UsageError } from "#cli/failure.js";

/** A server and a key for it. `apiKey` is SECRET. */
export interface Profile {
  url: string;
  apiKey: string;
}

/** The config file. It holds SECRETS: only its owner may read it (mode 0600). */
export interface Config {
  profiles: Record<string, Profile>;
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
  const profiles = Object.entries(readProfiles(file)).map(([name, { url, api_key }]) => [
    name,
    { url, apiKey: api_key },
  ]);
  return { profiles: Object.fromEntries(profiles) };
}

/** Adds or replaces one profile and leaves the rest of the file as it is. Atomic: a crash leaves the old file. */
export function saveProfile(file: string, name: string, profile: Profile): void {
  const rest = readObject(file) ?? {};
  const profiles = { ...readProfiles(file), [name]: { url: profile.url, api_key: profile.apiKey } };
  replaceFile(file, `${JSON.stringify({ ...rest, profiles }, null, 2)}\n`);
}

interface StoredProfile {
  url: string;
  api_key: string;
}

function readProfiles(file: string): Record<string, StoredProfile> {
  const profiles = readObject(file)?.profiles ?? {};
  if (!isObject(profiles)) throw broken(file, '"profiles" is not an object');
  for (const [name, profile] of Object.entries(profiles)) {
    if (!isObject(profile) || typeof profile.url !== "string" || typeof profile.api_key !== "string") {
      throw broken(file, `profile "${name}" needs "url" and "api_key"`);
    }
  }
  return profiles as unknown as Record<string, StoredProfile>;
}

function readObject(file: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function replaceFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const target = realFile(file);
  const draft = `${target}.${randomBytes(6).toString("hex")}`;
  try {
    const handle = openSync(draft, "wx", 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    chmodSync(draft, 0o600);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Renaming over a symbolic link would cut it off from the file it stands for. */
function realFile(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
