import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, usePostgres } from "#support/postgres.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor } from "#support/visitor.js";
import { signUp } from "#support/world.js";

/** How often anybody may guess: by address and by account, all servers together. */

let now = Date.now();
const clock = () => now;
const env = { SKILLETT_SIGN_UP: "open", SKILLETT_TRUSTED_PROXIES: "127.0.0.1" };
beforeEach(() => {
  now += 3_600_000;
});

/** A request from this address, by way of the proxy. */
const from = (url: string, address: string, path: string, body: object): Promise<Reply> =>
  createVisitor(url).call("POST", path, body, { "x-forwarded-for": address });
const wrong = (url: string, address: string, email: string) =>
  from(url, address, "/auth/sign-in/email", { email, password: "not the password" });
const statuses = (replies: Reply[]) => replies.map(({ status }) => status);
const times = (count: number, ask: (at: number) => Promise<Reply>) =>
  Promise.all(Array.from({ length: count }, (_, at) => ask(at)));

onEachEngine("throttles", (engine) => {
  let skillett: Skillett;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env, clock });
    await signUp(skillett, "Ada");
  });
  afterAll(() => skillett?.close());

  it("one address signs in twenty times a minute, then waits, and another is not hindered", async () => {
    const { url } = skillett;
    const replies = await times(22, (at) => wrong(url, "203.0.113.1", `nobody${at}@example.com`));
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length, statuses(replies).join(" ")).toBe(2);
    expect(refused[0]!.json).toMatchObject({ error: "rate_limit_reached", retryable: true });
    expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await wrong(url, "203.0.113.2", "x@example.com")).status).toBe(401);
    now += 60_000;
    expect((await wrong(url, "203.0.113.1", "x@example.com")).status).toBe(401);
  });

  it("an account is tried twenty times in a quarter of an hour, from wherever, known or not", async () => {
    const { url } = skillett;
    for (const [net, email] of [
      ["198.51.100", "ada@example.com"],
      ["192.0.2", "unknown@example.com"],
    ] as const) {
      const spelled = (at: number) => (at % 2 ? email : email.toUpperCase());
      const replies = await times(22, (at) => wrong(url, `${net}.${at}`, spelled(at)));
      expect(statuses(replies).filter((status) => status === 429)).toHaveLength(2);
      now += 899_000;
      expect((await wrong(url, `${net}.99`, email)).status).toBe(429);
      now += 1_000;
      expect((await wrong(url, `${net}.99`, email)).status).toBe(401);
    }
  });

  it("an address that is named in front of the trusted proxy's does not count", async () => {
    const ask = (at: number) => wrong(skillett.url, `10.9.8.${at}, 203.0.113.7`, `spoof${at}@example.com`);
    expect(statuses(await times(21, ask)).filter((status) => status === 429)).toHaveLength(1);
  });

  it("an address gets device codes twenty times a minute", async () => {
    const ask = () => from(skillett.url, "203.0.113.8", "/auth/device/code", {});
    expect(statuses(await times(21, ask)).filter((status) => status === 429)).toHaveLength(1);
    now += 60_000;
    expect((await ask()).status).toBe(200);
  });
});

it("a header makes no other address without trusted proxies", async () => {
  const skillett = await startSkillett("sqlite", { clock });
  try {
    const names = ["x-forwarded-for", "x-skillett-address", "x-real-ip", "cf-connecting-ip", "x-client-ip"];
    const replies = await times(21, (at) => {
      const headers = Object.fromEntries(names.map((name) => [name, `203.0.113.${at}`]));
      const body = { email: `nobody${at}@example.com`, password: "not the password" };
      return createVisitor(skillett.url).call("POST", "/auth/sign-in/email", body, headers);
    });
    expect(statuses(replies).filter((status) => status === 429)).toHaveLength(1);
  } finally {
    await skillett.close();
  }
});

describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)("two servers", () => {
  let database: FreshDatabase;
  let servers: Skillett[];
  beforeAll(async () => {
    database = (await usePostgres())!;
    const start = () => startSkillett("postgres", { databaseUrl: database.url, env, clock });
    servers = [await start(), await start()];
  });
  afterAll(async () => {
    await Promise.all((servers ?? []).map((server) => server.close()));
    await database?.drop();
  });
  const url = (at: number) => servers[at % 2]!.url;
  const refused = (replies: Reply[]) => statuses(replies).filter((status) => status === 429).length;

  it("two servers count addresses, accounts, keys and device codes together", async () => {
    const address = "203.0.113.1";
    expect(refused(await times(22, (at) => wrong(url(at), address, `n${at}@example.com`)))).toBe(2);
    expect(refused(await times(22, (at) => wrong(url(at), `192.0.2.${at}`, "a@example.com")))).toBe(2);
    expect(refused(await times(22, (at) => from(url(at), address, "/auth/device/code", {})))).toBe(2);
    const key = (at: number) => `sk_${String(at).padStart(40, "0")}`;
    const headers = { "x-forwarded-for": address };
    const guess = (at: number) => servers[at % 2]!.call("GET", "/v1/usage", { key: key(at), headers });
    expect(refused(await times(32, guess))).toBe(2);
  });
});
