import { afterAll, beforeAll, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { type GoogleStandIn, startGoogle } from "#support/google-stand-in.js";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type SlackStandIn, startSlack } from "#support/slack-stand-in.js";

/** Refused for a scope: the answer says which one, and what it says to do makes the call succeed. */

const octocat = "octocat@acme.example";
const googleScope = (name: string) => `https://www.googleapis.com/auth/${name}`;

interface Case {
  integration: string;
  as: string;
  /** In the link to sign in at. */
  scopeParam: string;
  separator: string;
  granted: string[];
  endpoint: string;
  params: object;
  wanted: string[];
  /** How the service says no. */
  status: number;
  data: object;
  succeeds: number;
}

const cases: Case[] = [
  {
    integration: "github",
    as: "octocat",
    scopeParam: "scope",
    separator: ",",
    granted: ["notifications"],
    endpoint: "list_orgs_for_authenticated_user",
    params: {},
    wanted: ["read:org"],
    status: 403,
    data: { message: expect.stringContaining("You need at least read:org scope") },
    succeeds: 200,
  },
  {
    // GitHub hides what a token may not write to.
    integration: "github",
    as: "octocat",
    scopeParam: "scope",
    separator: ",",
    granted: ["read:org"],
    endpoint: "create_issue",
    params: { repo: "acme/app", title: "With the scope" },
    wanted: ["repo"],
    status: 404,
    data: { message: "Not Found" },
    succeeds: 201,
  },
  {
    integration: "gmail",
    as: octocat,
    scopeParam: "scope",
    separator: " ",
    granted: [googleScope("gmail.metadata")],
    endpoint: "send_email",
    params: { to: "ada@example.com", subject: "Hello", text: "Good morning." },
    wanted: [googleScope("gmail.send")],
    status: 403,
    data: { error: { status: "PERMISSION_DENIED" } },
    succeeds: 200,
  },
  {
    integration: "google-calendar",
    as: octocat,
    scopeParam: "scope",
    separator: " ",
    granted: [googleScope("calendar.calendars.readonly")],
    endpoint: "list_events",
    params: {},
    wanted: [googleScope("calendar.events.readonly")],
    status: 403,
    data: { error: { status: "PERMISSION_DENIED" } },
    succeeds: 200,
  },
  {
    integration: "slack",
    as: "octocat",
    scopeParam: "user_scope",
    separator: ",",
    granted: ["users:read"],
    endpoint: "post_message",
    params: { channel: "deploys", text: "Hello" },
    wanted: ["chat:write"],
    status: 200,
    data: { ok: false, error: "missing_scope", needed: "chat:write" },
    succeeds: 200,
  },
];

