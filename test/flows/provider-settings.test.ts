import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { resolveLocalhostNames } from "#support/localhost-names.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** A host for each customer, at which people sign in, too; and a provider that wants more with its tokens. */

resolveLocalhostNames();

const files = (port: string): Record<string, string> => ({
  "providers/shop.yaml": `name: Shop
register_url: https://shop.example.com/clients
authorize_url: http://{site}.localhost:${port}/authorize
token_url: http://{site}.localhost:${port}/token
refresh_url: http://{site}.localhost:${port}/refresh
client_auth: basic
token_params: { expires_in: "1800" }
refresh_params: { redirect_uri: "{redirect_uri}" }
revoke:
  request: POST http://{site}.localhost:${port}/revoke
  client_auth: basic
  params: { token: "{token}" }
`,
  "shop/integration.yaml": `name: Shop
description: A shop with a host for each customer.
category: developer
base_url: http://{site}.localhost:${port}
settings:
  site: { label: Site, help: The first part of the address., pattern: "[a-z][a-z0-9-]*" }
auth:
  oauth2: { provider: shop, scopes: [read] }
  machine:
    provider: shop
    grant: client_credentials
    scopes: []
    fields: { client_id: { label: Id, help: Any. }, client_secret: { label: Secret, help: Any. } }
account: { request: GET /json, id: id, name: name }
`,
  "shop/SKILL.md": "---\nname: skillett-shop\ndescription: A shop. Use it in tests only.\n---\n# Shop\n",
  "shop/endpoints/me/get_me.md": `---
summary: Get me
request: GET /json
effect: read
scopes: []
returns: The account.
example: { params: {}, sends: { method: GET, url: /json } }
---
Nothing changes.
`,
});

onEachEngine("settings in the URLs of a provider", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  let shop: RotatingProvider;
  let now = Date.parse("2026-11-22T12:00:00Z");

  beforeAll(async () => {
    shop = await startRotatingProvider();
    cleanup.add(shop.close);
    const { port } = new URL(shop.url);
    const dir = await mkdtemp(path.join(tmpdir(), "skillett-shop-"));
    cleanup.add(() => rm(dir, { recursive: true }));
    for (const [name, text] of Object.entries(files(port))) {
      await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
      await writeFile(path.join(dir, name), text);
    }
    const { SKILLETT_ODD_CLIENT_ID: id = "", SKILLETT_ODD_CLIENT_SECRET: secret = "" } = shop.settings();
    skillett = await startSkillett(engine, {
      clock: () => now,
      env: {
        SKILLETT_INTEGRATIONS_DIR: dir,
        SKILLETT_SHOP_CLIENT_ID: id,
        SKILLETT_SHOP_CLIENT_SECRET: secret,
        SKILLETT_ALLOW_HOSTS: ["acme", "globex"].map((it) => `${it}.localhost:${port}`).join(),
      },
    });
    cleanup.add(skillett.close);
    registerCallback(skillett, shop);
  });
  afterAll(cleanup.run);

  const since = (count: number) =>
    shop.requests
      .slice(count)
      .map(({ method, path: at, headers }) => `${method} ${headers.host} ${at.split("?")[0]}`);
  const at = (name: string) => `${name}.localhost:${new URL(shop.url).port}`;

  it("people sign in, tokens are renewed and revoked at the host of the connection", async () => {
    const refused = await skillett.call("POST", "/v1/connect", { body: { integration: "shop" } });
    expect(refused.json.issues).toMatchObject([{ at: "settings.site" }]);
    const signedIn = await connectBySignIn(skillett, { integration: "shop", settings: { site: "acme" } });
    expect(signedIn.told).toMatchObject({ status: "connected", account: "octocat at acme" });
    expect(signedIn.asked.host).toBe(at("acme"));
    expect(shop.tokenRequests.at(-1)!.body).toMatchObject({ expires_in: "1800" });

    now += 3_600_000;
    const before = shop.requests.length;
    const { json } = await skillett.call("POST", "/v1/shop/get_me", { body: { params: {} } });
    expect(json.status).toBe(200);
    expect(since(before)).toEqual([`POST ${at("acme")} /refresh`, `GET ${at("acme")} /json`]);
    expect(shop.requests[before]!.body).toMatchObject({
      expires_in: "1800",
      redirect_uri: `${skillett.url}/callback`,
    });

    const revoked = shop.requests.length;
    const ended = await skillett.call("DELETE", `/v1/connections/${signedIn.id}`);
    expect(ended.json).toMatchObject({ revoked: true });
    expect(since(revoked)).toEqual([`POST ${at("acme")} /revoke`]);
  });

  it("programs get their tokens at the host of the connection", async () => {
    const { SKILLETT_ODD_CLIENT_ID: client_id, SKILLETT_ODD_CLIENT_SECRET: client_secret } = shop.settings();
    const before = shop.requests.length;
    const credentials = { client_id, client_secret };
    const body = { integration: "shop", credentials, settings: { site: "globex" } };
    const { json } = await skillett.call("POST", "/v1/connect", { body });
    expect(json).toMatchObject({ status: "connected", account: "machine at globex" });
    expect(since(before)).toEqual([`POST ${at("globex")} /token`, `GET ${at("globex")} /json`]);
  });
});
