import {
  auth,
  Client,
  extractWWWAuthenticateParams,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SkillettError } from "#core/errors.js";
import { type Front, startFront } from "#support/front.js";
import { type FreshDatabase, usePostgres } from "#support/postgres.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import type { Visitor } from "#support/visitor.js";
import { claimInstance } from "#support/world.js";
import { createRemoteClients, pathOf } from "./oauth-stage.js";

/** One public address, and as many servers behind it as wanted. */
interface Site {
  front: Front;
  servers: Skillett[];
  owner: Visitor;
  close(): Promise<void>;
}

async function startSite(start: (env: Record<string, string>) => Promise<Skillett[]>): Promise<Site> {
  const servers: Skillett[] = [];
  const front = await startFront();
  servers.push(...(await start({ SKILLETT_PUBLIC_URL: front.url })));
  front.servers.push(...servers.map(({ url }) => url));
  // Each start has printed a link of its own in the place of the one before.
  const { claimToken } = servers.at(-1)!;
  const owner = await claimInstance({ url: front.url, claimToken });
  return {
    front,
    servers,
    owner,
    close: async () => {
      await front.close();
      await Promise.all(servers.map((skillett) => skillett.close()));
    },
  };
}

/** What the official client asks of a program. */
class Program implements OAuthClientProvider {
  redirectUrl = "http://localhost:53682/callback";
  clientMetadata = {
    client_name: "Official client",
    redirect_uris: [this.redirectUrl],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  };
  sentTo: URL | undefined;
  stored: StoredOAuthTokens | undefined;
  private discovered: OAuthDiscoveryState | undefined;
  private client: StoredOAuthClientInformation | undefined;
  private verifier = "";

  clientInformation = () => this.client;
  tokens = () => this.stored;
  discoveryState = () => this.discovered;
  codeVerifier = () => this.verifier;
  saveClientInformation(client: StoredOAuthClientInformation) {
    this.client = client;
  }
  saveDiscoveryState(state: OAuthDiscoveryState) {
    this.discovered = state;
  }
  saveTokens(tokens: StoredOAuthTokens) {
    this.stored = tokens;
  }
  invalidateCredentials(scope: string) {
    if (scope === "all" || scope === "tokens") this.stored = undefined;
  }
  saveCodeVerifier(verifier: string) {
    this.verifier = verifier;
  }
  redirectToAuthorization(url: URL) {
    this.sentTo = url;
  }
}

async function letIn({ front, owner }: Site, program: Program): Promise<void> {
  const serverUrl = `${front.url}/mcp`;
  const unauthorized = await fetch(serverUrl, { method: "POST" });
  expect(unauthorized.status).toBe(401);
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(unauthorized);
  const where = { serverUrl, ...(resourceMetadataUrl && { resourceMetadataUrl }), ...(scope && { scope }) };
  expect(await auth(program, where)).toBe("REDIRECT");
  const html = { accept: "text/html" };
  const asked = await owner.call("GET", pathOf(program.sentTo!.href), undefined, html);
  const uid = new URL(asked.headers.get("location")!).searchParams.get("uid");
  const { json } = await owner.call("POST", `/api/authorizations/${uid}/approve`, {});
  const back = await owner.call("GET", pathOf(json.redirectTo), undefined, html);
  const { searchParams } = new URL(back.headers.get("location")!);
  const [authorizationCode, iss] = [searchParams.get("code")!, searchParams.get("iss")!];
  expect(await auth(program, { ...where, authorizationCode, iss })).toBe("AUTHORIZED");
}

/** Connects, and asks for the tools. */
async function countTools(serverUrl: string, authProvider: Program): Promise<number> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(serverUrl), { authProvider }));
    return (await client.listTools()).tools.length;
  } finally {
    await client.close();
  }
}

onEachEngine("OAuth with the official MCP client", (engine) => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite(async (env) => [await startSkillett(engine, { env })]);
  });
  afterAll(() => site?.close());

  it("a client with nothing but the address signs in, calls, refreshes, and asks anew when it is revoked", async () => {
    const program = new Program();
    await letIn(site, program);
    const serverUrl = `${site.front.url}/mcp`;
    expect(await countTools(serverUrl, program)).toBe(8);

    const before = program.stored!.access_token;
    expect(await auth(program, { serverUrl })).toBe("AUTHORIZED");
    expect(program.stored!.access_token).not.toBe(before);
    expect(await countTools(serverUrl, program)).toBe(8);

    const { json } = await site.owner.call("GET", "/api/authorizations");
    await site.owner.call("DELETE", `/api/authorizations/${json.authorizations[0].id}`);
    program.sentTo = undefined;
    await expect(countTools(serverUrl, program)).rejects.toThrow(UnauthorizedError);
    expect(program.sentTo).toMatchObject({ pathname: "/oauth/authorize" });
  });
});

describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)("OAuth on two servers, one PostgreSQL", () => {
  let site: Site;
  let database: FreshDatabase;
  beforeAll(async () => {
    database = (await usePostgres())!;
    const databaseUrl = database.url;
    site = await startSite(async (env) => {
      const first = await startSkillett("postgres", { databaseUrl, env });
      return [first, await startSkillett("postgres", { databaseUrl, env })];
    });
  });
  afterAll(async () => {
    await site?.close();
    await database?.drop();
  });

  it("the steps of a sign-in may each go to another server", async () => {
    for (let count = 0; count < 3; count++) await letIn(site, new Program());
  });

  it("a code or a refresh token that is sent to both servers at once is used once at the most", async () => {
    const remote = createRemoteClients(site.front, site.owner);
    const client = await remote.register();
    const request = await remote.begin(client);
    const callback = await request.decideAll("approve");
    const twice = await Promise.allSettled([request.redeem(callback), request.redeem(callback)]);
    expect(twice.filter(({ status }) => status === "fulfilled").length).toBeLessThan(2);

    const { refresh_token } = await remote.letIn(client);
    const { client_id } = client.clientMetadata();
    const refresh = () =>
      fetch(`${site.front.url}/oauth/token`, {
        method: "POST",
        body: new URLSearchParams({ grant_type: "refresh_token", refresh_token, client_id }),
      });
    const answers = await Promise.all([refresh(), refresh(), refresh(), refresh()]);
    const good = answers.filter(({ status }) => status === 200);
    expect(good.length).toBeLessThan(2);
    // Somebody has it who should not: what the quickest got is of no use either.
    for (const answer of good) {
      const { access_token } = (await answer.json()) as { access_token: string };
      const [skillett] = site.servers as [Skillett];
      await expect(skillett.app.authenticateMcp(`Bearer ${access_token}`, "::1")).rejects.toThrow(
        SkillettError,
      );
    }
  });

  it("a token for one address is refused under another name of the same servers", async () => {
    const remote = createRemoteClients(site.front, site.owner);
    const { access_token } = await remote.letIn(await remote.register());
    const env = { SKILLETT_PUBLIC_URL: "https://other.example" };
    const other = await startSkillett("postgres", { databaseUrl: database.url, env });
    try {
      await expect(other.app.authenticateMcp(`Bearer ${access_token}`, "::1")).rejects.toMatchObject({
        code: "unauthorized",
        message: expect.stringContaining(`is for ${remote.resource}, not for https://other.example/mcp`),
      });
    } finally {
      await other.close();
    }
  });
});
