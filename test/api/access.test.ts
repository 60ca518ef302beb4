import { expect, it } from "vitest";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import { publishSkills } from "#support/published-skills.js";
import type { Reply } from "#support/skillett.js";
import { addKey, addPerson, connectGithub, describeApi, type Scenario } from "./scenario.js";

/** Who may call what: every route that wants a key is asked without a good one. */

const unknownKey = `sk_${"0".repeat(40)}`;
const refusals: [name: string, authorization: string | undefined, error: string][] = [
  ["no key", undefined, "unauthorized"],
  ["an empty header", "", "unauthorized"],
  ["another scheme", `Basic ${unknownKey}`, "unauthorized"],
  ["a scheme alone", "Bearer", "unauthorized"],
  ["two words", `Bearer ${unknownKey} more`, "unauthorized"],
  ["something else", "Bearer hunter2", "api_key_invalid"],
  ["a key cut off", `Bearer ${unknownKey.slice(0, -1)}`, "api_key_invalid"],
  ["a key in capitals", `Bearer ${unknownKey.toUpperCase()}`, "api_key_invalid"],
  ["an unknown key", `Bearer ${unknownKey}`, "api_key_invalid"],
  ["a very long key", `Bearer sk_${"a".repeat(8_000)}`, "api_key_invalid"],
  ["a revoked key", "Bearer {revoked}", "api_key_revoked"],
  ["an expired key", "Bearer {expired}", "api_key_expired"],
];

const refused = (error: string): Scenario["expect"] => ({
  status: 401,
  json: { error, retryable: false, action_url: expect.stringContaining("/dashboard/api-keys") },
  headers: { "www-authenticate": 'Bearer realm="skillett"' },
});

const keyed = (Object.values(contract) as Route[]).filter(({ auth }) => auth === "key");
const onEveryRoute = keyed.map(
  ({ method, path }): Scenario => ({
    name: `${method} ${path} wants a key`,
    method,
    path: path.replace(/:\w+/g, "x"),
    key: null,
    // Not even read: who may not call is not listened to.
    ...(method === "GET" ? {} : { body: "{broken" }),
    expect: refused("unauthorized"),
  }),
);

const inEveryWay = refusals.map(
  ([name, authorization, error]): Scenario => ({
    name: `a request with ${name} is refused as ${error}`,
    path: "/v1/usage",
    key: null,
    headers: authorization === undefined ? {} : { authorization },
    expect: refused(error),
  }),
);

const raw = (...authorizations: string[]) =>
  `GET /v1/usage HTTP/1.1\r\nhost: x\r\n${authorizations.map((it) => `authorization: ${it}\r\n`).join("")}connection: close\r\n\r\n`;

const scopes: Scenario[] = [
  {
    name: "a good key works, in any case of the scheme and with more spaces",
    path: "/v1/usage",
    key: null,
    headers: { authorization: "bearer   {owner} " },
    expect: { status: 200 },
  },
  {
    name: "a bad authorization is not outweighed by a good one after it",
    bytes: raw(`Bearer ${unknownKey}`, "Bearer {owner}"),
    expect: refused("api_key_invalid"),
  },
  {
    name: "a key does not work in the query",
    path: "/v1/usage?authorization=Bearer+{owner}&key={owner}",
    key: null,
    expect: refused("unauthorized"),
  },
  {
    name: "a key calls what its scopes name",
    method: "POST",
    path: "/v1/github/get_authenticated_user",
    key: "github only",
    body: {},
    expect: {
      status: 200,
      json: { status: 200, data: { login: "octocat" } },
      upstream: 1,
      row: { error: null },
    },
  },
  {
    name: "a key calls nothing that its scopes do not name",
    method: "POST",
    path: "/v1/slack/list_channels",
    key: "github only",
    body: {},
    expect: {
      status: 403,
      json: {
        error: "scope_not_allowed",
        message: "API key does not have access to the slack integration.",
        action_url: expect.stringContaining("/dashboard/api-keys"),
      },
      row: { integration: "slack", status: "refused", error: "scope_not_allowed", connection_id: null },
    },
  },
  {
    name: "a key makes no dry run of what its scopes do not name",
    method: "POST",
    path: "/v1/slack/list_channels?dry_run=true",
    key: "github only",
    body: {},
    expect: { status: 403, json: { error: "scope_not_allowed" }, row: { status: "refused" } },
  },
  {
    name: "a key connects nothing that its scopes do not name",
    method: "POST",
    path: "/v1/connect",
    key: "github only",
    body: { integration: "slack", credentials: { token: "xoxb-1" } },
    expect: { status: 403, json: { error: "scope_not_allowed" } },
  },
  {
    name: "a key disconnects nothing that its scopes do not name",
    method: "DELETE",
    path: "/v1/connections/{connection}",
    key: "slack only",
    expect: { status: 403, json: { error: "scope_not_allowed" } },
  },
  {
    name: "a stranger does not see the connection",
    path: "/v1/connections",
    key: "stranger",
    expect: { status: 200, exactly: { connections: [] } },
  },
  {
    name: "a stranger does not call through the connection",
    method: "POST",
    path: "/v1/github/get_authenticated_user",
    key: "stranger",
    body: { connection: "{connection}" },
    expect: { status: 404, json: { error: "not_found" }, row: { status: "refused", connection_id: null } },
  },
  {
    name: "a newcomer does not see the calls of others",
    path: "/v1/calls?limit=200",
    key: "newcomer",
    expect: { status: 200, exactly: { calls: [], next_cursor: null } },
  },
  {
    name: "a newcomer sees one key, their own",
    path: "/api-keys",
    key: "newcomer",
    expect: { status: 200, json: [{ name: "newcomer" }] },
  },
];

