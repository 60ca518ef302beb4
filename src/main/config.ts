import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import envPaths from "env-paths";
import { StartupError } from "#core/startup-error.js";
import type { SmtpSettings } from "#identity/mail.js";
import type { SignInSettings } from "#identity/sign-in-providers.js";
import { type SignUpPolicy, signUpPolicies } from "#identity/sign-up.js";
import { type CallSettings, readCallSettings } from "#main/call-settings.js";
import { type EgressSettings, namedHosts, readEgress } from "#main/egress-settings.js";
import { type LogSettings, readLogSettings } from "#main/log-settings.js";
import { readSignIn, readSmtp, readTrustedProxies } from "#main/people-settings.js";
import { httpUrl, readServices, type ServiceSettings } from "#main/service-settings.js";
import { readSkillSettings, type SkillSettings } from "#main/skill-settings.js";
import { readStdioServers } from "#main/stdio-server-settings.js";
import type { StdioCommand } from "#mcp-servers/stdio/command.js";
import { parseMasterKey } from "#store/vault/master-key.js";

type Env = Record<string, string | undefined>;

/** The server's settings, checked. The only place that reads its environment. */
export interface Config extends CallSettings, EgressSettings, LogSettings, ServiceSettings, SkillSettings {
  port: number;
  host: string;
  dataDir: string;
  /** SECRET: may hold a password. */
  databaseUrl: string | undefined;
  /** SECRET. */
  masterKey: Buffer | undefined;
  /** SECRET. The master key that `masterKey` replaces at this start. */
  oldMasterKey: Buffer | undefined;
  /** Where people reach this server, when that is not where it listens. */
  publicUrl: string | undefined;
  integrationDirs: string[];
  /** MCP servers that are commands on this machine. */
  stdioServers: StdioCommand[];
  /** Folder of the skills that ship with the program, beside its integrations. */
  builtInSkills: string;
  signUp: SignUpPolicy;
  /** SECRET. */
  signIn: SignInSettings;
  /** SECRET: may hold a password. */
  smtp: SmtpSettings | undefined;
  /** Addresses and networks of proxies. */
  trustedProxies: string[];
}

export interface Flags {
  port?: number;
  host?: string;
  data?: string;
}

/** Flags, then the environment, then `.env` in the working directory. Throws with every problem at once. */
export function readConfig(flags: Flags, environment: Env, builtInIntegrations: string): Config {
  const env = { ...readDotEnv(), ...environment };
  const problems: string[] = [];
  const read = <T>(name: string, parse: (text: string) => T | undefined, hint: string): T | undefined => {
    const text = env[name]?.trim();
    if (!text) return undefined;
    const value = parse(text);
    if (value === undefined) problems.push(`${name} ${hint}`);
    return value;
  };

  const databaseUrl = read(
    "DATABASE_URL",
    postgresUrl,
    "must look like postgres://user:password@host:5432/name.",
  );
  const config: Config = {
    port: flags.port ?? read("SKILLETT_PORT", portNumber, "must be a whole number from 0 to 65535.") ?? 4747,
    host: flags.host ?? env.SKILLETT_HOST ?? "127.0.0.1",
    dataDir: path.resolve(flags.data ?? env.SKILLETT_DATA_DIR ?? envPaths("skillett", { suffix: "" }).data),
    databaseUrl,
    masterKey: read("SKILLETT_MASTER_KEY", parseMasterKey, "must be 32 bytes in Base64 or hex."),
    oldMasterKey: read("SKILLETT_OLD_MASTER_KEY", parseMasterKey, "must be 32 bytes in Base64 or hex."),
    publicUrl: read("SKILLETT_PUBLIC_URL", httpUrl, "must look like https://skills.example.com."),
    integrationDirs: [builtInIntegrations, ...list(env.SKILLETT_INTEGRATIONS_DIR, path.delimiter)],
    stdioServers: readStdioServers(env.SKILLETT_MCP_SERVERS?.trim(), env, problems),
    builtInSkills: path.join(path.dirname(builtInIntegrations), "skills"),
    ...readServices(env, problems),
    ...readSkillSettings(env, problems),
    ...readLogSettings(env, problems),
    ...readEgress(env, problems),
    ...readCallSettings(read),
    signUp:
      read("SKILLETT_SIGN_UP", oneOf(signUpPolicies), `must be one of ${signUpPolicies.join(", ")}.`) ??
      "first",
    signIn: readSignIn(env, problems),
    smtp: readSmtp(env, problems),
    trustedProxies: readTrustedProxies(env, problems),
  };
  if (databaseUrl && !env.SKILLETT_MASTER_KEY?.trim()) {
    problems.push(
      "SKILLETT_MASTER_KEY must be set beside DATABASE_URL: all servers of one database share it. Make one with: openssl rand -base64 32",
    );
  }
  if (problems.length > 0) throw new StartupError(problems.join("\n"));
  return { ...config, allowHosts: [...config.allowHosts, ...namedHosts(config)] };
}

function readDotEnv(): Env {
  try {
    return parseEnv(readFileSync(".env", "utf8")) as Env;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new StartupError(`.env cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

function portNumber(text: string): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined;
}

function postgresUrl(text: string): string | undefined {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol) ? text : undefined;
}

const oneOf =
  <Word extends string>(values: readonly Word[]) =>
  (text: string) =>
    values.find((word) => word === text);

function list(text: string | undefined, separator: string): string[] {
  return (text ?? "")
    .split(separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
