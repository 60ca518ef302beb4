import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { closeServer, listen } from "#support/loopback.js";
import { onEachEngine } from "#support/skillett.js";
import { type OAuthStage, startOAuthStage } from "./oauth-stage.js";

/** A host of the operator's own network is open for what the operator named it for, and for nothing else. */

onEachEngine("requests of the server", (engine) => {
  const asked: string[] = [];
  let redirectTo = "";
  const servers: Record<"odd" | "odd-open" | "hooks" | "token", Server> = {
    odd: recording("odd"),
    "odd-open": recording("odd-open"),
    hooks: recording("hooks"),
    token: recording("token"),
  };
  const urls: Record<string, string> = {};
  let stage: OAuthStage;

  /** Answers everything, and remembers that it was asked. */
  function recording(name: string): Server {
    return createServer(({ url = "" }, response) => {
      asked.push(name);
      if (url === "/redirect") return response.writeHead(302, { location: redirectTo }).end();
      return response.writeHead(200, { "content-type": "application/json" }).end('{"skills":[]}');
    });
  }

  beforeAll(async () => {
    for (const [name, server] of Object.entries(servers)) urls[name] = await listen(server);
    stage = await startOAuthStage(engine, {
      env: {
        SKILLETT_ODD_BASE_URL: urls.odd!,
        SKILLETT_ODD_OPEN_BASE_URL: urls["odd-open"]!,
        SKILLETT_ODD_TOKEN_URL: `${urls.token}/token`,
        SKILLETT_WEBHOOK_URL: urls.hooks!,
        SKILLETT_WEBHOOK_SECRET: "x".repeat(32),
        SKILLETT_ALLOW_HOSTS: `webhook=${new URL(urls.odd!).host}`,
      },
    });
  });
  afterAll(async () => {
    await stage?.skillett.close();
    for (const server of Object.values(servers)) await closeServer(server);
  });
  beforeEach(() => {
    asked.length = 0;
  });

  const call = (path: string) =>
    stage.skillett.call("POST", "/v1/odd-open/get_path", { body: { params: { path } } });

  it("an integration is reached at the address that was set for it", async () => {
    expect(await call("json")).toMatchObject({ status: 200, json: { status: 200 } });
    expect(asked).toEqual(["odd-open"]);
  });

  it.each(["odd", "hooks", "token"])(
    "an integration is not led by a redirect to the address that was set for %s",
    async (other) => {
      redirectTo = `${urls[other]}/json`;
      const reply = await call("redirect");
      expect(reply).toMatchObject({ status: 502, json: { error: "upstream_unreachable", retryable: false } });
      expect(asked).toEqual(["odd-open"]);
    },
  );

  describe.each(["odd", "odd-open", "hooks", "token"])("the address that was set for %s", (name) => {
    it("an address that was set for one use is no source of skills", async () => {
      const source = { name: `a-${name}`, url: urls[name]!, token: "a-token-of-the-attacker" };
      const reply = await stage.owner.call("POST", "/api/listings/sources", source);
      expect(reply).toMatchObject({ status: 502, json: { code: "upstream_unreachable" } });
      expect(asked).toEqual([]);
    });

    it("an address that was set for one use is not asked for the document of a client", async () => {
      const document = `${urls[name]!.replace("http:", "https:")}/client.json`;
      const query = new URLSearchParams({
        client_id: document,
        response_type: "code",
        redirect_uri: "http://127.0.0.1/callback",
        code_challenge: "x".repeat(43),
        code_challenge_method: "S256",
      });
      const reply = await fetch(`${stage.skillett.url}/oauth/authorize?${query}`, { redirect: "manual" });
      expect([reply.status, reply.headers.get("location")]).toEqual([400, null]);
      expect(asked).toEqual([]);
    });
  });
});
