import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Page, signIn } from "#support/browser.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertPerson, signUp } from "#support/world.js";

/** Signing in at a provider, from the link to the page behind the callback, and everything that can go wrong. */

const minute = 60_000;
const octocat = { id: 1, name: "octocat" };
const hubot = { id: 2, name: "hubot" };

onEachEngine("signing in", (engine) => {
  let provider: RotatingProvider;
  let skillett: Skillett;
  let now = Date.now();

  beforeAll(async () => {
    provider = await startRotatingProvider();
    skillett = await startSkillett(engine, {
      env: {
        ...provider.settings(),
        SKILLETT_SIGN_UP: "open",
        SKILLETT_GITHUB_CLIENT_ID: "id",
        SKILLETT_GITHUB_CLIENT_SECRET: "secret-0123456789",
      },
      clock: () => now,
    });
    provider.registerRedirect(`${skillett.url}/callback`);
  });
  afterAll(async () => {
    await skillett?.close();
    await provider?.close();
  });

  const begin = async (more: object = {}, key = skillett.key) =>
    (await skillett.call("POST", "/v1/connect", { key, body: { integration: "odd-oauth", ...more } })).json;
  const poll = async (id: string, key = skillett.key) => skillett.call("GET", `/v1/connect/${id}`, { key });
  const connections = async () => (await skillett.call("GET", "/v1/connections")).json.connections;
  const stored = () => skillett.app.database.kysely.selectFrom("credentials").selectAll().execute();
  const run = (more: object = {}) =>
    skillett.call("POST", "/v1/odd-oauth/get_path", { body: { params: { path: "json" }, ...more } });
  /** The link back to us, not yet opened. */
  const comeBack = async (url: string) => (await signIn(url, { stopAt: new URL(skillett.url).origin })).url;
  const open = async (url: string): Promise<Page> => {
    const response = await fetch(url, { redirect: "manual" });
    return { url, status: response.status, html: await response.text() };
  };
  const disconnectAll = async () => {
    for (const { id } of await connections()) await skillett.call("DELETE", `/v1/connections/${id}`);
  };

  it("a sign-in connects, says whose account it is, and calls work", async () => {
    provider.signsIn(octocat);
    const { connection_id, oauth_url } = await begin();
    const asked = new URL(oauth_url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: provider.client.id,
      response_type: "code",
      redirect_uri: `${skillett.url}/callback`,
      scope: "read",
      code_challenge_method: "S256",
    });
    expect((await poll(connection_id)).json).toEqual({ status: "pending", integration: "odd-oauth" });

    const page = await signIn(oauth_url);
    expect(page.status).toBe(200);
    expect(page.html).toContain("<strong>octocat</strong>");
    expect(page.html).toContain("You can close this page.");
    expect((await poll(connection_id)).json).toEqual({
      status: "connected",
      integration: "odd-oauth",
      connection_id,
      account: "octocat",
    });
    expect(await connections()).toMatchObject([
      { id: connection_id, account: "octocat", status: "connected", default: true, scopes: ["read"] },
    ]);
    expect((await run()).json).toEqual({ status: 200, data: octocat });
  });

  it("the same account again is the same connection, and another account is added", async () => {
    const [{ id }] = await connections();
    const before = await stored();
    const again = await begin({ scopes: ["read", "write"] });
    expect(new URL(again.oauth_url).searchParams.get("scope")).toBe("read write");
    await signIn(again.oauth_url);
    expect((await poll(again.connection_id)).json).toMatchObject({ status: "connected", connection_id: id });
    expect(await connections()).toMatchObject([{ id, scopes: ["read", "write"] }]);
    expect((await stored())[0]!.box).not.toBe(before[0]!.box);

    provider.signsIn(hubot);
    const other = await begin();
    await signIn(other.oauth_url);
    expect(await connections()).toMatchObject([
      { id, account: "octocat", default: true },
      { id: other.connection_id, account: "hubot", default: false },
    ]);
    expect((await run({ connection: "hubot" })).json.data).toEqual(hubot);
  });

  it("another account than the one to be renewed is refused, and changes nothing", async () => {
    const before = await stored();
    provider.signsIn(hubot);
    const { connection_id, oauth_url } = await begin({ connection: "octocat" });
    // What it was granted before is asked for again.
    expect(new URL(oauth_url).searchParams.get("scope")).toBe("read write");
    const page = await signIn(oauth_url);
    expect(page.html).toContain(
      "You signed in to Odd by sign-in as hubot, but octocat was to be reconnected",
    );
    expect((await poll(connection_id)).json).toMatchObject({ status: "error" });
    expect(await stored()).toEqual(before);
    provider.signsIn(octocat);
    await signIn((await begin({ connection: "octocat" })).oauth_url);
    expect(await connections()).toHaveLength(2);
    expect(await stored()).not.toEqual(before);
  });

  it("a person who denies access sees that nothing was connected", async () => {
    await disconnectAll();
    provider.signsIn(null);
    const { connection_id, oauth_url } = await begin();
    const page = await signIn(oauth_url);
    expect(page.html).toContain("Odd by sign-in was not connected");
    expect(page.html).toContain("skillett connect odd-oauth");
    expect((await poll(connection_id)).json).toEqual({
      status: "error",
      integration: "odd-oauth",
      message: "Access to Odd by sign-in was denied.",
    });
    expect(await stored()).toEqual([]);
    provider.signsIn(octocat);
  });

  it("a sign-in does not work in a browser where somebody else is signed in", async () => {
    const mallory = await signUp(skillett, "Mallory");
    const { connection_id, oauth_url } = await begin();
    const back = await comeBack(oauth_url);
    const page = await mallory.call("GET", back.slice(skillett.url.length));
    expect([page.status, page.text.includes("somebody else")]).toEqual([400, true]);
    expect((await poll(connection_id)).json).toMatchObject({ status: "pending" });
    expect(await stored()).toEqual([]);
    expect((await open(back)).status).toBe(200);
    await disconnectAll();
  });

  describe("the link back from a provider", () => {
    it("a link back works once, and its code is used up", async () => {
      const { oauth_url } = await begin();
      const back = await comeBack(oauth_url);
      expect((await open(back)).status).toBe(200);
      const asked = provider.tokenRequests.length;
      const again = await open(back);
      expect(again.status).toBe(400);
      expect(again.html).toContain("This sign-in is over");
      // A code that was used, in an attempt of its own: the provider says no.
      const other = await begin();
      const [used, fresh] = [new URL(back), new URL(await comeBack(other.oauth_url))];
      fresh.searchParams.set("code", used.searchParams.get("code")!);
      expect(provider.tokenRequests.length).toBe(asked);
      expect((await open(fresh.href)).html).toContain("Odd refused (invalid_grant)");
      expect((await poll(other.connection_id)).json).toMatchObject({ status: "error" });
      await disconnectAll();
    });

    it("a link back is over after ten minutes", async () => {
      const { connection_id, oauth_url } = await begin();
      const [back, other] = [await comeBack(oauth_url), await comeBack((await begin()).oauth_url)];
      now += 10 * minute - 1;
      expect((await open(other)).status).toBe(200);
      await disconnectAll();
      now += 1;
      const asked = provider.tokenRequests.length;
      const page = await open(back);
      expect(page.html).toContain("This sign-in took too long");
      expect(provider.tokenRequests.length).toBe(asked);
      expect((await poll(connection_id)).json).toMatchObject({
        status: "error",
        message: "Nobody signed in within ten minutes.",
      });
      expect(await stored()).toEqual([]);
    });

    it("a link back is over once the sign-in is cancelled", async () => {
      const { connection_id, oauth_url } = await begin();
      const back = await comeBack(oauth_url);
      expect((await skillett.call("DELETE", `/v1/connect/${connection_id}`)).status).toBe(204);
      expect((await open(back)).html).toContain("This sign-in is over");
      expect((await poll(connection_id)).json).toMatchObject({ message: "The sign-in was given up." });
      expect(await stored()).toEqual([]);
    });

    it.each([
      ["changed", (state: string) => `${state.slice(0, -2)}${state.endsWith("AA") ? "BB" : "AA"}`],
      ["of another server", () => "dk_0123456789abcdef.AAAA"],
      ["made up", () => "conn_1"],
      ["empty", () => ""],
      ["huge", () => "x".repeat(6_000)],
    ])("a link back whose state is %s is refused", async (_, change) => {
      const { connection_id, oauth_url } = await begin();
      const back = new URL(await comeBack(oauth_url));
      back.searchParams.set("state", change(back.searchParams.get("state")!));
      const page = await open(back.href);
      expect(page.status).toBe(400);
      expect(page.html).toContain("This is not a sign-in we know");
      expect((await poll(connection_id)).json).toMatchObject({ status: "pending" });
      expect(await stored()).toEqual([]);
    });

    it("nobody else sees, polls or cancels a person's sign-in", async () => {
      const { key } = await insertPerson(skillett.app.database, "eve");
      const { connection_id, oauth_url } = await begin();
      expect((await poll(connection_id, key)).status).toBe(404);
      const cancelled = await skillett.call("DELETE", `/v1/connect/${connection_id}`, { key });
      expect(cancelled.status).toBe(404);
      // Whoever opens the link, the account goes to the one who asked for it, and the page names them.
      const page = await open(await comeBack(oauth_url));
      expect(page.html).toContain("The agents of the owner of this Skillett can now use");
      expect(await connections()).toHaveLength(1);
      const theirs = await skillett.call("GET", "/v1/connections", { key });
      expect(theirs.json.connections).toEqual([]);
      await disconnectAll();
    });
  });

  describe("a full plan", () => {
    beforeAll(async () => {
      await skillett.setPlan("free");
      for (const id of [1, 3, 4]) {
        provider.signsIn({ id, name: `person${id}` });
        await signIn((await begin()).oauth_url);
      }
      expect(await connections()).toHaveLength(3);
    });
    afterAll(() => skillett.setPlan("unlimited"));

    it("a full plan refuses a fourth account at the end of its sign-in, and renews the others", async () => {
      provider.signsIn({ id: 1, name: "person1" });
      const before = await stored();
      expect((await signIn((await begin()).oauth_url)).status).toBe(200);
      const renewed = await stored();
      expect(renewed.filter(({ box }) => before.some((it) => it.box === box))).toHaveLength(2);
      provider.signsIn({ id: 5, name: "person5" });
      const { connection_id, oauth_url } = await begin();
      const page = await signIn(oauth_url);
      expect(page.html).toContain("Plan limit reached: maximum 3 connections.");
      expect((await poll(connection_id)).json).toMatchObject({
        status: "error",
        message: expect.stringContaining("maximum 3 connections"),
      });
      expect(await stored()).toEqual(renewed);
    });

    it("a full plan refuses another integration before anybody is sent to its provider", async () => {
      const attempts = () =>
        skillett.app.database.kysely.selectFrom("connect_attempts").select("id").orderBy("id").execute();
      const before = await attempts();
      const body = { integration: "github" };
      const refused = await skillett.call("POST", "/v1/connect", { body });
      expect(refused).toMatchObject({
        status: 403,
        json: {
          error: "plan_limit_reached",
          message: "Plan limit reached: maximum 3 connections. Upgrade your plan for more.",
        },
      });
      expect(refused.json).not.toHaveProperty("oauth_url");
      expect(await attempts()).toEqual(before);
      const [{ id }] = await connections();
      await skillett.call("DELETE", `/v1/connections/${id}`);
      const { json } = await skillett.call("POST", "/v1/connect", { body });
      expect(json.oauth_url).toContain("https://github.com/login/oauth/authorize?");
    });
  });
});
