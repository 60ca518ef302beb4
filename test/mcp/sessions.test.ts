import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine } from "#support/skillett.js";
import { createSite, type Site } from "../flows/program.js";
import { connectMcp, type Era, eras, type McpClient } from "./mcp-clients.js";
import { type McpStage, type Member, startMcpStage, triage } from "./mcp-stage.js";

/** Many clients at once, a server that is started again under them, and clients that go away. */

const people = ["Ada", "Bob", "Cay", "Dan", "Eve"];
const sessionsPerPerson = 40;
const MiB = 1024 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

onEachEngine("200 sessions", (engine) => {
  let stage: McpStage;
  const members = new Map<string, Member>();
  beforeAll(async () => {
    stage = await startMcpStage(engine);
    for (const name of people)
      members.set(name, await stage.join(name, [{ ...triage, body: `The way of ${name}.` }]));
  });
  afterAll(() => stage?.close());

  /** Two calls in a session of its own; what came back, and what should have. */
  async function session(name: string, number: number): Promise<[unknown, unknown]> {
    const era: Era = number % 2 === 0 ? "client 2.x, 2025" : "client 2.x, 2026";
    const client = await connectMcp(stage.skillett.url, members.get(name)!.key, era);
    try {
      const note = `${name} ${number}`;
      const echo = { integration: "odd", endpoint: "post_path", params: { path: "echo", note } };
      const [skill, sent] = await Promise.all([
        client.call("skill_query", { skillId: "triage" }),
        client.call("integration_run", echo),
      ]);
      const { headers, body } = sent.structuredContent.data;
      const got = [
        JSON.parse(skill.content[0]!.text).instructions,
        JSON.parse(body).note,
        headers.authorization,
      ];
      return [got, [`The way of ${name}.`, note, "Bearer [credential]"]];
    } finally {
      await client.close();
    }
  }
  const allAtOnce = () =>
    Promise.all(
      people.flatMap((name) => Array.from({ length: sessionsPerPerson }, (_, at) => session(name, at))),
    );

  it("200 sessions of both eras and five agents are never mixed up", async () => {
    const results = await allAtOnce();
    expect(results).toHaveLength(200);
    expect(results.map(([got]) => got)).toEqual(results.map(([, wanted]) => wanted));
  }, 180_000);

  it("200 sessions leave no memory and no sockets behind", async () => {
    const { server } = stage.skillett.app.server;
    const busy = () =>
      new Promise<number>((resolve, reject) => {
        // What a client keeps open for its next request is no matter of ours.
        server.closeIdleConnections();
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      });
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 2; round++) await allAtOnce();
    await expect.poll(busy, { timeout: 10_000 }).toBe(0);
    collectGarbage();
    expect((process.memoryUsage().heapUsed - before) / MiB).toBeLessThan(15);
  }, 180_000);
});

onEachEngine("a server started again under its clients", (engine) => {
  let site: Site;
  let upstream: FaultUpstream;
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    site = await createSite(engine, { SKILLETT_ODD_BASE_URL: upstream.url });
  });
  afterAll(async () => {
    await site?.close();
    await upstream?.close();
  });

  it("a server started again answers the next call without a new connect", async () => {
    const first = await site.up();
    const body = { integration: "odd", credentials: { token: "token-0123456789" } };
    expect((await site.call("POST", "/v1/connect", body)).status).toBe(200);
    const clients: McpClient[] = [];
    for (const era of eras) clients.push(await connectMcp(first.url, await site.key(), era));
    const json = { integration: "odd", endpoint: "get_path", params: { path: "json" } };
    const callAll = () =>
      Promise.all(
        clients.map(async (client) => (await client.call("integration_run", json)).structuredContent),
      );
    const answers = eras.map(() => ({ status: 200, data: { id: 1, name: "Octocat" } }));
    expect(await callAll()).toEqual(answers);
    await first.stop();
    await expect(clients[0]!.call("integration_run", json)).rejects.toThrow();
    await site.up();
    expect(await callAll()).toEqual(answers);
    for (const client of clients) await client.close();
  });
});

describe("a client that goes away", () => {
  const hang = { integration: "odd", endpoint: "get_path", params: { path: "hang" } };

  /** By itself, what hangs at the service is over only when we end it. */
  async function abandon(era: Era, leave: (client: McpClient, gone: AbortController) => unknown) {
    const stage = await startMcpStage("sqlite");
    try {
      const { key } = await stage.join("Ada", []);
      const client = await stage.connect(key, era);
      const gone = new AbortController();
      const call = client.call("integration_run", hang, gone.signal).catch((error) => error);
      await stage.upstream.arrived("/hang");
      await leave(client, gone);
      await stage.upstream.abandoned("/hang");
      expect(await call).toBeInstanceOf(Error);
      const row = async () => (await stage.skillett.call("GET", "/v1/calls", { key })).json.calls[0].status;
      await expect.poll(row).toBe("cancelled");
    } finally {
      await stage.close();
    }
  }

  it.each(eras)("a call of %s is ended at the service when the client goes away", (era) =>
    abandon(era, (client) => client.close()),
  );

  // A 2025 client says so in another POST, which finds its call only in a session: that call goes on.
  it("a call that a client of 2026 calls off is ended at the service too", () =>
    abandon("client 2.x, 2026", (_, gone) => gone.abort()));
});
