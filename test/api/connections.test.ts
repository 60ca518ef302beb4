import { expect, it } from "vitest";
import { describeApi, type Scenario } from "./scenario.js";

/** /v1/connect and /v1/connections */

const connect = { method: "POST", path: "/v1/connect" };
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);

const refusals: Scenario[] = [
  {
    ...connect,
    name: "connecting without a credential tells how to give one",
    body: { integration: "github" },
    expect: {
      status: 400,
      issues: { integration: "GitHub sign-in is not set up on this server" },
      json: { next: ["skillett connect github --token -"] },
    },
  },
  {
    ...connect,
    name: "connecting with another field names the missing and the unknown one",
    body: { integration: "github", credentials: { tokn: "x" } },
    expect: {
      status: 400,
      issues: {
        "credentials.token": "is required",
        "credentials.tokn": "is unknown. Did you mean token?",
      },
    },
  },
  {
    ...connect,
    name: "a token in two lines is refused",
    body: { integration: "github", credentials: { token: "ghp_\r\nx-evil: 1" } },
    expect: { status: 400, issues: { "credentials.token": "line breaks" } },
  },
  {
    ...connect,
    name: "an empty token is refused",
    body: { integration: "github", credentials: { token: "" } },
    expect: { status: 400, issues: { "credentials.token": "must not be empty" } },
  },
  {
    ...connect,
    name: "a token that the service refuses is refused",
    body: { integration: "github", credentials: { token: "ghp_wrong" } },
    expect: {
      status: 400,
      issues: { "credentials.token": "GitHub refused it (HTTP 401)" },
      upstream: 1,
    },
  },
  {
    ...connect,
    name: "an unknown integration is not found, and the nearest is named",
    body: { integration: "githb", credentials: { token: "x" } },
    expect: { status: 404, json: { message: "Integration githb not found. Did you mean github?" } },
  },
  {
    ...connect,
    name: "every problem of a request to connect is reported at once",
    body: { credentials: { token: 7 }, token: "x" },
    expect: {
      status: 400,
      issues: {
        integration: "is required",
        "credentials.token": "must be a string, not a number",
        token: "is unknown.",
      },
    },
  },
  {
    name: "a connection that is not there is not found when asked after",
    path: "/v1/connect/conn_0",
    expect: {
      status: 404,
      json: { error: "not_found", message: "Connection not found.", next: ["skillett connections"] },
    },
  },
  {
    name: "a connection that is not there is not found when ended",
    method: "DELETE",
    path: "/v1/connections/conn_0",
    expect: { status: 404, json: { error: "not_found" } },
  },
  {
    name: "a sign-in that is not there is not found when given up",
    method: "DELETE",
    path: "/v1/connect/conn_0",
    expect: { status: 404, json: { error: "not_found" } },
  },
  {
    name: "the list of connections is empty at first",
    path: "/v1/connections",
    expect: { status: 200, exactly: { connections: [] } },
  },
];

