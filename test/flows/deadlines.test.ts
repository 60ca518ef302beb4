import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, startSkillett } from "#support/skillett.js";
import { createSite } from "./program.js";

/** Nothing goes on for ever: not a body that drips, nor a client that does not read, nor a server that stops. */

onEachEngine("deadlines", (engine) => {
  const cleanup = createCleanup();
  let upstream: FaultUpstream;
  let env: Record<string, string>;
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    cleanup.add(upstream.close);
    env = {
      SKILLETT_INTEGRATIONS_DIR: ["outcomes", "integrations"]
        .map((name) => new URL(`../fixtures/${name}`, import.meta.url).pathname)
        .join(":"),
      SKILLETT_SAID_BASE_URL: upstream.url,
      SKILLETT_ODD_BASE_URL: upstream.url,
    };
  });
  afterAll(() => cleanup.run());

  /** A client that takes the head of its answer and then reads nothing. */
  async function doNotRead(url: string, key: string, path: string, params: object): Promise<IncomingMessage> {
    const asking = request(`${url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    });
    asking.end(JSON.stringify({ params }));
    const [answer] = (await once(asking, "response")) as [IncomingMessage];
    answer.on("error", () => {});
    answer.pause();
    return answer;
  }

  it("a call whose client does not read the answer ends at its deadline", async () => {
    const skillett = await startSkillett(engine, { env: { ...env, SKILLETT_CALL_TIMEOUT_SECONDS: "1" } });
    cleanup.add(skillett.close);
    await skillett.connect("odd");
    const answer = await doNotRead(skillett.url, skillett.key, "/v1/odd/get_path", { path: "huge", mb: 50 });
    const rows = async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls;
    await expect
      .poll(rows, { timeout: 10_000 })
      .toMatchObject([{ status: "failed", upstream_status: 200, error: "upstream_timeout" }]);
    answer.destroy();
  });

  it("a server that stops ends the calls it still waits for, each with its answer and its row", async () => {
    const site = await createSite(engine, { ...env, SKILLETT_DRAIN_SECONDS: "1" });
    cleanup.add(() => site.close());
    const server = await site.up();
    const credentials = { token: "token-0123456789" };
    for (const integration of ["said", "odd"])
      await site.call("POST", "/v1/connect", { integration, credentials });
    const dripping = site.call("POST", "/v1/said/post", { params: { path: "drip/1", status: 201 } });
    const silent = site.call("POST", "/v1/said/post", { params: { path: "silent/1" } });
    const reading = site.call("POST", "/v1/said/read", { params: { path: "interim/1" } });
    await Promise.all(["/drip/1", "/silent/1", "/interim/1"].map((path) => upstream.arrived(path)));
    const key = await site.key();
    const deaf = await doNotRead(server.url, key, "/v1/odd/get_path", { path: "huge", mb: 50 });

    const ended = once(server.child, "exit");
    server.child.kill("SIGTERM");
    const stopped = { status: 503, json: { error: "unavailable" } };
    expect(await dripping).toMatchObject(stopped);
    expect(await silent).toMatchObject({ ...stopped, json: { retryable: false, outcome: "unknown" } });
    expect(await reading).toMatchObject({ ...stopped, json: { retryable: true } });
    expect(await ended).toEqual([0, null]);
    deaf.destroy();

    await site.up();
    const { calls } = (await site.call("GET", "/v1/calls?limit=4")).json;
    const rows = calls.map(({ endpoint, status, error }: Record<string, string>) => [
      endpoint,
      status,
      error,
    ]);
    expect(rows.sort()).toEqual(
      ["get_path", "post", "post", "read"].map((endpoint) => [endpoint, "failed", "unavailable"]),
    );
  });
});
