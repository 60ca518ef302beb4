import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import { permissionsOf, type Role } from "#core/permissions.js";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { type Company, gatherCompany, type Who } from "#support/world.js";
import type { Row } from "./access-row.js";
import { accessTable } from "./access-table.js";
import { forgeJwts } from "./forged-jwts.js";
import { createRegistryThings, type RegistryThings, zipOf } from "./registry-things.js";
import { sendRequest } from "./wire-request.js";

/** Every route × who asks, with what. */

const routes = Object.entries(contract) as [keyof typeof contract, Route][];
const guarded = routes.filter(([, { auth }]) => auth !== "none");
const open = routes.filter(([, { auth }]) => auth === "none");
const unknownKey = `sk_${"0".repeat(40)}`;
const everybody: Who[] = ["owner", "admin", "engineer", "member", "viewer", "operator", "stranger"];

it("every route has its row in the table, and no row is left over", () => {
  expect(Object.keys(accessTable).sort()).toEqual(Object.keys(contract).sort());
});

onEachEngine("access matrix", (engine) => {
  let skillett: Skillett;
  let github: GithubStandIn;
  let people: Company;
  let registry: RegistryThings;
  let now = Date.now();
  const names: Record<string, string> = {};
  /** What may be seen by nobody outside of the tenant. */
  const secrets: string[] = [];
  /** By what is wrong with them: headers, and the error of routes for keys and of those for people. */
  const invalid = new Map<string, { headers: Record<string, string>; key: string; person: string }>();

  beforeAll(async () => {
    github = await startGithub();
    const env = { ...github.settings(), SKILLETT_SIGN_UP: "open", SKILLETT_ALLOW_HOSTS: "127.0.0.1" };
    skillett = await startSkillett(engine, { env, clock: () => now });
    registerCallback(skillett, github);
    people = await gatherCompany(skillett);
    names.token = github.mintToken();
    names.profile = people.viewer.profileId;
    names.shared = await connect("octocat");
    registry = createRegistryThings(skillett, people, names);
    await registry.setUp();
    const bound = { name: "bound", agent_id: names.agent, scopes: ["*"] };
    names.agentKey = (await people.owner.call("POST", "/api-keys", bound)).json.full_key;
    secrets.push(names.shared, people.owner.tenantId, "acme.example");
    for (const thing of ["skill", "slug", "retired", "agent"]) secrets.push(names[thing]!);
    for (const who of ["owner", "admin", "engineer", "member", "viewer"] as const)
      secrets.push(people[who].profileId, people[who].key.slice(0, 11));
    await collectInvalid();
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });
  // A minute later guesses count anew.
  beforeEach(() => {
    now += 60_000;
  });

  const as = (who: Who, method: string, path: string, body?: object) =>
    skillett.call(method, path, { key: people[who].key, body });

  async function connect(login: "octocat" | "hubot"): Promise<string> {
    const credentials = { token: github.mintToken(login) };
    const { json } = await as("owner", "POST", "/v1/connect", {
      integration: "github",
      credentials,
      shared: true,
    });
    return json.connection_id;
  }

  const make = {
    connection: async () => connect("hubot"),
    attempt: async () =>
      (await as("owner", "POST", "/v1/connect", { integration: "github" })).json.connection_id,
    key: async () => (await as("owner", "POST", "/api-keys", { name: "thing" })).json.api_key.id,
    userCode: async () => {
      now += 60_000;
      return (await skillett.call("POST", "/auth/device/code", { key: null, body: {} })).json.user_code;
    },
  };

  /** Makes the thing a row is about. */
  async function prepare({ prepare: thing }: Row): Promise<void> {
    if (!thing) return;
    if (thing in make) names[thing] = await make[thing as keyof typeof make]();
    else await registry.prepare[thing as keyof typeof registry.prepare]();
  }

  async function collectInvalid(): Promise<void> {
    const { owner, stranger } = people;
    const add = (name: string, headers: Record<string, string>, key: string, person = "unauthorized") =>
      invalid.set(name, { headers, key, person });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    const made = async (name: string) => (await as("owner", "POST", "/api-keys", { name })).json;
    const [revoked, expired] = [await made("revoked"), await made("expired")];
    await as("owner", "DELETE", `/api-keys/${revoked.api_key.id}`);
    await skillett.app.database.kysely
      .updateTable("api_keys")
      .set({ expires_at: now })
      .where("id", "=", expired.api_key.id)
      .execute();
    add("nothing", {}, "unauthorized");
    add("an empty authorization", { authorization: "" }, "unauthorized");
    add("another scheme", { authorization: `Basic ${owner.key}` }, "unauthorized");
    add("two words", { authorization: `Bearer ${owner.key} x` }, "unauthorized");
    add("a wrong key", bearer(unknownKey), "api_key_invalid");
    add("a malformed key", bearer("sk_x"), "api_key_invalid");
    add("a revoked key", bearer(revoked.full_key), "api_key_revoked");
    add("an expired key", bearer(expired.full_key), "api_key_expired");
    const { good, bad } = await forgeJwts(skillett, owner, stranger);
    for (const [name, jwt] of Object.entries(bad)) add(`a JWT ${name}`, bearer(jwt), "api_key_invalid");
    names.goodJwt = good;
    const [name = "", value = ""] = owner.cookie().split(";")[0]!.split("=");
    const [token = "", signature = ""] = decodeURIComponent(value).split(".");
    const cookie = (text: string) => ({ cookie: `${name}=${encodeURIComponent(text)}` });
    const other = decodeURIComponent(stranger.cookie().split("=")[1]!).split(".")[0];
    add("a session without its signature", cookie(token), "unauthorized");
    add("a session with another's signature", cookie(`${other}.${signature}`), "unauthorized");
    add(
      "a session changed by a letter",
      cookie(`${token.startsWith("x") ? "y" : "x"}${token.slice(1)}.${signature}`),
      "unauthorized",
    );
    add("a session with an empty signature", cookie(`${token}.`), "unauthorized");
    const withCookie = { ...bearer(bad["of another key"]!), cookie: owner.cookie() };
    add("a bad JWT beside a good session", withCookie, "api_key_invalid");
  }

  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => names[name] ?? whole);
  const pathOf = ({ path }: Route, row: Row) => fill(row.path ?? path.replace(/:\w+/g, "x"));

  async function send(
    route: Route,
    row: Row,
    headers: Record<string, string>,
    text?: string,
  ): Promise<Reply> {
    const archive = row.archive && (await zipOf(names.name!));
    const body = text ?? archive ?? (row.body && fill(JSON.stringify(row.body)));
    const type = row.archive ? "application/zip" : "application/json";
    const all = { ...(body === undefined ? {} : { "content-type": type }), ...headers };
    return sendRequest(skillett.url, route.method, pathOf(route, row), all, body);
  }

  /** In every way that the route takes. */
  function credentialsOf(who: Who, { auth }: Route): Record<string, Record<string, string>> {
    const { key, jwt, cookie } = people[who];
    const ways = {
      key: { authorization: `Bearer ${key}` },
      jwt: { authorization: `Bearer ${jwt}` },
      session: { cookie: cookie(), origin: skillett.url },
    };
    const { key: byKey, ...byPerson } = ways;
    if (auth === "any") return ways;
    return auth === "key" ? { key: byKey } : byPerson;
  }

  /** Under /api errors have a form of their own. */
  const errorCode = (route: Route, row: Row, { json }: Reply): string =>
    pathOf(route, row).startsWith("/api/") ? json?.code : json?.error;

  /** What an answer gives away, beyond what the request said. */
  const leaked = ({ text }: Reply, sent = "") =>
    secrets.filter((secret) => text.includes(secret) && !sent.includes(secret));
  const anonymous = ({ text, json }: Reply) => text.replace(json?.request_id ?? "", "…");

  function expected(who: Who, { status, needs, but }: Row): number {
    const role: Role = who === "operator" || who === "stranger" ? "owner" : who;
    const has = !needs || (needs === "operator" ? who === "operator" : permissionsOf(role).has(needs));
    return but?.[who] ?? (has ? status : 403);
  }

  describe("callers who are not known", () => {
    it.each(guarded)("%s lets in nobody who is not known", async (name, route) => {
      for (const [what, { headers, key, person }] of invalid) {
        now += 60_000;
        const byKey =
          route.auth === "key" || (route.auth === "any" && /^Bearer sk_/.test(headers.authorization ?? ""));
        // The body is broken: who may not ask is not listened to.
        const reply = await send(
          route,
          accessTable[name],
          headers,
          route.method === "GET" ? undefined : "{broken",
        );
        const code = errorCode(route, accessTable[name], reply);
        expect([what, reply.status, code]).toEqual([what, 401, byKey ? key : person]);
        expect(reply.headers.get("www-authenticate")).toBe('Bearer realm="skillett"');
        expect(leaked(reply)).toEqual([]);
      }
    });

    it("a JWT made like the bad ones, but right, is taken", async () => {
      const headers = { authorization: `Bearer ${names.goodJwt}` };
      expect((await send(contract.getMe, accessTable.getMe, headers)).status).toBe(200);
    });

    it("a JWT and a session are not taken for a key", async () => {
      const { owner } = people;
      const me = { path: "/v1/me", status: 200 };
      const refused = await send(contract.whoami, me, { authorization: `Bearer ${owner.jwt}` });
      expect([refused.status, refused.json.error]).toEqual([401, "api_key_invalid"]);
      const cookie = { cookie: owner.cookie() };
      expect((await send(contract.whoami, me, cookie)).json.error).toBe("unauthorized");
    });
  });

  describe("callers who are known", () => {
    it.each(guarded)("%s answers each role as its row says", async (name, route) => {
      const row = accessTable[name];
      for (const who of everybody) {
        for (const [way, headers] of Object.entries(credentialsOf(who, route))) {
          await prepare(row);
          const reply = await send(route, row, headers);
          const said = reply.text.slice(0, 300);
          expect([who, way, reply.status], said).toEqual([who, way, expected(who, row)]);
          if (reply.status === 403) {
            const { needs } = row;
            expect([errorCode(route, row, reply), said]).toEqual([
              "forbidden",
              expect.stringContaining(needs === "operator" ? "owner of this instance" : needs!),
            ]);
          }
          if (who !== "stranger") continue;
          expect(leaked(reply, pathOf(route, row) + fill(JSON.stringify(row.body ?? "")))).toEqual([]);
        }
      }
    });

    it.each(guarded.filter(([, { auth }]) => auth !== "person"))(
      "%s answers a key of an agent as its row says",
      async (name, route) => {
        const row = accessTable[name];
        await prepare(row);
        const reply = await send(route, row, { authorization: `Bearer ${names.agentKey}` });
        const isClosed = row.needs !== undefined && row.needs !== "skills:read";
        const expectedStatus = row.agent ?? (isClosed ? 403 : row.status);
        expect([name, reply.status], reply.text.slice(0, 300)).toEqual([name, expectedStatus]);
      },
    );

    const ofOne = guarded.filter(([name]) => {
      const { path = "", but } = accessTable[name];
      return /\{\w+\}/.test(path) && but?.stranger === 404;
    });
    it.each(ofOne)("another tenant's thing is as unknown to %s as what never was", async (name, route) => {
      const row = accessTable[name];
      await prepare(row);
      const missing = { ...row, path: row.path!.replace(/\{\w+\}/, "conn-0") };
      for (const [, headers] of Object.entries(credentialsOf("stranger", route))) {
        const replies = [await send(route, row, headers), await send(route, missing, headers)];
        expect(replies.map(({ status }) => status)).toEqual([404, 404]);
        expect(anonymous(replies[0]!)).toBe(anonymous(replies[1]!));
      }
    });
  });

  it.each(open)("%s is for everybody, whatever they send", async (name, route) => {
    const sent: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${unknownKey}` },
      { cookie: "x=y; x=z" },
    ];
    for (const headers of sent) {
      now += 60_000;
      expect((await send(route, accessTable[name], headers)).status).toBe(accessTable[name].status);
    }
  });
});
