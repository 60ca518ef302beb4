import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";
import { type CatalogFiles, readCatalog } from "#catalog/load/load.js";
import { systemClock } from "#core/clock.js";
import type { PlanName } from "#core/plans.js";
import { readConfig } from "#main/config.js";
import { type App, wire } from "#main/wire.js";
import type { Engine } from "#store/engine/database.js";
import { useMigratedPostgres } from "#support/postgres.js";
import { quickPasswords } from "#support/quick-passwords.js";

/** A real server in this process, on a database of its own. */
export interface Skillett {
  url: string;
  app: App;
  /** The owner's key. */
  key: string;
  claimToken: string;
  /** Puts the owner on a plan. */
  setPlan(plan: PlanName): Promise<void>;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  connect(integration: string, token?: string): Promise<string>;
  close(): Promise<void>;
}

export interface CallOptions {
  key?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  json: any;
}

export interface SkillettOptions {
  env?: Record<string, string>;
  clock?: () => number;
  /** Share the database of another one. */
  databaseUrl?: string;
  /** What the operator is told. */
  print?: (text: string) => void;
  /** How documents of OAuth clients are fetched. */
  fetchDocument?: typeof fetch;
}

export const fixtureIntegrations = fileURLToPath(new URL("../fixtures/integrations", import.meta.url));
const checkout = fileURLToPath(new URL("../../", import.meta.url));
const builtIn = path.join(checkout, "integrations");
const masterKey = randomBytes(32).toString("base64");

/** Most servers have the same integrations, and reading them takes most of the time that a start takes. */
const filesOf = createFileReader();

function createFileReader(): (dirs: string[]) => CatalogFiles {
  const read = new Map<string, CatalogFiles>();
  return (dirs) => {
    // A folder of the checkout does not change while tests run; one that a test has made may.
    const files = read.get(dirs.join("\n")) ?? readCatalog(dirs);
    if (dirs.every((dir) => dir.startsWith(checkout))) read.set(dirs.join("\n"), files);
    return files;
  };
}

/** Runs a suite on SQLite, and on PostgreSQL where there is one. */
export function onEachEngine(name: string, suite: (engine: Engine) => void): void {
  describe(`${name} (sqlite)`, () => suite("sqlite"));
  describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)(`${name} (postgres)`, () => suite("postgres"));
}

export async function startSkillett(engine: Engine, options: SkillettOptions = {}): Promise<Skillett> {
  const directory = await mkdtemp(path.join(tmpdir(), "skillett-test-"));
  const database = engine === "postgres" && !options.databaseUrl ? await useMigratedPostgres() : undefined;
  const databaseUrl = options.databaseUrl ?? database?.url;
  const env = {
    SKILLETT_INTEGRATIONS_DIR: fixtureIntegrations,
    SKILLETT_LOG_LEVEL: "silent",
    ...(databaseUrl ? { DATABASE_URL: databaseUrl, SKILLETT_MASTER_KEY: masterKey } : {}),
    ...options.env,
  };
  const config = readConfig({ host: "127.0.0.1", port: 0, data: directory }, env, builtIn);
  let url = "";
  const app = await wire(config, {
    catalogFiles: filesOf(config.integrationDirs),
    clock: options.clock ?? systemClock,
    publicUrl: () => config.publicUrl ?? url,
    print: options.print ?? (() => {}),
    passwords: quickPasswords,
    ...(options.fetchDocument ? { fetchDocument: options.fetchDocument } : {}),
  });
  url = await app.server.listen({ host: "127.0.0.1", port: 0 });
  const { apiKey = "", claimToken = "" } = await app.ownership.prepare();
  const call = (method: string, at: string, { key = apiKey, body, headers = {} }: CallOptions = {}) =>
    requestSkillett(url + at, method, key, body, headers);

  return {
    url,
    app,
    key: apiKey,
    claimToken,
    call,
    setPlan: async (plan) => {
      await app.database.kysely.updateTable("profiles").set({ plan }).execute();
    },
    async connect(integration, token = "test-token-0123456789") {
      const { status, json, text } = await call("POST", "/v1/connect", {
        body: { integration, credentials: { token } },
      });
      if (status !== 200) throw new Error(`connecting ${integration} failed: ${text}`);
      return json.connection_id;
    },
    close: async () => {
      await app.close();
      await database?.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function requestSkillett(
  url: string,
  method: string,
  key: string | null,
  body: unknown,
  headers: Record<string, string>,
): Promise<Reply> {
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