onEachEngine("scopes", (engine) => {
  let github: GithubStandIn;
  let google: GoogleStandIn;
  let slack: SlackStandIn;
  let skillett: Skillett;
  beforeAll(async () => {
    [github, google, slack] = await Promise.all([startGithub(), startGoogle(), startSlack()]);
    const env = { ...github.settings(), ...google.settings(), ...slack.settings() };
    skillett = await startSkillett(engine, { env });
    registerCallback(skillett, github, google, slack);
  });
  afterAll(async () => {
    await skillett?.close();
    for (const service of [github, google, slack]) await service?.close();
  });

  const call = (integration: string, endpoint: string, params: object, headers = {}) =>
    skillett.call("POST", `/v1/${integration}/${endpoint}`, { body: { params }, headers });
  const connections = async (integration: string) =>
    (await skillett.call("GET", `/v1/connections?integration=${integration}`)).json.connections;

  it.each(cases)("$integration $endpoint names the scope it lacks, and succeeds with it", async (given) => {
    const { integration, as, endpoint, params, granted, wanted } = given;
    const narrow = await connectBySignIn(skillett, { integration, scopes: granted }, { as });
    expect(narrow.asked.searchParams.get(given.scopeParam)).toBe(granted.join(given.separator));
    expect(await connections(integration)).toMatchObject([{ id: narrow.id, scopes: granted }]);

    const refused = await call(integration, endpoint, params);
    expect(refused).toMatchObject({ status: 200, json: { status: given.status, data: given.data } });
    const all = [...granted, ...wanted];
    expect(refused.json.hint).toEqual({
      message: expect.stringContaining(wanted.join(", ")),
      class: "scope",
      wanted_scopes: wanted,
      granted_scopes: granted,
      next: [`skillett connect ${integration} --connection ${narrow.id} --scopes ${all.join(",")}`],
    });
    // Nothing is wrong with the connection itself.
    expect(await connections(integration)).toMatchObject([{ status: "connected" }]);
    const { calls } = (await skillett.call("GET", "/v1/calls?limit=1")).json;
    expect(calls).toMatchObject([{ status: "refused_upstream", upstream_status: given.status, error: null }]);

    const [, connection, scopes] = /--connection (\S+) --scopes (\S+)$/.exec(refused.json.hint.next[0])!;
    const body = { integration, connection: connection!, scopes: scopes!.split(",") };
    const wide = await connectBySignIn(skillett, body, { as });
    expect(wide.told).toMatchObject({ status: "connected", connection_id: narrow.id });
    expect(wide.asked.searchParams.get(given.scopeParam)).toBe(all.join(given.separator));
    expect(await connections(integration)).toMatchObject([{ id: narrow.id, scopes: all }]);
    const { json } = await call(integration, endpoint, params);
    expect(json.status).toBe(given.succeeds);
    expect(json.hint).toBeUndefined();
    await skillett.call("DELETE", `/v1/connections/${narrow.id}`);
  });

  it("a typed-in token that lacks a scope is answered with the scope, and with no command", async () => {
    await skillett.connect("github", github.mintToken("octocat", ["read:org"]));
    const { json } = await call("github", "list_notifications", {});
    expect(json).toMatchObject({ status: 403, hint: { wanted_scopes: ["notifications"] } });
    expect(json.hint.next).toBeUndefined();
    const [{ id }] = await connections("github");
    await skillett.call("DELETE", `/v1/connections/${id}`);
  });

  it("a refusal for another reason has no scopes in its hint, but what the endpoint advises", async () => {
    const { id } = await connectBySignIn(skillett, { integration: "github" });
    const { json } = await call("github", "get_repo", { repo: "acme/nothing" });
    expect(json).toMatchObject({ status: 404 });
    expect(json.hint).toEqual({ message: expect.stringContaining("the token has no access") });
    await skillett.call("DELETE", `/v1/connections/${id}`);
  });

  it("the same Idempotency-Key is sent again while a scope is missing, and works once it is there", async () => {
    const { id } = await connectBySignIn(skillett, { integration: "slack", scopes: ["users:read"] });
    const params = { channel: "deploys", text: "Once" };
    const post = () => call("slack", "post_message", params, { "idempotency-key": "one" });
    const first = await post();
    expect(first.json.hint.wanted_scopes).toEqual(["chat:write"]);
    const again = await post();
    expect(again.headers.get("idempotency-replayed")).toBeNull();
    expect(again.json).toEqual(first.json);
    await connectBySignIn(skillett, { integration: "slack", scopes: ["users:read", "chat:write"] });
    const sent = await post();
    expect(sent.json).toMatchObject({ status: 200, data: { ok: true } });
    const replayed = await post();
    expect(replayed.headers.get("idempotency-replayed")).toBe("true");
    expect(replayed.text).toBe(sent.text);
    await skillett.call("DELETE", `/v1/connections/${id}`);
  });

  it.each([
    ["a scope with a space", ["repo read:org"]],
    ["an empty scope", [""]],
    ["a scope with a line break", ["repo\n"]],
    ["a text for the list of scopes", "repo"],
  ])("%s is refused before anybody signs in", async (_, scopes) => {
    const { status, json } = await skillett.call("POST", "/v1/connect", {
      body: { integration: "github", scopes },
    });
    expect(status).toBe(400);
    expect(json.issues[0].at).toMatch(/^scopes/);
  });
});
