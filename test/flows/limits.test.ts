import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { windowStart } from "#core/clock.js";
import type { Engine } from "#store/engine/database.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { usePostgres } from "#support/postgres.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";

/** The plan's limits hold exactly, also when everybody comes at once, also over two servers. */

const noon = Date.UTC(2030, 0, 15, 12, 0, 0);
const day = windowStart(noon, 86_400_000);
const crowd = 50;

interface Servers {
  all: Skillett[];
  upstream: FaultUpstream;
  /** What all clocks show. */
  time: { now: number };
  close(): Promise<void>;
}

async function startServers(engine: Engine, count: number): Promise<Servers> {
  const upstream = await startFaultUpstream();
  const time = { now: noon };
  const database = count > 1 ? await usePostgres() : undefined;
  const env = { SKILLETT_ODD_BASE_URL: upstream.url };
  const shared = database ? { databaseUrl: database.url } : {};
  const all: Skillett[] = [];
  while (all.length < count) all.push(await startSkillett(engine, { env, clock: () => time.now, ...shared }));
  await all[0]!.connect("odd");
  await all[0]!.setPlan("free");
  return {
    all,
    upstream,
    time,
    close: async () => {
      await Promise.all(all.map((skillett) => skillett.close()));
      await database?.drop();
      await upstream.close();
    },
  };
}

const callOnce = ([first]: Skillett[], at: Skillett | undefined) =>
  at!.call("POST", "/v1/odd/get_path", { key: first!.key, body: { params: { path: "json" } } });

/** Fifty at once, spread over the servers. */
const callAtOnce = (servers: Skillett[]) =>
  Promise.all(Array.from({ length: crowd }, (_, at) => callOnce(servers, servers[at % servers.length])));

const withStatus = (replies: Reply[], status: number) => replies.filter((reply) => reply.status === status);

/** Leaves so many calls of today. */
async function leave(skillett: Skillett, calls: number): Promise<void> {
  await skillett.app.database.kysely
    .updateTable("call_counters")
    .set({ used: 10_000 - calls })
    .where("window_start", "=", day)
    .where("bucket", "like", "profile:%")
    .execute();
}

function limitsHold(start: () => Promise<Servers>): void {
  let servers: Servers;
  beforeAll(async () => {
    servers = await start();
  });
  afterAll(() => servers?.close());

  it("a key calls thirty times a minute, and not once more", async () => {
    const { all, upstream, time } = servers;
    time.now = noon + 15_000;
    const replies = await callAtOnce(all);
    expect(withStatus(replies, 200)).toHaveLength(30);
    expect(upstream.count("/json")).toBe(1 + 30);
    const refused = withStatus(replies, 429);
    expect(refused).toHaveLength(crowd - 30);
    for (const { json, headers } of refused) {
      expect(json).toMatchObject({
        error: "rate_limit_reached",
        message: "Rate limit reached (30 calls per minute).",
        action_url: expect.stringContaining("/dashboard/settings"),
        retryable: true,
      });
      expect(headers.get("retry-after")).toBe("45");
      expect(headers.get("ratelimit-policy")).toBe('"minute";q=30;w=60, "day";q=10000;w=86400');
      expect(headers.get("ratelimit")).toBe('"minute";r=0;t=45, "day";r=9970;t=43185');
    }
    const left = withStatus(replies, 200).map(({ headers }) =>
      Number(/"minute";r=(\d+);t=45/.exec(headers.get("ratelimit") ?? "")?.[1]),
    );
    expect(left.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, at) => at));
  });

  it("every admitted call has its row, and a refused one has none", async () => {
    const { calls } = (await servers.all[0]!.call("GET", "/v1/calls?limit=200")).json;
    expect(calls).toHaveLength(30);
  });

  it("the calls of the next minute are counted anew", async () => {
    const { all, time } = servers;
    time.now = noon + 60_000;
    expect(withStatus(await callAtOnce(all), 200)).toHaveLength(30);
    const { headers } = await callOnce(all, all[0]);
    expect(headers.get("retry-after")).toBe("60");
  });

  it("the last seven calls of a day are admitted, and no more until midnight UTC", async () => {
    const { all, time, upstream } = servers;
    time.now = noon + 120_000;
    await leave(all[0]!, 7);
    const before = upstream.count("/json");
    const replies = await callAtOnce(all);
    expect(withStatus(replies, 200)).toHaveLength(7);
    expect(upstream.count("/json")).toBe(before + 7);
    const refused = withStatus(replies, 429);
    expect(refused).toHaveLength(crowd - 7);
    expect(refused[0]!.json).toMatchObject({
      error: "daily_limit_reached",
      message: "Daily API call limit reached (10000). Resets at midnight UTC.",
    });
    expect(refused[0]!.headers.get("retry-after")).toBe(String(12 * 3_600 - 120));
    const { today } = (await all[0]!.call("GET", "/v1/usage")).json;
    expect(today).toEqual({ calls: 10_000, resets_at: "2030-01-16T00:00:00.000Z" });
    // A refused call took nothing of the minute either.
    await leave(all[0]!, 100);
    expect(withStatus(await callAtOnce(all), 200)).toHaveLength(23);
  });

  it("the calls of a new day are counted anew", async () => {
    const { all, time } = servers;
    await leave(all[0]!, 0);
    time.now = day + 86_400_000;
    expect((await callOnce(all, all[0])).status).toBe(200);
    expect((await all[0]!.call("GET", "/v1/usage")).json.today.calls).toBe(1);
  });

  it("two keys of a person have a minute each, and share the day", async () => {
    const { all, time } = servers;
    await all[0]!.setPlan("pro");
    const { full_key } = (await all[0]!.call("POST", "/api-keys", { body: { name: "second" } })).json;
    await all[0]!.setPlan("free");
    time.now += 3_600_000;
    expect(withStatus(await callAtOnce(all), 200)).toHaveLength(30);
    const body = { params: { path: "json" } };
    const reply = await all[0]!.call("POST", "/v1/odd/get_path", { key: full_key, body });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("ratelimit")).toMatch(/^"minute";r=29;t=60, "day";r=9968;/);
  });
}

onEachEngine("limits", (engine) => limitsHold(() => startServers(engine, 1)));

describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)("limits (two servers, one PostgreSQL)", () =>
  limitsHold(() => startServers("postgres", 2)),
);
