import { afterAll, beforeAll, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { insertPerson } from "#support/world.js";
import { sendBytes, sendRequest } from "./wire-request.js";

/** One request and everything that must come of it. `{name}` in text stands for a name of the stage. */
export interface Scenario {
  name: string;
  /** GET, when left out. */
  method?: string;
  path?: string;
  /** Name of a key of the stage; the owner's when left out, none when null. */
  key?: string | null;
  headers?: Record<string, string>;
  /** Text and bytes are sent as they are, anything else as JSON. */
  body?: unknown;
  /** Sent instead of all of the above. */
  bytes?: string;
  expect: Expected;
}

interface Expected {
  status: number;
  /** The body has at least this. */
  json?: unknown;
  /** The body is exactly this. */
  exactly?: unknown;
  /** The body as text is this. */
  text?: unknown;
  /** `issues` of a `bad_request`, in any order: where, and what the message says. */
  issues?: Record<string, string>;
  headers?: Record<string, unknown>;
  /** The body is at most so long. */
  maxBytes?: number;
  /** Requests that reach the service; none when left out. */
  upstream?: number;
  /** The row of the audit log it leaves; none when left out. */
  row?: object;
}

/** A server, a GitHub for it to call, and the names scenarios use. */
export interface Stage {
  skillett: Skillett;
  github: GithubStandIn;
  names: Record<string, string>;
}

/**
 * Runs scenarios on each engine. Whatever comes in, every refusal has our one form, and nothing reaches
 * the service or the audit log that the scenario does not name.
 */
export function describeApi(
  name: string,
  prepare: (stage: Stage) => Promise<void>,
  scenarios: Scenario[],
  more: (stage: () => Stage) => void = () => {},
): void {
  onEachEngine(name, (engine) => {
    let stage: Stage;
    beforeAll(async () => {
      const github = await startGithub();
      const skillett = await startSkillett(engine, { env: { SKILLETT_GITHUB_BASE_URL: github.url } });
      stage = { skillett, github, names: { owner: skillett.key, host: new URL(skillett.url).host } };
      await prepare(stage);
    });
    afterAll(async () => {
      await stage?.skillett.close();
      await stage?.github.close();
    });
    for (const scenario of scenarios) it(scenario.name, () => play(stage, scenario));
    more(() => stage);
  });
}

/** Makes keys the names of which say what they are for. */
export async function addKey(stage: Stage, name: string, key: object = {}): Promise<void> {
  const { json, text } = await stage.skillett.call("POST", "/api-keys", { body: { name, ...key } });
  if (!json.full_key) throw new Error(`no key ${name}: ${text}`);
  stage.names[name] = json.full_key;
  stage.names[`${name} id`] = json.api_key.id;
}

/** Somebody else on the same server; their key is `name`. */
export async function addPerson({ skillett, names }: Stage, name: string): Promise<void> {
  names[name] = (await insertPerson(skillett.app.database, name)).key;
}

export async function connectGithub({ skillett, github, names }: Stage, name = "connection"): Promise<void> {
  names[`${name} token`] = github.mintToken();
  names[name] = await skillett.connect("github", names[`${name} token`]);
}

async function play(stage: Stage, { expect: expected, ...scenario }: Scenario): Promise<void> {
  const before = { upstream: stage.github.requests.length, rows: await callRows(stage) };
  const reply = await send(stage, scenario);
  const { status, json, exactly, text, issues, headers, maxBytes, upstream = 0, row } = expected;
  expect(reply, reply.text.slice(0, 500)).toMatchObject({ status });
  if (json !== undefined) expect(reply.json).toMatchObject(json as object);
  if (exactly !== undefined) expect(reply.json).toEqual(exactly);
  if (text !== undefined) expect(reply.text).toEqual(text);
  if (issues) expectIssues(reply, issues);
  if (headers) expect(Object.fromEntries(reply.headers)).toMatchObject(headers);
  if (maxBytes !== undefined) expect(Buffer.byteLength(reply.text), "bytes").toBeLessThanOrEqual(maxBytes);
  if (status >= 400) expectRefusal(reply);
  expect(stage.github.requests.length - before.upstream, "requests upstream").toBe(upstream);
  const rows = (await finishedRows(stage)).slice(before.rows.length);
  expect(rows).toMatchObject(row ? [row] : []);
  expect(rows.length, "rows").toBe(row ? 1 : 0);
}

async function send({ skillett, names }: Stage, scenario: Omit<Scenario, "expect">): Promise<Reply> {
  const fill = (text: string) => text.replace(/\{([^{}"]+)\}/g, (whole, name) => names[name] ?? whole);
  const { method = "GET", path = "/", key = "owner", headers = {}, body, bytes } = scenario;
  if (bytes !== undefined) return sendBytes(skillett.url, fill(bytes));
  const filled = Object.entries(headers).map(([name, value]) => [name, fill(value)]);
  const all = {
    ...(key === null ? {} : { authorization: `Bearer ${names[key] ?? key}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...Object.fromEntries(filled),
  };
  const asIs = body === undefined || typeof body === "string" || body instanceof Uint8Array;
  return sendRequest(skillett.url, method, fill(path), all, asIs ? body : fill(JSON.stringify(body)));
}

function expectIssues({ json }: Reply, issues: Record<string, string>): void {
  const found = new Map<string, string>();
  for (const { at, message } of json.issues) found.set(at, [found.get(at) ?? [], message].flat().join("; "));
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(issues).map(([at, words]) => [at, expect.stringContaining(words)])),
  );
  expect(json).toMatchObject({ error: "bad_request", retryable: false });
}

/** One form for every refusal, and nothing in it that helps to break in. */
function expectRefusal({ json, headers, text }: Reply): void {
  expect(json, text).toMatchObject({
    error: expect.stringMatching(/^[a-z_]+$/),
    message: expect.stringMatching(/\S/),
    retryable: expect.any(Boolean),
  });
  expect(headers.get("content-type")).toMatch(/^application\/json/);
  expect(text).not.toMatch(/\.[jt]s:\d+|node_modules|sqlite|postgres|\{\w+\}/i);
}

/** The answer is not kept waiting for the end of its row to be written. */
async function finishedRows(stage: Stage) {
  let rows: Awaited<ReturnType<typeof callRows>> = [];
  await expect
    .poll(async () => {
      rows = await callRows(stage);
      return rows.map(({ status }) => status);
    })
    .not.toContain("started");
  return rows;
}

/** Oldest first; those of everybody. */
async function callRows({ skillett }: Stage) {
  const rows = await skillett.app.database.kysely
    .selectFrom("skill_calls")
    .select(["id", "integration", "endpoint", "status", "error", "upstream_status", "connection_id"])
    .orderBy("id")
    .execute();
  return rows;
}
