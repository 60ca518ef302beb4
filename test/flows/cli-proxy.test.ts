import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, it, test } from "vitest";
import { createNodeTransport } from "#cli/server/transport.js";
import { readText } from "#client/client.js";
import { startServer } from "#support/cli.js";
import { type ProxyOptions, type ProxyStandIn, startProxy } from "#support/proxy.js";
import { startSkillett } from "#support/skillett.js";
import { program, runSkillett } from "./program.js";

/** The CLI where the only way out is a proxy. */

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe("the CLI behind a proxy", () => {
  const proxied = async (options: ProxyOptions, env: (proxy: ProxyStandIn) => Record<string, string>) => {
    const server = await startServer(() => ({ status: 418, text: "{}" }));
    const port = Number(new URL(server.url).port);
    const proxy = await startProxy({ route: () => ({ host: "127.0.0.1", port }), ...options });
    closers.push(proxy.close, server.close);
    const send = (url: string) =>
      createNodeTransport(env(proxy))({ method: "POST", url, headers: {}, body: "b", signal: undefined });
    return { send, proxy, server };
  };

  test("a proxy is asked for a plain server by its whole URL", async () => {
    const { send, proxy, server } = await proxied({ credentials: "me:pw" }, ({ url }) => ({
      HTTP_PROXY: url,
    }));
    const reply = await send("http://skills.test/v1/x?y=1");
    expect([reply.status, await readText(reply)]).toEqual([418, "{}"]);
    expect(proxy.asked).toEqual(["POST http://skills.test/v1/x?y=1"]);
    expect(server.received).toMatchObject([
      { url: "/v1/x?y=1", body: "b", headers: { host: "skills.test" } },
    ]);
    expect(server.received[0]!.headers).not.toHaveProperty("proxy-authorization");
  });

  test("a proxy is asked for a tunnel to the name of a server with TLS", async () => {
    const { send, proxy } = await proxied({}, ({ url }) => ({ HTTPS_PROXY: url }));
    // The server behind it speaks no TLS: that is as far as this goes.
    await expect(send("https://skills.test/v1/x")).rejects.toMatchObject({ name: "NetworkError" });
    expect(proxy.asked).toEqual(["CONNECT skills.test:443"]);
  });

  test.each([
    ["http://skills.test/", 407],
    ["https://skills.test/", 407],
    ["https://skills.test/", 403],
  ])("a proxy that refuses %s with %i is named, without its password", async (url, status) => {
    const options = status === 407 ? { credentials: "me:pw" } : { addressesOnly: true };
    const { send } = await proxied(options, (proxy) => {
      const bare = new URL(proxy.url);
      bare.password = status === 407 ? "wrong-password" : "";
      return { HTTP_PROXY: bare.href, HTTPS_PROXY: bare.href };
    });
    const error = await send(url).catch((error: Error) => error);
    expect(error).toMatchObject({
      name: "NetworkError",
      message: expect.stringContaining("proxy 127.0.0.1:"),
    });
    expect((error as Error).message).toContain(String(status));
    expect((error as Error).message).not.toContain("wrong-password");
  });

  test.each(["http://skills.test/", "https://skills.test/"])(
    "a proxy that takes connections for %s and says nothing is not waited for",
    async (url) => {
      const silent = createServer(() => {});
      silent.listen(0, "127.0.0.1");
      await once(silent, "listening");
      const gone = new Promise<void>((resolve) => {
        silent.on("connection", (socket) =>
          socket
            .on("error", () => {})
            .once("close", () => resolve())
            .resume(),
        );
      });
      const { port } = silent.address() as AddressInfo;
      const proxy = `http://127.0.0.1:${port}`;
      const send = createNodeTransport({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy }, 50);
      const reply = send({ method: "GET", url, headers: {}, body: undefined, signal: undefined });
      await expect(reply).rejects.toThrow(/did not answer in time/);
      await gone;
      silent.close();
    },
  );

  test("a proxy that refuses connections is named in the error", async () => {
    const { send, proxy } = await proxied({}, ({ url }) => ({ HTTP_PROXY: url }));
    await proxy.close();
    await expect(send("http://skills.test/")).rejects.toThrow(/through the proxy 127.*ECONNREFUSED/);
  });
});

/** What `skillett mcp` says to these lines, up to the one with `mark` in it. */
async function untilAnswered(lines: string, mark: string, env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [program, "mcp"], { env: { PATH: process.env.PATH, ...env } });
  child.stdin.write(lines);
  let text = "";
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes(mark) && text.endsWith("\n")) child.stdin.end();
  }
  return text;
}

describe("the program", () => {
  it.each(["HTTP_PROXY", "http_proxy"])(
    "the program goes by %s, also as an MCP server, unless NO_PROXY says otherwise",
    async (name) => {
      const skillett = await startSkillett("sqlite");
      const port = Number(new URL(skillett.url).port);
      const proxy = await startProxy({ route: () => ({ host: "127.0.0.1", port }) });
      closers.push(proxy.close, skillett.close);
      const env = { SKILLETT_URL: "http://skills.test", SKILLETT_API_KEY: skillett.key, [name]: proxy.url };

      const whoami = await runSkillett(["whoami"], { env });
      expect(JSON.parse(whoami.stdout)).toMatchObject({ tenant: { role: "owner" } });
      expect(proxy.asked).toEqual(["GET http://skills.test/v1/me"]);

      const call = { name: "integration_search", arguments: { query: "path" } };
      const input = [
        {
          id: 1,
          method: "initialize",
          params: {
            protocolVersion: "2025-06-18",
            capabilities: {},
            clientInfo: { name: "t", version: "1" },
          },
        },
        { method: "notifications/initialized" },
        { id: 2, method: "tools/call", params: call },
      ];
      const lines = input.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join("");
      const answered = await untilAnswered(lines, '"id":2', env);
      expect(answered).toContain("integrations");
      expect(answered).not.toContain('"isError":true');
      expect(proxy.asked.length).toBeGreaterThan(1);

      const before = proxy.asked.length;
      const direct = { ...env, SKILLETT_URL: skillett.url };
      expect((await runSkillett(["whoami"], { env: direct })).code, "this machine is reached directly").toBe(
        0,
      );
      const exempt = await runSkillett(["whoami"], { env: { ...env, NO_PROXY: "other.test,.test" } });
      expect([exempt.code === 0, exempt.stderr]).toEqual([false, expect.stringContaining("skills.test")]);
      expect(proxy.asked).toHaveLength(before);
    },
  );
});
