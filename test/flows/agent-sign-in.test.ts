import { afterAll, beforeAll, expect, it } from "vitest";
import { signIn } from "#support/browser.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor } from "#support/visitor.js";
import { claimInstance, type Person, signUp } from "#support/world.js";

/** An agent asks for an account; only its person connects one, and only where they would see it. */

const octocat = { id: 1, name: "octocat" };
const hubot = { id: 2, name: "hubot" };

onEachEngine("a sign-in that an agent asked for", (engine) => {
  let provider: RotatingProvider;
  let skillett: Skillett;
  let owner: Person;
  let stranger: Person;
  let agentKey: string;
  let otherAgentKey: string;
  let now = Date.now();

  beforeAll(async () => {
    provider = await startRotatingProvider();
    skillett = await startSkillett(engine, {
      env: { ...provider.settings(), SKILLETT_SIGN_UP: "open" },
      clock: () => now,
    });
    provider.registerRedirect(`${skillett.url}/callback`);
    owner = await claimInstance(skillett);
    stranger = await signUp(skillett, "Eve");
    agentKey = await keyOf("Triage <b>");
    otherAgentKey = await keyOf("Other");
  });
  afterAll(async () => {
    await skillett?.close();
    await provider?.close();
  });

  async function keyOf(name: string): Promise<string> {
    const { agent } = (await owner.call("POST", "/api/agents", { name })).json;
    return (await owner.call("POST", "/api-keys", { name, agent_id: agent.id })).json.full_key;
  }
  const begin = (body: object = {}) =>
    skillett.call("POST", "/v1/connect", { key: agentKey, body: { integration: "odd-oauth", ...body } });
  const pathOf = (url: string) => url.slice(skillett.url.length);
  const providerLink = (html: string) =>
    (/href="([^"]+)">Continue/.exec(html)?.[1] ?? "").replaceAll("&#38;", "&");
  const poll = async (id: string, key = agentKey) =>
    (await skillett.call("GET", `/v1/connect/${id}`, { key })).json;
  const connections = async () => (await skillett.call("GET", "/v1/connections")).json.connections;
  const stored = () =>
    skillett.app.database.kysely.selectFrom("credentials").selectAll().orderBy("connection_id").execute();
  /** Confirms and signs in: the path that the browser comes back with, not yet opened. */
  async function comeBack(link: string): Promise<string> {
    const page = await owner.call("GET", pathOf(link));
    const { url } = await signIn(providerLink(page.text), { stopAt: new URL(skillett.url).origin });
    return pathOf(url);
  }

  it("an agent that asks for a sign-in gets a link to this server, and not to the provider", async () => {
    const { status, json, text } = await begin();
    expect(status).toBe(200);
    expect(json.oauth_url).toBe(`${skillett.url}/connect/${json.connection_id}`);
    expect(text).not.toContain(provider.url);
    expect(await poll(json.connection_id)).toEqual({ status: "pending", integration: "odd-oauth" });
  });

  it("the page of a sign-in is shown to its person alone, and sends a visitor without a session to sign in", async () => {
    const { connection_id, oauth_url } = (await begin()).json;
    const path = pathOf(oauth_url);
    const nobody = await createVisitor(skillett.url).call("GET", path);
    expect(nobody.status).toBe(302);
    expect(nobody.headers.get("location")).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
    const other = await stranger.call("GET", path);
    expect([other.status, other.text]).toEqual([400, expect.stringContaining("not yours")]);
    expect(other.text).not.toContain(provider.url);
    const own = await owner.call("GET", path);
    expect(own.status).toBe(200);
    expect(own.text).toContain("Triage &#60;b&#62;");
    expect(own.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(await poll(connection_id)).toEqual({ status: "pending", integration: "odd-oauth" });
  });

  it("a browser where nobody, or somebody else, is signed in connects nothing", async () => {
    provider.signsIn(octocat);
    const { connection_id, oauth_url } = (await begin()).json;
    const back = await comeBack(oauth_url);
    const nobody = await createVisitor(skillett.url).call("GET", back);
    expect([nobody.status, nobody.text]).toEqual([400, expect.stringContaining("Sign in to Skillett first")]);
    const other = await stranger.call("GET", back);
    expect([other.status, other.text]).toEqual([400, expect.stringContaining("somebody else")]);
    expect(provider.tokenRequests).toEqual([]);
    expect(await connections()).toEqual([]);
    expect(await poll(connection_id)).toMatchObject({ status: "pending" });
    expect((await owner.call("GET", back)).status).toBe(200);
    expect(await poll(connection_id)).toMatchObject({ status: "connected", account: "octocat" });
    expect(await connections()).toMatchObject([{ account: "octocat", default: true, shared: false }]);
  });

  it("a sign-in that an agent asked for adds an account, and leaves one that works as it is", async () => {
    const before = await stored();
    const again = (await begin({ scopes: ["read", "write"] })).json;
    const page = await owner.call("GET", await comeBack(again.oauth_url));
    expect([page.status, page.text]).toEqual([400, expect.stringContaining("connected already")]);
    expect(await poll(again.connection_id)).toMatchObject({ status: "error" });
    expect(await stored()).toEqual(before);
    provider.signsIn(hubot);
    const other = (await begin()).json;
    expect((await owner.call("GET", await comeBack(other.oauth_url))).status).toBe(200);
    expect(await connections()).toMatchObject([
      { account: "octocat", default: true, scopes: ["read"] },
      { account: "hubot", default: false },
    ]);
  });

  it("a sign-in that an agent asked for renews an account that has to be reconnected", async () => {
    await skillett.app.database.kysely
      .updateTable("connections")
      .set({ status: "needs_reconnect" })
      .where("account", "=", "hubot")
      .execute();
    provider.signsIn(hubot);
    const [octocats, hubots] = await stored();
    const { oauth_url } = (await begin()).json;
    expect((await owner.call("GET", await comeBack(oauth_url))).status).toBe(200);
    expect(await connections()).toMatchObject([{ account: "octocat" }, { status: "connected" }]);
    const { connection_id } = hubots!;
    expect(await stored()).toMatchObject([octocats!, { connection_id }]);
    expect((await stored())[1]!.box).not.toBe(hubots!.box);
  });

  it("no agent ends the sign-in of another agent or of a person, and a person ends that of their agent", async () => {
    const { connection_id } = (await begin()).json;
    const path = `/v1/connect/${connection_id}`;
    for (const method of ["GET", "DELETE"])
      expect((await skillett.call(method, path, { key: otherAgentKey })).status).toBe(404);
    const ofPerson = (await skillett.call("POST", "/v1/connect", { body: { integration: "odd-oauth" } }))
      .json;
    expect(
      (await skillett.call("DELETE", `/v1/connect/${ofPerson.connection_id}`, { key: agentKey })).status,
    ).toBe(404);
    for (const id of [connection_id, ofPerson.connection_id])
      expect(await poll(id, skillett.key)).toMatchObject({ status: "pending" });
    const another = (await begin()).json.connection_id;
    expect((await skillett.call("DELETE", `/v1/connect/${another}`, { key: agentKey })).status).toBe(204);
    expect(await poll(another)).toMatchObject({ status: "error" });
    expect((await skillett.call("DELETE", path)).status).toBe(204);
    const page = await owner.call("GET", `/connect/${connection_id}`);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining("is over")]);
  });

  it("the page of a sign-in is closed while its agent is paused", async () => {
    const { oauth_url } = (await begin()).json;
    const agents = (await owner.call("GET", "/api/agents")).json.agents;
    const { id } = agents.find(({ name }: { name: string }) => name.startsWith("Triage"));
    await owner.call("POST", `/api/agents/${id}/pause`);
    const page = await owner.call("GET", pathOf(oauth_url));
    expect([page.status, page.text]).toEqual([400, expect.stringContaining("paused or deleted")]);
    expect(page.text).not.toContain(provider.url);
    await owner.call("POST", `/api/agents/${id}/resume`);
    expect((await owner.call("GET", pathOf(oauth_url))).status).toBe(200);
  });

  it("a sign-in that an agent asked for ends after ten minutes", async () => {
    const { oauth_url } = (await begin()).json;
    const [back, before] = [await comeBack(oauth_url), await connections()];
    now += 10 * 60_000 - 1;
    expect((await owner.call("GET", pathOf(oauth_url))).status).toBe(200);
    now += 1;
    for (const path of [pathOf(oauth_url), back]) {
      const page = await owner.call("GET", path);
      expect([page.status, page.text]).toEqual([400, expect.stringContaining("took too long")]);
    }
    expect(await connections()).toEqual(before);
  });
});
