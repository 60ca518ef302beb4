import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Engine } from "#store/engine/database.js";
import { createCleanup } from "#support/cleanup.js";
import { usePostgres } from "#support/postgres.js";
import { type ReadyProcess, startReady } from "#support/ready-process.js";
import { fixtureIntegrations, type Reply, requestSkillett } from "#support/skillett.js";

/** The program as it is shipped: `npm run build` makes it. */
export const program = fileURLToPath(new URL("../../dist/skillett.js", import.meta.url));

type Env = Record<string, string>;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end, with no environment but PATH and what is given. */
export async function runCommand(
  command: string,
  args: string[],
  { env = {}, cwd = tmpdir(), input = "" }: { env?: Env; cwd?: string; input?: string } = {},
): Promise<Ended> {
  const child = spawn(command, args, { cwd, env: { PATH: process.env.PATH, ...env }, timeout: 50_000 });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve).once("error", reject);
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}

export const runSkillett = (args: string[], options: { env?: Env; cwd?: string; input?: string } = {}) =>
  runCommand(process.execPath, [program, ...args], options);

/** A folder, perhaps a database, and a CLI that belong together: what an operator has. */
export interface Site {
  directory: string;
  /** For the server and the CLI alike. */
  env: Env;
  databaseUrl: string | undefined;
  /** `skillett up`, on the same port when it was started before. */
  up(): Promise<ReadyProcess>;
  /** The CLI, with the key that the first start saved for it. */
  cli(args: string[], input?: string): Promise<Ended>;
  /** As the CLI, but over HTTP. */
  call(method: string, at: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  key(): Promise<string>;
  close(): Promise<void>;
}

/** @param env settings beside those that say where things are */
export async function createSite(engine: Engine, env: Env = {}): Promise<Site> {
  const directory = await mkdtemp(path.join(tmpdir(), "skillett-site-"));
  const database = engine === "postgres" ? await usePostgres() : undefined;
  const cleanup = createCleanup();
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  if (database) cleanup.add(database.drop);
  const all: Env = {
    HOME: directory,
    SKILLETT_CONFIG_FILE: path.join(directory, "config.json"),
    SKILLETT_DATA_DIR: path.join(directory, "data"),
    SKILLETT_INTEGRATIONS_DIR: fixtureIntegrations,
    ...(database ? { DATABASE_URL: database.url, SKILLETT_MASTER_KEY: "0f".repeat(32) } : {}),
    ...env,
  };
  let url = "";
  const key = () => savedKey(all);

  return {
    directory,
    env: all,
    databaseUrl: database?.url,
    async up() {
      const port = url ? new URL(url).port : "0";
      const args = [program, "up", "--port", port];
      const server = await cleanup.track(startReady(process.execPath, args, { env: all }));
      url = server.url;
      return server;
    },
    cli: (args, input) => runSkillett(args, { env: all, input: input ?? "" }),
    call: async (method, at, body, headers) =>
      requestSkillett(url + at, method, await key(), body, headers ?? {}),
    key,
    close: cleanup.run,
  };
}

/** The key that `skillett up` saved for the CLI. */
export async function savedKey({ SKILLETT_CONFIG_FILE }: Env): Promise<string> {
  return JSON.parse(await readFile(SKILLETT_CONFIG_FILE!, "utf8")).profiles.default.api_key;
}
