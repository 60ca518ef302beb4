import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type HostedService, startHostedService } from "#support/hosted-service.js";
import { resolveLocalhostNames } from "#support/localhost-names.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** Integrations without a request that tells whose account a credential opens. */

resolveLocalhostNames();

onEachEngine("accounts of services that are not asked", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  let service: HostedService;
  let odd: RotatingProvider;

  beforeAll(async () => {
    [service, odd] = await Promise.all([startHostedService(), startRotatingProvider()]);
    cleanup.add(service.close);
    cleanup.add(odd.close);
    const {
      SKILLETT_ODD_OAUTH_BASE_URL: _,
      SKILLETT_ODD_MACHINE_BASE_URL: _machine,
      ...env
    } = odd.settings();
    skillett = await startSkillett(engine, { env: { ...env, ...service.env } });
    cleanup.add(skillett.close);
    registerCallback(skillett, odd);
  });
  afterAll(cleanup.run);

  const connect = (integration: string, more: object) =>
    skillett.call("POST", "/v1/connect", { body: { integration, ...more } });
  const login = (user: string, password = "password-0123456789") => ({ credentials: { user, password } });
  const token = (site: string, value = "token-0123456789") => ({
    settings: { site },
    credentials: { token: value },
  });
  const listed = async (integration: string) =>
    (await skillett.call("GET", `/v1/connections?integration=${integration}`)).json.connections;
  const look = (integration: string) =>
    skillett.call("POST", `/v1/${integration}/look`, { body: { params: { what: "it" } } });
  const unchecked = (name: string) =>
    `${name} was not asked about this account, since there is no request for that: the first call shows whether it works.`;

  it("nothing is asked when it is connected, the answer says so, and the first call has the credential", async () => {
    const before = service.requests.length;
    const { status, json } = await connect("silent", login("ada"));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: "connected",
      account: "ada",
      hint: { message: unchecked("Silent") },
    });
    expect(service.requests.length).toBe(before);
    const credential = Buffer.from("ada:password-0123456789").toString("base64");
    expect((await look("silent")).headers.get("skillett-account")).toBe("ada");
    expect(service.requests.at(-1)).toBe(`api.localhost:${service.port} Basic ${credential} /api/look/it`);
  });

  it("the ways to connect say that nothing is checked", async () => {
    const { connect: ways } = (await skillett.call("GET", "/v1/skills/silent")).json;
    expect(ways.hint).toEqual({ message: unchecked("Silent") });
    expect((await skillett.call("GET", "/v1/skills/hosted-field")).json.connect.hint).toBeUndefined();
  });

  it("connecting again replaces the credential and the name of the one connection, named or not", async () => {
    const first = (await connect("silent", login("ada"))).json.connection_id;
    const again = await connect("silent", login("grace", "another-0123456789"));
    expect(again.json).toMatchObject({ connection_id: first, account: "grace" });
    const named = await connect("silent", { ...login("ada"), connection: "grace" });
    expect(named.json).toMatchObject({ connection_id: first, account: "ada" });
    expect(await listed("silent")).toHaveLength(1);
  });

  it("a sign-in replaces what was typed in, is named after the integration, and its page says that nothing was checked", async () => {
    const first = (await connect("silent", login("ada"))).json.connection_id;
    const { told, page } = await connectBySignIn(skillett, { integration: "silent" }, { as: "octocat" });
    expect(told).toMatchObject({
      status: "connected",
      connection_id: first,
      account: "Silent",
      hint: { message: unchecked("Silent") },
    });
    expect(page.html).toContain("the first call shows whether it works");
    await look("silent");
    expect(service.requests.at(-1)).toContain("Bearer");
  });

  it("each host is a connection of its own, and another host is another account", async () => {
    const acme = (await connect("hosted-unasked", token("acme"))).json;
    const globex = (await connect("hosted-unasked", token("globex"))).json;
    expect([acme.account, globex.account]).toEqual([
      "Hosted and silent at acme",
      "Hosted and silent at globex",
    ]);
    expect(globex.connection_id).not.toBe(acme.connection_id);
    const again = await connect("hosted-unasked", { ...token("acme"), connection: acme.connection_id });
    expect(again.json.connection_id).toBe(acme.connection_id);
    const moved = await connect("hosted-unasked", { ...token("acme"), connection: globex.connection_id });
    expect(moved.json).toMatchObject({ error: "conflict" });
  });

  it("a credential that the service refuses in a call makes the connection one to connect again", async () => {
    await connect("silent", login("eve"));
    service.refused = `Basic ${Buffer.from("eve:password-0123456789").toString("base64")}`;
    expect((await look("silent")).json).toMatchObject({ error: "token_expired" });
    expect(await listed("silent")).toMatchObject([{ status: "needs_reconnect" }]);
    await connect("silent", login("ada"));
    expect(await listed("silent")).toMatchObject([{ status: "connected", account: "ada" }]);
  });

  it("a connection gets its owner when its file asks for one later, and stays one", async () => {
    const { connection_id: id } = (await connect("hosted-field", token("acme"))).json;
    const forget = () =>
      skillett.app.database.kysely
        .updateTable("connections")
        .set({ account_id: ' {"site":"acme"}', account: "Hosted at acme" })
        .where("id", "=", id)
        .execute();
    await forget();
    const named = await connect("hosted-field", { ...token("acme"), connection: id });
    expect(named.json).toEqual({ connection_id: id, status: "connected", account: "Ada at acme" });
    await forget();
    expect((await connect("hosted-field", token("globex"))).json.connection_id).not.toBe(id);
    expect((await connect("hosted-field", token("acme"))).json.connection_id).toBe(id);
    const accounts = (await listed("hosted-field")).map(({ account }: { account: string }) => account);
    expect(accounts).toEqual(["Ada at acme", "Ada at globex"]);
  });
});
