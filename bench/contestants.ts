import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { type ReadyProcess, startReady } from "#support/ready-process.js";
import type { Job } from "./load-generator.js";

export type Endpoint = "get_repo" | "create_issue";

type Request = Pick<Job, "url" | "method" | "headers" | "body">;

export interface Contestant {
  name: string;
  request(endpoint: Endpoint): Request;
}

const json = { "content-type": "application/json" };
const issue = { title: "Sign-in fails with a blank page", body: "Seen in Firefox 128.", labels: ["bug"] };

/** The service with nothing before it. */
export function upstreamItself(url: string): Contestant {
  const headers = { authorization: "Bearer bench", "user-agent": "bench" };
  return {
    name: "upstream itself",
    request: (endpoint) =>
      endpoint === "get_repo"
        ? { url: `${url}/repos/acme/webapp`, method: "GET", headers }
        : {
            url: `${url}/repos/acme/webapp/issues`,
            method: "POST",
            headers: { ...headers, ...json },
            body: JSON.stringify(issue),
          },
  };
}

/** Something that takes Skillett's requests: Skillett, or the bare forwarder. */
export function executor(name: string, url: string, apiKey = "none"): Contestant {
  const headers = { ...json, authorization: `Bearer ${apiKey}` };
  return {
    name,
    request: (endpoint) => ({
      url: `${url}/v1/github/${endpoint}`,
      method: "POST",
      headers,
      body: JSON.stringify({
        params: { repo: "acme/webapp", ...(endpoint === "create_issue" ? issue : {}) },
      }),
    }),
  };
}

/** One of the bench's own programs. */
export function startProgram(file: string, env: Record<string, string> = {}): Promise<ReadyProcess> {
  const program = fileURLToPath(import.meta.resolve(`./${file}`));
  return startReady(process.execPath, ["--import", "tsx", program], { env });
}

export const skillettProgram = fileURLToPath(import.meta.resolve("../dist/skillett.js"));

/** The folders and settings of one Skillett. The same value starts the same one again. */
export interface Installation {
  name: string;
  directory: string;
  env: Record<string, string>;
}

export function installation(
  name: string,
  directory: string,
  options: { upstreamUrl: string; databaseUrl?: string | undefined },
): Installation {
  const { upstreamUrl, databaseUrl } = options;
  const database = databaseUrl
    ? { DATABASE_URL: databaseUrl, SKILLETT_MASTER_KEY: randomBytes(32).toString("base64") }
    : undefined;
  const env = {
    HOME: directory,
    SKILLETT_CONFIG_FILE: path.join(directory, "config.json"),
    SKILLETT_GITHUB_BASE_URL: upstreamUrl,
    ...database,
  };
  return { name, directory, env };
}

export function startSkillett({ directory, env }: Installation, timeoutMs?: number): Promise<ReadyProcess> {
  const args = [skillettProgram, "up", "--port", "0", "--data", directory];
  return startReady(process.execPath, args, { env, ...(timeoutMs !== undefined && { timeoutMs }) });
}

/** The owner's key, as `skillett up` wrote it for the CLI of this machine. */
export async function ownerKey({ env }: Installation): Promise<string> {
  const settings = JSON.parse(await readFile(env.SKILLETT_CONFIG_FILE!, "utf8"));
  return settings.profiles.default.api_key;
}

export async function connectGithub(url: string, apiKey: string): Promise<void> {
  const token = `ghp_${randomBytes(18).toString("hex")}`;
  const answer = await request(`${url}/v1/connect`, {
    method: "POST",
    headers: { ...json, authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ integration: "github", credentials: { token } }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`POST /v1/connect answered ${answer.statusCode}: ${text}`);
}
