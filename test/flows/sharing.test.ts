import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { insertMember, insertPerson } from "#support/world.js";

/** Who may call with whose account, and who may do what with it. */

const day = 24 * 3_600_000;

onEachEngine("sharing", (engine) => {
  let github: GithubStandIn;
  let skillett: Skillett;
  let now = Date.now();
  const keys: Record<string, string> = {};
  const profiles: Record<string, string> = {};
  beforeAll(async () => {
    github = await startGithub();
    skillett = await startSkillett(engine, { env: github.settings(), clock: () => now });
    registerCallback(skillett, github);
    const { database } = skillett.app;
    keys.owner = skillett.key;
    for (const role of ["admin", "engineer", "member", "viewer"] as const) {
      const { key, profileId } = await insertMember(database, role, role);
      Object.assign(keys, { [role]: key });
      Object.assign(profiles, { [role]: profileId });
    }
    keys.stranger = (await insertPerson(database, "stranger")).key;
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });

  type Who = "owner" | "admin" | "engineer" | "member" | "viewer" | "stranger";
  const as = (who: Who, method: string, path: string, body?: object): Promise<Reply> =>
    skillett.call(method, path, { key: keys[who]!, body });
  const run = (who: Who, connection?: string) =>
    as(who, "POST", "/v1/github/get_authenticated_user", { connection });
  const login = async (who: Who, connection?: string) => (await run(who, connection)).json.data?.login;
  const connect = async (who: Who, login = "octocat", more: { shared?: boolean } = {}) =>
    (await connectBySignIn(skillett, { integration: "github", ...more }, { key: keys[who]!, as: login })).id;
  const list = async (who: Who, query = "") => (await as(who, "GET", `/v1/connections${query}`)).json;
  const share = (who: Who, id: string, shared = true) =>
    as(who, "PATCH", `/v1/connections/${id}`, { shared });
  const anonymous = ({ json }: Reply) => ({ ...json, request_id: "" });

  beforeEach(async () => {
    for (const { id } of (await list("owner", "?everyone=true")).connections) {
      await as("owner", "DELETE", `/v1/connections/${id}`);
    }
    expect((await list("owner", "?everyone=true")).connections).toEqual([]);
  });

  it("everybody of the tenant calls with a shared connection, until it is taken back", async () => {
    const id = await connect("owner");
    const others = ["admin", "engineer", "member", "viewer"] as const;
    for (const who of others) expect((await run(who)).json.error).toBe("integration_not_connected");
    expect((await run("member", id)).status).toBe(404);

    expect((await share("owner", id)).json).toEqual({
      connection_id: id,
      integration: "github",
      account: "octocat",
      default: true,
      shared: true,
    });
    for (const who of others) {
      expect([await login(who), await login(who, "octocat"), await login(who, id)]).toEqual(
        Array(3).fill("octocat"),
      );
      expect((await list(who)).connections).toMatchObject([{ id, shared: true, default: false }]);
    }
    const { calls } = (await as("member", "GET", "/v1/calls?limit=1")).json;
    expect(calls).toMatchObject([{ connection_id: id, endpoint: "get_authenticated_user" }]);

    const asked = github.requests.length;
    await share("owner", id, false);
    for (const who of others) expect((await run(who)).json.error).toBe("integration_not_connected");
    for (const name of ["octocat", id]) expect((await run("member", name)).status).toBe(404);
    expect((await list("member")).connections).toEqual([]);
    expect(github.requests.length).toBe(asked);
    expect(await login("owner")).toBe("octocat");
  });

  it("a connection is shared when it is made, by those who may", async () => {
    await connect("admin", "octocat", { shared: true });
    expect(await login("viewer")).toBe("octocat");
    for (const who of ["engineer", "member", "viewer"] as const) {
      const body = { integration: "github", shared: true };
      const credentials = { token: github.mintToken() };
      for (const given of [body, { ...body, credentials }]) {
        expect(await as(who, "POST", "/v1/connect", given)).toMatchObject({
          status: 403,
          json: { error: "forbidden", message: expect.stringContaining("connections:*") },
        });
      }
    }
    expect((await list("owner", "?everyone=true")).connections).toHaveLength(1);
  });

  it("a shared connection is not changed or renewed by those who only use it", async () => {
    const id = await connect("owner", "octocat", { shared: true });
    const before = (await list("owner")).connections;
    for (const who of ["engineer", "member", "viewer"] as const) {
      expect((await as(who, "DELETE", `/v1/connections/${id}`)).status).toBe(403);
      for (const change of [{ shared: false }, { shared: true }, { default: true }]) {
        const { status, json } = await as(who, "PATCH", `/v1/connections/${id}`, change);
        expect({ status, error: json.error }).toEqual({ status: 403, error: "forbidden" });
      }
      const renew = { integration: "github", connection: id };
      expect((await as(who, "POST", "/v1/connect", renew)).status).toBe(404);
    }
    expect((await as("admin", "PATCH", `/v1/connections/${id}`, { default: true })).status).toBe(403);
    expect((await as("admin", "POST", "/v1/connect", { integration: "github", connection: id })).status).toBe(
      404,
    );
    expect((await list("owner")).connections).toEqual(before);
    expect(await login("owner")).toBe("octocat");
  });

  it("own connections go first, whatever is shared", async () => {
    await connect("owner", "octocat", { shared: true });
    expect(await login("member")).toBe("octocat");
    const own = await connect("member", "hubot");
    expect(await login("member")).toBe("hubot");
    expect(await login("member", "octocat")).toBe("octocat");
    expect(await login("viewer")).toBe("octocat");
    expect((await list("member")).connections).toMatchObject([
      { account: "octocat", default: false, shared: true },
      { account: "hubot", default: true, shared: false, profile_id: profiles.member },
    ]);
    // The same account, their own and shared: theirs.
    const same = await connect("member", "octocat");
    await as("member", "PATCH", `/v1/connections/${same}`, { default: true });
    await run("member", "octocat");
    expect((await as("member", "GET", "/v1/calls?limit=1")).json.calls[0].connection_id).toBe(same);
    for (const id of [own, same]) await as("member", "DELETE", `/v1/connections/${id}`);
    expect(await login("member")).toBe("octocat");
  });

  it("people mind their own connections, but share them only with the permission", async () => {
    const id = await connect("member");
    expect((await share("member", id)).status).toBe(403);
    expect((await share("owner", id)).status).toBe(200);
    expect(await login("viewer")).toBe("octocat");
    // Taking back what is one's own needs nobody's leave.
    expect((await share("member", id, false)).json).toMatchObject({ shared: false });
    expect((await run("viewer")).json.error).toBe("integration_not_connected");
    expect((await as("member", "DELETE", `/v1/connections/${id}`)).json).toMatchObject({ revoked: true });
  });

  it("a shared token that has ended leads others to connect their own, and that works", async () => {
    const id = await connect("owner", "octocat", { shared: true });
    github.expireAll();
    const { status, json } = await run("member");
    expect({ status, json }).toMatchObject({
      status: 401,
      json: { error: "token_expired", next: ["skillett connect github"] },
    });
    await connect("member", "hubot");
    expect(await login("member")).toBe("hubot");
    expect((await list("owner")).connections).toMatchObject([{ id, status: "needs_reconnect" }]);
  });

  it("an admin disconnects anybody's connection, and others do not find one that is not shared", async () => {
    const id = await connect("member");
    const unknown = anonymous(await as("viewer", "DELETE", "/v1/connections/conn_00000000"));
    for (const who of ["engineer", "viewer", "stranger"] as const) {
      const reply = await as(who, "DELETE", `/v1/connections/${id}`);
      expect({ status: reply.status, body: anonymous(reply) }).toEqual({ status: 404, body: unknown });
    }
    const { status, json } = await as("admin", "DELETE", `/v1/connections/${id}`);
    expect({ status, json }).toMatchObject({ status: 200, json: { revoked: true } });
    expect((await run("member")).json.error).toBe("integration_not_connected");
  });

  it("another tenant sees nothing of a connection, whatever is asked", async () => {
    const id = await connect("owner", "octocat", { shared: true });
    const asked: [string, string, object?][] = [
      ["DELETE", "/v1/connections/ID"],
      ["PATCH", "/v1/connections/ID", { shared: false }],
      ["GET", "/v1/connect/ID"],
      ["DELETE", "/v1/connect/ID"],
    ];
    for (const [method, path, body] of asked) {
      const [theirs, unknown] = await Promise.all(
        [id, "conn_01a20000000000000000000000000000"].map((name) =>
          as("stranger", method, path.replace("ID", name), body),
        ),
      );
      expect([method, path, theirs!.status]).toEqual([method, path, 404]);
      expect(anonymous(theirs!)).toEqual(anonymous(unknown!));
    }
    expect((await list("stranger", "?everyone=true")).connections).toEqual([]);
    expect((await run("stranger", "octocat")).status).toBe(404);
    expect((await run("stranger")).json.error).toBe("integration_not_connected");
    expect((await list("stranger", `?profile=${profiles.member}`)).error).toBe("not_found");
    expect(await login("owner")).toBe("octocat");
  });

  it("the list of connections is for each what concerns them, and for admins what they ask for", async () => {
    const mine = await connect("owner");
    now += 40 * day;
    const theirs = await connect("member", "hubot");
    expect((await list("owner")).connections).toMatchObject([{ id: mine }]);
    expect((await list("member")).connections).toMatchObject([{ id: theirs }]);
    const ids = async (query: string, who: Who = "admin") =>
      (await list(who, query)).connections.map(({ id }: { id: string }) => id);
    expect(await ids("?everyone=true")).toEqual([mine, theirs]);
    expect(await ids("?profile=member@example.com")).toEqual([theirs]);
    expect(await ids(`?profile=${profiles.member}`)).toEqual([theirs]);
    expect(await ids("?profile=viewer@example.com")).toEqual([]);
    expect(await ids("?everyone=true&unused_days=30")).toEqual([mine]);
    expect(await ids("?everyone=true&unused_days=41")).toEqual([]);
    expect(await ids("?everyone=true&integration=github")).toEqual([mine, theirs]);
    expect(await ids("?everyone=true&integration=slack")).toEqual([]);
    await login("owner");
    expect(await ids("?everyone=true&unused_days=30")).toEqual([]);
    for (const who of ["engineer", "member", "viewer"] as const) {
      for (const query of ["?everyone=true", "?profile=member@example.com"]) {
        expect((await list(who, query)).error).toBe("forbidden");
      }
    }
    expect((await list("admin", "?profile=nobody@example.com")).error).toBe("not_found");
    expect((await list("admin", "?unused_days=0")).error).toBe("bad_request");
  });

  it("a connection that is made again after it was deleted counts as new", async () => {
    const id = await connect("owner");
    await login("owner");
    await as("owner", "DELETE", `/v1/connections/${id}`);
    now += 100 * day;
    expect(await connect("owner")).toBe(id);
    expect((await list("owner", "?unused_days=90")).connections).toEqual([]);
    const created_at = new Date(now).toISOString();
    expect((await list("owner")).connections).toMatchObject([{ id, created_at, last_used_at: null }]);
  });

  it("a key for another integration changes nothing of a connection, even the owner's", async () => {
    const id = await connect("owner");
    const { json } = await skillett.call("POST", "/api-keys", { body: { name: "slack", scopes: ["slack"] } });
    const key = json.full_key;
    for (const [method, body] of [["DELETE"], ["PATCH", { shared: true }]] as const) {
      const reply = await skillett.call(method, `/v1/connections/${id}`, { key, body });
      expect(reply).toMatchObject({ status: 403, json: { error: "scope_not_allowed" } });
    }
    const reply = await skillett.call("POST", "/v1/connect", { key, body: { integration: "github" } });
    expect(reply.json.error).toBe("scope_not_allowed");
  });
});
