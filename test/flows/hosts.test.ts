import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type HostedService, startHostedService } from "#support/hosted-service.js";
import { resolveLocalhostNames } from "#support/localhost-names.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** A host of its own for each connection: asked for, from the token answer, or found by asking the service. */

resolveLocalhostNames();

onEachEngine("hosts of connections", (engine) => {
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

  const token = "token-0123456789";
  const connect = (integration: string, settings?: unknown, more: object = { credentials: { token } }) =>
    skillett.call("POST", "/v1/connect", { body: { integration, settings, ...more } });
  const look = async (integration: string, connection?: string, query = "") =>
    skillett.call("POST", `/v1/${integration}/look${query}`, {
      body: { params: { what: "it" }, connection },
    });
  const listed = async (integration: string) =>
    (await skillett.call("GET", `/v1/connections?integration=${integration}`)).json.connections;
  const host = (name: string) => `${name}.localhost:${service.port}`;

  it("two connections of one account on two hosts are called each at its own", async () => {
    const acme = (await connect("hosted-field", { site: "acme" })).json;
    const globex = (await connect("hosted-field", { site: "globex" })).json;
    expect(acme).toMatchObject({ status: "connected", account: "Ada at acme" });
    expect(globex.connection_id).not.toBe(acme.connection_id);
    expect((await listed("hosted-field")).map(({ settings }: { settings: object }) => settings)).toEqual([
      { site: "acme" },
      { site: "globex" },
    ]);
    for (const [id, name] of [
      [acme.connection_id, "acme"],
      [globex.connection_id, "globex"],
      ["Ada at acme", "acme"],
      ["Ada at globex", "globex"],
    ]) {
      expect((await look("hosted-field", id)).json.data).toMatchObject({
        host: host(name),
        path: "/api/look/it",
      });
      const { request } = (await look("hosted-field", id, "?dry_run=true")).json;
      expect(request.url).toBe(`http://${host(name)}/api/look/it`);
    }
  });

  it("connecting the same account on the same host again keeps its connection", async () => {
    const first = (await connect("hosted-field", { site: "acme" })).json.connection_id;
    expect((await connect("hosted-field", { site: "acme" })).json.connection_id).toBe(first);
  });

  it("a setting left out is asked for together with the credential", async () => {
    const { status, json } = await connect("hosted-field", undefined, { credentials: { tokn: "x" } });
    expect(status).toBe(400);
    expect(json.issues.map(({ at }: { at: string }) => at)).toEqual([
      "settings.site",
      "credentials.token",
      "credentials.tokn",
    ]);
  });

  it.each([
    "evil.example#",
    "evil.example/",
    "evil.example?",
    "evil.example\\",
    "user@evil.example",
    "acme.evil",
    "acme:81",
    "acme%2eevil",
    "acme\u3002evil",
    "\u0430cme",
    "xn--acme-3ve",
    "Acme",
    "-acme",
    "acme-",
    "acme\n",
    " acme",
    "{site}",
    "[::1]",
    "a".repeat(64),
  ])("the value %j reaches no service", async (site) => {
    const before = service.requests.length;
    const { status, json } = await connect("hosted-field", { site });
    expect(status).toBe(400);
    expect(json.issues[0].at).toBe("settings.site");
    expect(service.requests.length).toBe(before);
  });

  it("a setting that the integration does not have is refused by name", async () => {
    const { json } = await connect("hosted-field", { site: "acme", sit: "x", __proto: "y" });
    expect(json.issues.map(({ at }: { at: string }) => at)).toEqual(["settings.sit", "settings.__proto"]);
    expect(json.next).toEqual(["skillett connect hosted-field"]);
  });

  it("a host that is private and not allowed is refused by the guard, without the credential", async () => {
    const before = service.requests.length;
    const { status, json } = await connect("hosted-field", { site: "intranet" });
    expect({ status, error: json.error }).toEqual({ status: 502, error: "upstream_unreachable" });
    expect(service.requests.length).toBe(before);
  });

  it("a value that was changed in the database leads nowhere else", async () => {
    const { connection_id: id } = (await connect("hosted-field", { site: "acme" })).json;
    const change = (site: string) =>
      skillett.app.database.kysely
        .updateTable("connections")
        .set({ settings: JSON.stringify({ site }) })
        .where("id", "=", id)
        .execute();
    await change("api.localhost:1/x#");
    const before = service.requests.length;
    expect((await look("hosted-field", id)).json).toMatchObject({ error: "integration_not_connected" });
    expect(service.requests.length).toBe(before);
    await change("acme");
  });

  it("a sign-in takes the setting along, and a refresh keeps it", async () => {
    odd.signsIn({ id: 1, name: "octocat" });
    const body = { integration: "hosted-field", settings: { site: "globex" } };
    const { id, told } = await connectBySignIn(skillett, body);
    expect(told).toMatchObject({ status: "connected" });
    expect((await look("hosted-field", id)).json.data.host).toBe(host("globex"));
    const [, old] = /(Bearer \S+)/.exec(service.requests.at(-1)!)!;
    service.refused = old;
    expect((await look("hosted-field", id)).json.data.host).toBe(host("globex"));
    expect(service.requests.at(-1)).not.toContain(old);
    expect(service.requests.slice(-2).every((it) => it.startsWith(host("globex")))).toBe(true);
  });

  it("renewing a connection keeps its host, and another host is another account", async () => {
    const { connection_id: id } = (await connect("hosted-field", { site: "acme" })).json;
    const renew = (settings?: object) =>
      connect("hosted-field", settings, { credentials: { token }, connection: id });
    expect((await renew()).json).toMatchObject({ connection_id: id, status: "connected" });
    expect((await renew({ site: "globex" })).json).toMatchObject({ error: "conflict" });
    expect((await look("hosted-field", id)).json.data.host).toBe(host("acme"));
  });

  it("an integration says which settings it asks for", async () => {
    const settings = async (slug: string) =>
      (await skillett.call("GET", `/v1/skills/${slug}`)).json.connect.settings;
    expect(await settings("hosted-field")).toMatchObject([
      { setting: "site", label: "Site", required: true },
    ]);
    expect(await settings("hosted-token")).toEqual([]);
    expect(await settings("hosted-discover")).toMatchObject([{ setting: "cloud_id", required: false }]);
  });

  it("the host is read from the token answer", async () => {
    odd.nextTokenAnswer((good) => ({
      body: JSON.stringify({ ...good, instance_url: `http://${host("acme")}/` }),
    }));
    const { id, told } = await connectBySignIn(skillett, { integration: "hosted-token" });
    expect(told).toMatchObject({ status: "connected", account: `Ada at ${host("acme")}` });
    expect((await look("hosted-token", id)).json.data).toMatchObject({
      host: host("acme"),
      path: "/api/look/it",
    });
  });

  it.each([
    "http://evil.example",
    "http://acme.localhost.evil.example:1",
    "http://evil@acme.localhost",
    7,
    null,
  ])(
    "a token answer that names the instance %j is refused before it gets the token",
    async (instance_url) => {
      odd.nextTokenAnswer((good) => ({ body: JSON.stringify({ ...good, instance_url }) }));
      const before = service.requests.length;
      const { told } = await connectBySignIn(skillett, { integration: "hosted-token" });
      expect(told).toMatchObject({ status: "error", message: expect.stringContaining("instance_url") });
      expect(service.requests.length).toBe(before);
    },
  );

  it("the only site of an account is taken, and of several one has to be chosen", async () => {
    service.sites = [{ id: "s-1", url: "https://one.example" }];
    const { connection_id: id } = (await connect("hosted-discover")).json;
    expect((await look("hosted-discover", id)).json.data.path).toBe("/sites/s-1/look/it");
    service.sites = [
      { id: "s-1", url: "https://one.example" },
      { id: "s-2", url: "https://two.example" },
    ];
    const { status, json } = await connect("hosted-discover");
    expect(status).toBe(400);
    expect(json.message).toContain("s-1 (https://one.example), s-2 (https://two.example)");
    const chosen = (await connect("hosted-discover", { cloud_id: "s-2" })).json;
    expect((await look("hosted-discover", chosen.connection_id)).json.data.path).toBe("/sites/s-2/look/it");
    expect(chosen.account).toBe("Ada at two.example");
    expect((await connect("hosted-discover", { cloud_id: "s-3" })).status).toBe(400);
  });

  it("a credential that is refused when sites are asked for is refused at its field", async () => {
    service.refused = `Bearer ${token}`;
    const { status, json } = await connect("hosted-discover");
    service.refused = undefined;
    expect({ status, at: json.issues[0].at }).toEqual({ status: 400, at: "credentials.token" });
  });

  it.each([[[]], [[{ id: ".." }]], [[{ id: "a/b" }]], [{ error: "x" }]])(
    "the sites %j connect nothing",
    async (sites) => {
      service.sites = sites;
      expect((await connect("hosted-discover")).status).toBeGreaterThanOrEqual(400);
    },
  );
});
