import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { removeProfile, saveProfile } from "#cli/server/config-file.js";
import { createCleanup } from "#support/cleanup.js";
import type { ReadyProcess } from "#support/ready-process.js";
import { createSite, program, type Site } from "./program.js";

/** `skillett mcp` as it is shipped, between real clients and a real server. */

type Env = Record<string, string>;

/** What the clients have in common. */
interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

const command = process.execPath;
const info = { name: "test", version: "1" };

async function connect(mode: "auto" | "legacy", env: Env, ...flags: string[]) {
  const client = new Client(info, mode === "auto" ? { versionNegotiation: { mode } } : {});
  await client.connect(
    new StdioClientTransport({ command, args: [program, "mcp", ...flags], env, stderr: "pipe" }),
  );
  return client;
}

async function connectOlder(env: Env): Promise<AnyClient> {
  const client = new OlderClient(info);
  await client.connect(new OlderTransport({ command, args: [program, "mcp"], env, stderr: "pipe" }));
  return client;
}

const clients: [string, (env: Env) => Promise<AnyClient>][] = [
  ["a client of 2026", (env) => connect("auto", env)],
  ["a client of 2025", (env) => connect("legacy", env)],
  ["a client of the older SDK", connectOlder],
];

let cleanup = createCleanup();
afterEach(async () => {
  await cleanup.run();
  cleanup = createCleanup();
});

async function opened<C extends AnyClient>(opening: Promise<C>): Promise<C> {
  const client = await opening;
  cleanup.add(() => client.close());
  return client;
}

/** What a tool gave: its value, or the error it tells of. */
async function call(client: AnyClient, name: string, args: Record<string, unknown> = {}) {
  const result = (await client.callTool({ name, arguments: args })) as {
    isError?: boolean;
    structuredContent?: unknown;
    content: { text: string }[];
  };
  const text = JSON.parse(result.content[0]!.text);
  if (!result.isError) expect(result.structuredContent).toEqual(text);
  return { isError: result.isError ?? false, text };
}

async function newSite(): Promise<{ site: Site; server: ReadyProcess }> {
  const site = await createSite("sqlite");
  cleanup.add(site.close);
  return { site, server: await site.up() };
}

describe("skillett mcp", () => {
  let site: Site;
  beforeAll(async () => {
    site = await createSite("sqlite");
    await site.up();
  });
  afterAll(() => site?.close());

  it.each(clients)("%s finds the tools, and calls them", async (_, open) => {
    const client = await opened(open(site.env));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "skill_query",
      "skill_discover",
      "skill_request",
      "connector_discover",
      "connector_request",
      "integration_search",
      "integration_describe",
      "integration_run",
    ]);
    const { text } = await call(client, "integration_search");
    expect(text.integrations).toContainEqual(expect.objectContaining({ integration: "odd-open" }));
    const described = await call(client, "integration_describe", { integration: "nowhere" });
    expect(described).toMatchObject({ isError: true, text: { code: "not_found" } });
    expect(described.text.request_id).toMatch(/^req_/);
    expect(await call(client, "integration_describe", {})).toMatchObject({
      isError: true,
      text: { code: "bad_request", issues: [{ at: "integration_describe.integration" }] },
    });
  });

  it("the clients of each era agree on the version of that era", async () => {
    const newer = await opened(connect("auto", site.env));
    expect(newer.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    const older = await opened(connect("legacy", site.env));
    expect(older.getNegotiatedProtocolVersion()).toBe("2025-11-25");
  });
});

describe("the login of skillett mcp", () => {
  it("a login counts from the next call on, and a logout too", async () => {
    const { site, server } = await newSite();
    const key = await site.key();
    const file = site.env.SKILLETT_CONFIG_FILE!;
    rmSync(file);
    const client = await opened(connect("auto", site.env));
    const search = () => call(client, "integration_search");
    const without = {
      isError: true,
      text: {
        code: "unauthorized",
        message: expect.stringContaining("log in"),
        next: ["A person can run this in a terminal: skillett login"],
      },
    };
    expect(await search()).toMatchObject(without);
    saveProfile(file, "default", { url: server.url, apiKey: key });
    expect(await search()).toMatchObject({ isError: false });
    saveProfile(file, "default", { url: server.url, apiKey: `${key.slice(0, -1)}_` });
    expect(await search()).toMatchObject({
      isError: true,
      text: { code: "api_key_invalid", next: ["A person can run this in a terminal: skillett login"] },
    });
    removeProfile(file, "default");
    expect(await search()).toMatchObject(without);
  });

  it("the login of skillett mcp is that of its profile", async () => {
    const { site, server } = await newSite();
    const client = await opened(connect("legacy", site.env, "--profile", "elsewhere"));
    const { text } = await call(client, "integration_search");
    expect(text).toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining('There is no profile "elsewhere".'),
      next: ["A person can run this in a terminal: skillett login --profile elsewhere"],
    });
    const login = { url: server.url, apiKey: await site.key() };
    saveProfile(site.env.SKILLETT_CONFIG_FILE!, "elsewhere", login);
    expect(await call(client, "integration_search")).toMatchObject({ isError: false });
  });

  it("a config file that cannot be read is reported by calls, and the session starts", async () => {
    const site = await createSite("sqlite");
    cleanup.add(site.close);
    const file = path.join(site.directory, "a-folder");
    const client = await opened(connect("auto", { ...site.env, SKILLETT_CONFIG_FILE: path.dirname(file) }));
    const { isError, text } = await call(client, "integration_search");
    expect(isError).toBe(true);
    expect(text).toMatchObject({ message: expect.stringContaining("cannot be read: EISDIR") });
  });
});

it.each(clients)("%s lives on when the server is killed and started again", async (_, open) => {
  const { site, server } = await newSite();
  const client = await opened(open(site.env));
  const search = () => call(client, "integration_search");
  expect(await search()).toMatchObject({ isError: false });
  const ended = once(server.child, "exit");
  server.child.kill("SIGKILL");
  await ended;
  for (let times = 0; times < 2; times++)
    expect(await search()).toEqual({
      isError: true,
      text: {
        code: "server_unreachable",
        message: `No server answers at ${server.url} (connection refused).`,
        next: ["A person can run this in a terminal: skillett doctor"],
        retryable: true,
        request_id: "none",
      },
    });
  await site.up();
  expect(await search()).toMatchObject({ isError: false });
});
