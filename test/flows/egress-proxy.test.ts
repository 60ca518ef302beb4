import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { RequestSignal } from "#core/request-signal.js";
import { signIn } from "#support/browser.js";
import { closeServer, listen } from "#support/loopback.js";
import {
  beyondProxy,
  type ProxyOptions,
  type ProxyStandIn,
  startProxy,
  throughProxy,
} from "#support/proxy.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { onEachEngine } from "#support/skillett.js";
import { insertAgent, type Person, signUp } from "#support/world.js";
import { createGuards } from "#upstream/guard.js";
import { createUpstream } from "#upstream/send.js";
import { type OAuthStage, startOAuthStage } from "./oauth-stage.js";

/** The server where the only way out is a proxy, which lets nothing through that is named by a name. */

const portOf = (url: string) => new URL(url).port;

describe("a request through the proxy of the server", () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function stage(
    options: ProxyOptions,
    allowed: string[],
    env: (proxy: ProxyStandIn) => string = ({ url }) => url,
  ) {
    const proxy = await startProxy({ addressesOnly: true, ...options });
    closers.push(proxy.close);
    const upstream = createUpstream({
      guardOf: createGuards(allowed.map((host) => ({ host, use: "store-source" }))),
      timeoutMs: 5_000,
      totalMs: 10_000,
      proxy: new URL(env(proxy)),
      userAgent: "skillett/test",
      sleep: async () => {},
    });
    closers.push(() => upstream.close());
    const get = async (url: string) => {
      const response = await upstream.send({
        use: "store-source",
        service: "Odd",
        method: "GET",
        url,
        headers: {},
        body: null,
        signal: new RequestSignal(),
      });
      return { status: response.status, text: await response.body.text() };
    };
    return { proxy, get };
  }

  it("a request is a tunnel to an address, also without TLS, and has the name of the server in it", async () => {
    const hosts: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      hosts.push(request.headers.host);
      response.end(`got ${request.url}`);
    });
    const port = portOf(await listen(server));
    closers.push(() => closeServer(server));
    const { proxy, get } = await stage({ credentials: "me:p@ss" }, ["localhost"]);
    expect(await get(`http://localhost:${port}/x?y=1`)).toEqual({ status: 200, text: "got /x?y=1" });
    expect(hosts).toEqual([`localhost:${port}`]);
    expect(proxy.asked.length).toBeGreaterThan(0);
    for (const asked of proxy.asked)
      expect([`CONNECT 127.0.0.1:${port}`, `CONNECT [::1]:${port}`]).toContain(asked);
    const before = proxy.asked.length;
    for (let count = 0; count < 5; count++) await get(`http://localhost:${port}/again`);
    expect(proxy.asked.length - before, "a tunnel is used again").toBeLessThan(5);
  });

  it("a request through a tunnel speaks TLS with the server, by its name", async () => {
    const hello = createTcpServer();
    hello.listen(0, "127.0.0.1");
    await once(hello, "listening");
    closers.push(async () => void hello.close());
    const first = new Promise<Buffer>((resolve) => {
      hello.on("connection", (socket) =>
        socket
          .once("data", (data) => {
            resolve(data);
            socket.destroy();
          })
          .on("error", () => {}),
      );
    });
    const { port } = hello.address() as AddressInfo;
    const { proxy, get } = await stage({}, [`localhost:${port}`]);
    await expect(get(`https://localhost:${port}/`)).rejects.toMatchObject({ code: "upstream_unreachable" });
    // The name of the server stands in the clear in the first message. @see RFC 6066 §3
    expect((await first).includes("localhost")).toBe(true);
    expect(proxy.asked).toContain(`CONNECT 127.0.0.1:${port}`);
  });

  it.each([
    "https://localhost/",
    "https://127.0.0.1/",
    "http://8.8.8.8/",
    "https://[::1]/",
    "https://169.254.169.254/",
  ])("a request to %s is refused before the proxy is asked", async (url) => {
    const { proxy, get } = await stage({}, []);
    await expect(get(url)).rejects.toMatchObject({ code: "upstream_unreachable", retryable: false });
    expect(proxy.asked).toEqual([]);
  });

  it("a redirect to loopback is not followed through the proxy", async () => {
    const server = createServer((_, response) =>
      response.writeHead(302, { location: "https://127.0.0.1/" }).end(),
    );
    const { host } = new URL(await listen(server));
    closers.push(() => closeServer(server));
    const { proxy, get } = await stage({}, [host]);
    await expect(get(`http://${host}/`)).rejects.toMatchObject({
      code: "upstream_unreachable",
      retryable: false,
    });
    expect(proxy.asked).toEqual([`CONNECT ${host}`]);
  });

  it.each([
    ["wants another password", 407],
    ["is away", "could not be reached"],
  ])("the error says that the proxy %s, and shows no password", async (what, why) => {
    const { get } = await stage({ credentials: "me:right" }, ["127.0.0.1"], ({ url }) =>
      what === "is away" ? "http://me:wrong-password@127.0.0.1:9" : url.replace("right", "wrong-password"),
    );
    const error = await get("http://127.0.0.1:1/").catch((error: Error) => error);
    expect(error).toMatchObject({
      code: "upstream_unreachable",
      retryable: true,
      cause: { message: expect.stringContaining(String(why)) },
    });
    expect((error as Error).message).toContain("the proxy of this server");
    expect(JSON.stringify([error, String((error as Error).cause), (error as Error).stack])).not.toContain(
      "wrong-password",
    );
  });
});

