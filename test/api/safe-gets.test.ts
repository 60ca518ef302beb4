import { afterAll, beforeAll, expect, it } from "vitest";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import { signIn } from "#support/browser.js";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { type OidcProvider, startOidc } from "#support/oidc-provider.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor } from "#support/visitor.js";
import { type Company, gatherCompany } from "#support/world.js";
import type { Row } from "./access-row.js";
import { accessTable } from "./access-table.js";
import { createRegistryThings } from "./registry-things.js";
import { sendRequest } from "./wire-request.js";

/** Looking at an address, with HEAD or ahead of time, changes nothing; whatever changes by a GET says so. */

const gets = (Object.entries(contract) as [keyof typeof contract, Route][]).filter(
  ([, { method }]) => method === "GET",
);
const ahead: [string, Record<string, string>][] = [
  ["a prefetch", { "sec-purpose": "prefetch" }],
  ["a prerender", { "sec-purpose": "prefetch;prerender" }],
  ["an older prefetch", { purpose: "prefetch" }],
  ["a preview", { "x-purpose": "preview" }],
  ["an old prefetch", { "x-moz": "prefetch" }],
];
/** Written by whoever asks at all: when a key was last seen, how often somebody tried. */
const notCounted = { tables: ["throttles", "call_counts"], columns: ["last_used_at", "updated_at"] };

onEachEngine("safe GETs", (engine) => {
  let skillett: Skillett;
  let github: GithubStandIn;
  let provider: RotatingProvider;
  let oidc: OidcProvider;
  let people: Company;
  const names: Record<string, string> = {};

  beforeAll(async () => {
    [github, provider, oidc] = await Promise.all([startGithub(), startRotatingProvider(), startOidc()]);
    skillett = await startSkillett(engine, {
      env: {
        ...github.settings(),
        ...provider.settings(),
        SKILLETT_SIGN_UP: "open",
        SKILLETT_ALLOW_HOSTS: "127.0.0.1",
        SKILLETT_SIGN_IN_OIDC_ISSUER: oidc.issuer,
        SKILLETT_SIGN_IN_OIDC_CLIENT_ID: "skillett",
        SKILLETT_SIGN_IN_OIDC_CLIENT_SECRET: "a-secret-of-the-operator",
      },
    });
    registerCallback(skillett, github);
    provider.registerRedirect(`${skillett.url}/callback`);
    people = await gatherCompany(skillett);
    const credentials = { token: github.mintToken("octocat") };
    const body = { integration: "github", credentials, shared: true };
    names.shared = (
      await skillett.call("POST", "/v1/connect", { key: people.owner.key, body })
    ).json.connection_id;
    await createRegistryThings(skillett, people, names).setUp();
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
    await provider?.close();
    await oidc?.close();
  });

  /** Everything the database holds, as text. */
  async function everything(): Promise<string[]> {
    const { kysely } = skillett.app.database;
    const tables = (await kysely.introspection.getTables()).map(({ name }) => name).sort();
    const rows = await Promise.all(
      tables
        .filter((name) => !notCounted.tables.includes(name))
        .map(async (name) => {
          const all = await kysely
            .selectFrom(name as "api_keys")
            .selectAll()
            .execute();
          return all.map(
            (row) =>
              `${name} ${JSON.stringify(row, (key, value) => (notCounted.columns.includes(key) ? undefined : value))}`,
          );
        }),
    );
    return rows.flat().sort();
  }

  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => names[name] ?? whole);
  function request(name: keyof typeof contract, method: string, more: Record<string, string> = {}) {
    const { path, auth }: Route = contract[name];
    const row: Row = accessTable[name];
    const { key, cookie } = row.needs === "operator" ? people.operator : people.owner;
    const who: Record<string, string> =
      auth === "none" ? {} : auth === "person" ? { cookie: cookie() } : { authorization: `Bearer ${key}` };
    const at = fill(row.path ?? path.replace(/:\w+/g, "x"));
    return sendRequest(skillett.url, method, at, { ...who, ...more }, undefined);
  }

  it.each(gets)("%s changes nothing on HEAD, and says so if GET does", async (name, route) => {
    const before = await everything();
    const head = await request(name, "HEAD");
    expect(head.text).toBe("");
    expect(await everything()).toEqual(before);
    await request(name, "GET");
    const changed = JSON.stringify(await everything()) !== JSON.stringify(before);
    if (changed) expect(route.acts).toBe(true);
  });

  const look = async (url: string) => {
    const { pathname, search, origin } = new URL(url);
    const before = await everything();
    for (const [, headers] of ahead) {
      expect((await sendRequest(origin, "GET", pathname + search, headers, undefined)).status).toBe(503);
    }
    expect((await sendRequest(origin, "HEAD", pathname + search, {}, undefined)).status).toBe(200);
    expect(await everything()).toEqual(before);
  };

  it("the way back from signing in at a service still works after it was looked at", async () => {
    const body = { integration: "odd-oauth" };
    const { json } = await skillett.call("POST", "/v1/connect", { key: people.owner.key, body });
    const { url } = await signIn(json.oauth_url, { stopAt: skillett.url });
    await look(url);
    const page = await fetch(url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("is connected")]);
  });

  it("the way back from signing in to us still works after it was looked at", async () => {
    const visitor = createVisitor(skillett.url);
    oidc.nextIdentity({ sub: "1", email: "ada@corp.example", email_verified: true, name: "Ada" });
    const begun = await visitor.call("POST", "/auth/sign-in/social", {
      provider: "oidc",
      callbackURL: "/device",
    });
    const asked = await fetch(begun.json.url, { redirect: "manual" });
    const back = new URL(asked.headers.get("location")!);
    await look(back.href);
    const landed = await visitor.call("GET", back.pathname + back.search);
    expect(landed.headers.get("location")).toMatch(/\/device$/);
  });

  it("a page of signing in with OAuth is not begun by looking at it", async () => {
    await look(`${skillett.url}/oauth/authorize?client_id=x&response_type=code`);
  });
});