describeApi(
  "access",
  async (stage) => {
    await connectGithub(stage);
    await addKey(stage, "github only", { scopes: ["github"] });
    await addKey(stage, "slack only", { scopes: ["slack"] });
    await addKey(stage, "revoked");
    await stage.skillett.call("DELETE", `/api-keys/${stage.names["revoked id"]}`);
    await addKey(stage, "expired");
    await stage.skillett.app.database.kysely
      .updateTable("api_keys")
      .set({ expires_at: Date.now() - 1 })
      .where("name", "=", "expired")
      .execute();
    await addPerson(stage, "stranger");
    await addPerson(stage, "newcomer");
  },
  [...onEveryRoute, ...inEveryWay, ...scopes],
  (stage) => {
    const routes: [method: string, path: (id: string) => string][] = [
      ["GET", (id) => `/v1/connect/${id}`],
      ["DELETE", (id) => `/v1/connections/${id}`],
      ["DELETE", (id) => `/api-keys/${id}`],
    ];
    it.each(routes)("%s answers the same for a missing thing and for another's", async (method, path) => {
      const { skillett, names } = stage();
      const theirs = path(path("").startsWith("/api-keys") ? names["github only id"]! : names.connection!);
      const [missing, hidden] = await Promise.all(
        [path("conn_0000"), theirs].map((at) => skillett.call(method, at, { key: names.stranger! })),
      );
      const same = ({ text, json }: Reply) => text.replace(json.request_id, "…");
      expect(missing).toMatchObject({ status: 404, json: { error: "not_found" } });
      expect(same(hidden!)).toBe(same(missing!));
      expect(hidden!.status).toBe(404);
    });

    it("a newcomer's calls, keys, count and storage have nothing of others in them", async () => {
      const { skillett, names } = stage();
      const usageOf = async (key: string) => (await skillett.call("GET", "/v1/usage", { key })).json;
      const { tenant } = (await skillett.call("GET", "/v1/me")).json;
      await publishSkills(skillett.app.database, tenant.id, [{ slug: "notes", description: "Takes notes." }]);
      await skillett.call("POST", "/v1/github/get_authenticated_user", { body: {} });
      const [owners, newcomers] = [await usageOf(skillett.key), await usageOf(names.newcomer!)];
      expect(owners.today.calls).toBeGreaterThan(0);
      expect(owners.storage.bytes).toBeGreaterThan(0);
      expect(newcomers).toMatchObject({ today: { calls: 0 }, storage: { bytes: 0 } });
      for (const at of ["/v1/calls?limit=200", "/api-keys"]) {
        const { text } = await skillett.call("GET", at, { key: names.newcomer! });
        for (const of of ["github", "slack", "owner", tenant.id]) expect(text, at).not.toContain(of);
      }
    });
  },
);
