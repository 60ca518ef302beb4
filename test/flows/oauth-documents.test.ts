import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { closeServer, listen } from "#support/loopback.js";
import { onEachEngine } from "#support/skillett.js";
import { createGuardedFetch } from "#upstream/fetch.js";
import { createGuards } from "#upstream/guard.js";
import { createUpstream, type Upstream } from "#upstream/send.js";
import { type OAuthStage, redirectUri, startOAuthStage } from "./oauth-stage.js";

/**
 * Clients known by a document of theirs. `https://client.test` is a server on loopback here, which the guard lets
 * through; every other address goes through the guard as it is.
 */

const host = "https://client.test";

onEachEngine("OAuth client documents", (engine) => {
  let stage: OAuthStage;
  let upstream: Upstream;
  let documents: string;
  const asked: string[] = [];
  /** By path; a string is sent as it is. */
  const served = new Map<string, unknown>();
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const document = served.get(url);
    if (document === undefined) return response.writeHead(404).end();
    if (document instanceof URL) return response.writeHead(302, { location: document.href }).end();
    response.writeHead(200, { "content-type": "application/json" });
    return response.end(typeof document === "string" ? document : JSON.stringify(document));
  });

  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });

  beforeAll(async () => {
    documents = await listen(server);
    upstream = createUpstream({
      guardOf: createGuards([{ host: new URL(documents).host, use: "store-source" }]),
      timeoutMs: 5_000,
      proxy: undefined,
      totalMs: 10_000,
      userAgent: "skillett/test",
      sleep: async () => {},
    });
    // Nothing opens a private host to documents of clients: the stand-in is reached as something else.
    const guarded = createGuardedFetch(upstream, "store-source");
    const fetchDocument: typeof fetch = (url, init) =>
      guarded(String(url).replace(/^https:\/\/client\.test(?=\/)/, documents), init);
    stage = await startOAuthStage(engine, { fetchDocument });
  });
  afterAll(async () => {
    await stage?.skillett.close();
    await upstream?.close();
    await closeServer(server);
  });
  // Nobody waits for anything that another test has counted.
  beforeEach(() => {
    stage.wait(3_600);
    asked.length = 0;
    connections = 0;
  });

  const metadata = (path: string, more: object = {}) => ({
    client_id: host + path,
    client_name: "Claude Code",
    client_uri: "https://client.test",
    redirect_uris: ["http://localhost/callback", redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    ...more,
  });
  async function open(clientId: string) {
    const request = await stage.begin(await stage.know(clientId));
    return { request, ...(await request.open()) };
  }

  it("a client document names a native program, which may listen on any port", async () => {
    served.set("/native.json", metadata("/native.json"));
    const client = await stage.know(`${host}/native.json`);
    const { uid } = await open(`${host}/native.json`);
    expect((await (await stage.begin(client)).see(uid)).json).toMatchObject({
      clientId: `${host}/native.json`,
      clientName: "Claude Code",
      clientHost: "client.test",
      redirectTo: "127.0.0.1:49152",
    });
    const tokens = await stage.letIn(client, { redirect_uri: "http://localhost:3118/callback" });
    expect(await stage.use(tokens.access_token)).toMatchObject({ scopes: ["github:read"] });
    expect(asked).toEqual(["/native.json"]);
  });

  it("a client document has its name shown without characters that mislead", async () => {
    const document = metadata("/named.json", { client_name: "\u202eClaude\u2066 Code\n", client_uri: null });
    served.set("/named.json", document);
    const { uid } = await open(`${host}/named.json`);
    const client = await stage.know(`${host}/named.json`);
    expect((await (await stage.begin(client)).see(uid)).json).toMatchObject({ clientName: "Claude Code" });
  });

  it("a client document may leave out how the program proves itself", async () => {
    const { token_endpoint_auth_method: _, ...rest } = metadata("/plain.json");
    served.set("/plain.json", rest);
    const tokens = await stage.letIn(await stage.know(`${host}/plain.json`));
    expect(await stage.use(tokens.access_token)).toMatchObject({ scopes: ["github:read"] });
  });

  describe("client documents that are refused", () => {
    const refused = async (clientId: string, why: string) => {
      const { uid, reply } = await open(clientId);
      expect([uid, reply.status, reply.headers.get("location")]).toEqual(["", 400, null]);
      expect(reply.text).toContain("This request does not work");
      expect(reply.text).toContain(why);
    };

    const fetchFailed = "document fetch failed";
    it.each<[string, unknown, string]>([
      ["that speaks for another address", metadata("/native.json"), "client_id does not match"],
      [
        "with a secret",
        metadata("/bad.json", { client_secret: "s", token_endpoint_auth_method: "none" }),
        "must not contain client_secret",
      ],
      [
        "with a shared secret",
        metadata("/bad.json", { token_endpoint_auth_method: "client_secret_post" }),
        "must not use shared-secret",
      ],
      [
        "that leads to a place without TLS",
        metadata("/bad.json", { redirect_uris: ["http://a.example/"] }),
        "can only use loopback addresses",
      ],
      [
        "that leads to anybody's scheme",
        metadata("/bad.json", { redirect_uris: [redirectUri, "evil:/cb"] }),
        "redirect_uris[1] has the scheme evil:",
      ],
      [
        "that leads to a password",
        metadata("/bad.json", { redirect_uris: ["https://u:p@a.example/"] }),
        "must not have a user name or a password",
      ],
      ["of 10 MB", JSON.stringify(metadata("/bad.json")).padEnd(10_000_000), fetchFailed],
      ["that is no JSON", "<html>", fetchFailed],
      ["that is a list", "[]", "is not a JSON object"],
    ])("a client document %s is refused, and leads nowhere", async (_, document, why) => {
      served.set("/bad.json", document);
      await refused(`${host}/bad.json`, why);
    });

    it("a client document that redirects or is missing is refused", async () => {
      served.set("/good.json", metadata("/good.json"));
      served.set("/moved.json", new URL(`${documents}/good.json`));
      await refused(`${host}/moved.json`, fetchFailed);
      // Looked up again to say what is wrong.
      expect(new Set(asked)).toEqual(new Set(["/moved.json"]));
      await refused(`${host}/missing.json`, fetchFailed);
      expect(asked.at(-1)).toBe("/missing.json");
    });

    it.each([
      "https://169.254.169.254/latest/meta-data",
      "https://10.0.0.1/client.json",
      "https://[::1]/client.json",
    ])("a client document at %s is refused", async (clientId) => {
      await refused(clientId, fetchFailed);
    });

    it.each(["[::ffff:127.0.0.1]", "localhost"])(
      "a client document on another name of this machine, %s, is refused without connecting",
      async (name) => {
        const { port } = new URL(documents);
        await refused(`https://${name}:${port}/client.json`, fetchFailed);
        expect(connections).toBe(0);
      },
    );

    it("a client document without TLS, or at an address that hides its host, is not asked for", async () => {
      const { host: port } = new URL(documents);
      for (const clientId of [`http://${port}/native.json`, "https://a@client.test/native.json"])
        await refused(clientId, "client is invalid");
      expect([asked, connections]).toEqual([[], 0]);
    });
  });
});