onEachEngine("the server behind a proxy", (engine) => {
  let proxy: ProxyStandIn;
  let stage: OAuthStage;
  let provider: RotatingProvider;
  let ada: Person;
  const urls: Record<string, string> = {};
  const servers: Record<string, Server> = {};
  let told = () => {};

  beforeAll(async () => {
    proxy = await startProxy({ addressesOnly: true, credentials: "egress:secret", route: throughProxy });
    provider = await startRotatingProvider();
    for (const name of ["odd", "hooks", "skills"]) {
      servers[name] = createServer((_, response) => {
        response.writeHead(200, { "content-type": "application/json" }).end(answers[name]);
        if (name === "hooks") told();
      });
      urls[name] = await listen(servers[name]);
    }
    const settings = provider.settings();
    const onlyThroughProxy = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, value.replace("127.0.0.1", beyondProxy)]),
    );
    stage = await startOAuthStage(engine, {
      env: {
        ...onlyThroughProxy,
        // The browser of a person has its own way.
        SKILLETT_ODD_AUTHORIZE_URL: settings.SKILLETT_ODD_AUTHORIZE_URL!,
        SKILLETT_EGRESS_PROXY: proxy.url,
        SKILLETT_SIGN_UP: "open",
        SKILLETT_ODD_OPEN_BASE_URL: urls.odd!,
        SKILLETT_WEBHOOK_URL: urls.hooks!,
        SKILLETT_WEBHOOK_SECRET: "x".repeat(32),
        SKILLETT_ALLOW_HOSTS: `store-source=${new URL(urls.skills!).host}`,
      },
    });
    provider.registerRedirect(`${stage.skillett.url}/callback`);
    ada = await signUp(stage.skillett, "Bea");
  });
  afterAll(async () => {
    await stage?.skillett.close();
    await proxy?.close();
    await provider?.close();
    for (const server of Object.values(servers)) await closeServer(server);
  });

  const answers: Record<string, string> = {
    odd: '{"id":7,"name":"machine"}',
    hooks: "",
    skills: '{"skills":[]}',
  };
  const tunnelsTo = (url: string) => proxy.asked.filter((asked) => asked === `CONNECT ${new URL(url).host}`);

  it("a server behind a proxy calls services and gets tokens through it", async () => {
    const { skillett } = stage;
    const called = await skillett.call("POST", "/v1/odd-open/get_path", {
      body: { params: { path: "json" } },
    });
    expect(called).toMatchObject({ status: 200, json: { status: 200 } });
    expect(tunnelsTo(urls.odd!)).toHaveLength(1);
    const credentials = { client_id: provider.client.id, client_secret: provider.client.secret };
    const connected = await skillett.call("POST", "/v1/connect", {
      body: { integration: "odd-machine", credentials },
    });
    expect(connected).toMatchObject({ status: 200, json: { status: "connected", account: "machine" } });
  });

  it("a person connects, renews and disconnects an account at a provider that only the proxy reaches", async () => {
    const { skillett } = stage;
    const body = { integration: "odd-oauth" };
    const { oauth_url, connection_id } = (await skillett.call("POST", "/v1/connect", { body })).json;
    expect((await signIn(oauth_url)).html).toContain("<strong>octocat</strong>");
    const run = () => skillett.call("POST", "/v1/odd-oauth/get_path", { body: { params: { path: "json" } } });
    provider.expireAll();
    expect((await run()).json).toEqual({ status: 200, data: { id: 1, name: "octocat" } });
    expect(provider.refreshCount()).toBe(1);
    expect((await skillett.call("DELETE", `/v1/connections/${connection_id}`)).status).toBe(200);
    expect(provider.revokeCount()).toBe(1);
    const carried = `CONNECT ${beyondProxy}:${portOf(provider.url)}`;
    expect(proxy.asked.filter((asked) => asked === carried).length).toBeGreaterThan(0);
  });

  it("a server behind a proxy reads sources of skills through it", async () => {
    const reply = await ada.call("POST", "/api/listings/sources", {
      name: "others",
      url: urls.skills!,
    });
    expect(reply.status).toBe(201);
    expect(tunnelsTo(urls.skills!)).toHaveLength(1);
  });

  it("a server behind a proxy sends webhooks through it", async () => {
    const heard = new Promise<void>((resolve) => {
      told = resolve;
    });
    const { key } = await insertAgent(stage.skillett.app.database, ada, "agent");
    const body = { type: "connector_request", subject: "odd", reason: "Needed." };
    const asked = await stage.skillett.call("POST", "/v1/tasks", { key, body });
    expect(asked.status, asked.text).toBeLessThan(300);
    await heard;
    expect(tunnelsTo(urls.hooks!)).toHaveLength(1);
  });

  it("a server behind a proxy asks it for documents of clients at public addresses only", async () => {
    const authorize = (clientId: string) => {
      const query = new URLSearchParams({
        client_id: clientId,
        response_type: "code",
        redirect_uri: "http://127.0.0.1/callback",
        code_challenge: "x".repeat(43),
        code_challenge_method: "S256",
      });
      return fetch(`${stage.skillett.url}/oauth/authorize?${query}`, { redirect: "manual" });
    };
    expect((await authorize("https://192.0.2.1/client.json")).status).toBe(400);
    expect((await authorize("https://127.0.0.1/client.json")).status).toBe(400);
    expect(proxy.asked).not.toContain("CONNECT 192.0.2.1:443");
    expect(proxy.asked).not.toContain("CONNECT 127.0.0.1:443");
    expect((await authorize("https://1.1.1.1:1/client.json")).status).toBe(400);
    expect(proxy.asked).toContain("CONNECT 1.1.1.1:1");
  });
});