describeApi(
  "connections",
  async () => {},
  refusals,
  (stage) => {
    const list = async () => (await stage().skillett.call("GET", "/v1/connections")).json.connections;
    const asked = async (connection?: string) => {
      const { json } = await stage().skillett.call("POST", "/v1/github/get_authenticated_user", {
        body: connection === undefined ? {} : { connection },
      });
      return json.data?.login ?? json.error;
    };
    const credentials = async () => {
      const { kysely } = stage().skillett.app.database;
      return kysely
        .selectFrom("credentials")
        .select(["connection_id", "box"])
        .orderBy("connection_id")
        .execute();
    };

    it("several accounts are connected, used, renewed and ended side by side", async () => {
      const { skillett, github } = stage();
      const tokens = { octocat: github.mintToken("octocat"), hubot: github.mintToken("hubot") };
      const connectAs = (login: "octocat" | "hubot") =>
        skillett.call("POST", "/v1/connect", {
          body: { integration: "github", credentials: { token: tokens[login] } },
        });

      const first = (await connectAs("octocat")).json;
      expect(first).toEqual({
        connection_id: expect.stringMatching(/^conn_/),
        status: "connected",
        account: "octocat",
      });
      const second = (await connectAs("hubot")).json;
      expect(await list()).toEqual([
        {
          id: first.connection_id,
          integration: "github",
          account: "octocat",
          status: "connected",
          default: true,
          shared: false,
          profile_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          scopes: [],
          settings: {},
          created_at: isoTime,
          last_used_at: null,
        },
        expect.objectContaining({ id: second.connection_id, account: "hubot", default: false }),
      ]);
      expect((await skillett.call("GET", `/v1/connect/${first.connection_id}`)).json).toEqual({
        status: "connected",
        integration: "github",
        connection_id: first.connection_id,
        account: "octocat",
      });

      expect(await asked()).toBe("octocat");
      expect(await asked("hubot")).toBe("hubot");
      expect(await asked(second.connection_id)).toBe("hubot");
      expect((await list())[0].last_used_at).toEqual(isoTime);

      // Connecting a known account again renews its credential and keeps its id.
      const before = await credentials();
      github.revoke(tokens.octocat);
      tokens.octocat = github.mintToken("octocat");
      expect((await connectAs("octocat")).json.connection_id).toBe(first.connection_id);
      expect(await list()).toHaveLength(2);
      const [renewed] = await credentials();
      expect(renewed!.box).not.toBe(before[0]!.box);
      expect(await asked()).toBe("octocat");

      // Ending it erases the credential; the other account takes its place.
      expect((await skillett.call("DELETE", `/v1/connections/${first.connection_id}`)).json).toEqual({
        connection_id: first.connection_id,
        integration: "github",
        status: "disconnected",
        revoked: false,
        message:
          "The credential of octocat is erased here, but it was not revoked: only the service itself can revoke what was typed in. To be sure, revoke it in the account's settings at GitHub.",
      });
      expect((await credentials()).map(({ connection_id }) => connection_id)).toEqual([second.connection_id]);
      expect(await list()).toMatchObject([{ id: second.connection_id, default: true }]);
      expect(await asked()).toBe("hubot");
      expect(await asked("octocat")).toBe("not_found");
      expect(await asked(first.connection_id)).toBe("not_found");
      expect((await skillett.call("GET", `/v1/connect/${first.connection_id}`)).status).toBe(404);
      expect((await skillett.call("DELETE", `/v1/connections/${first.connection_id}`)).status).toBe(404);
      const { calls } = (await skillett.call("GET", "/v1/calls?status=completed&limit=200")).json;
      expect(calls.map((call: { connection_id: string }) => call.connection_id)).toContain(
        first.connection_id,
      );

      // Connected anew it has its old id, but no longer goes first.
      expect((await connectAs("octocat")).json.connection_id).toBe(first.connection_id);
      expect(await list()).toMatchObject([
        { account: "octocat", default: false },
        { account: "hubot", default: true },
      ]);

      for (const { id } of await list()) await skillett.call("DELETE", `/v1/connections/${id}`);
      expect(await credentials()).toEqual([]);
      expect(await asked()).toBe("integration_not_connected");
    });

    /** Whatever a connection could leave behind. */
    async function stored() {
      const { kysely } = stage().skillett.app.database;
      const [connections, attempts] = [
        await kysely.selectFrom("connections").select("id").execute(),
        await kysely.selectFrom("connect_attempts").select("id").execute(),
      ];
      return { connections, attempts, credentials: await credentials() };
    }

    it("a token that the service refuses leaves neither a connection nor a credential", async () => {
      const before = await stored();
      expect(before.credentials).toEqual([]);
      const body = { integration: "github", credentials: { token: "ghp_wrong" } };
      for (const more of [{}, { shared: true }]) {
        const reply = await stage().skillett.call("POST", "/v1/connect", { body: { ...body, ...more } });
        expect(reply.status, reply.text).toBe(400);
      }
      expect(await stored()).toEqual(before);
    });

    it("a new token that the service refuses leaves the account connected with the one it had", async () => {
      const { skillett, github } = stage();
      const id = await skillett.connect("github", github.mintToken("octocat"));
      const before = await stored();
      const body = { integration: "github", credentials: { token: "ghp_wrong" }, connection: id };
      expect((await skillett.call("POST", "/v1/connect", { body })).status).toBe(400);
      expect(await stored()).toEqual(before);
      expect(await asked()).toBe("octocat");
      await skillett.call("DELETE", `/v1/connections/${id}`);
    });

    it("nothing is stored while a service is down or makes no sense", async () => {
      const { skillett, github } = stage();
      const before = await stored();
      const body = { integration: "github", credentials: { token: github.mintToken() } };
      for (const fault of [{ status: 503 }, { status: 200, body: "<html>" }, { status: 200, body: {} }]) {
        github.failNext(fault);
        expect(await skillett.call("POST", "/v1/connect", { body })).toMatchObject({
          status: 502,
          json: { error: "upstream_unreachable", retryable: true },
        });
      }
      expect(await stored()).toEqual(before);
    });

    it("a person connects as many accounts as the plan allows, however many are asked for at once", async () => {
      const { skillett, github } = stage();
      await skillett.setPlan("free");
      const people = Array.from({ length: 6 }, (_, id) => ({ id, login: `person${id}` }));
      for (const body of people) github.failNext({ status: 200, body });
      const replies = await Promise.all(
        people.map(() =>
          skillett.call("POST", "/v1/connect", {
            body: { integration: "github", credentials: { token: "t" } },
          }),
        ),
      );
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 200, 403, 403, 403]);
      expect(replies.find(({ status }) => status === 403)!.json).toMatchObject({
        error: "plan_limit_reached",
        message: "Plan limit reached: maximum 3 connections. Upgrade your plan for more.",
      });
      expect(await list()).toHaveLength(3);
      // Renewing one of them adds none.
      const [, account] = await list();
      const known = people.find(({ login }) => login === account.account);
      github.failNext({ status: 200, body: known });
      const body = { integration: "github", credentials: { token: "t" } };
      expect((await skillett.call("POST", "/v1/connect", { body })).json.connection_id).toBe(account.id);
    });
  },
);
