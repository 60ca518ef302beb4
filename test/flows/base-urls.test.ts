import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type HostedService, startHostedService } from "#support/hosted-service.js";
import { resolveLocalhostNames } from "#support/localhost-names.js";
import { startRotatingProvider } from "#support/rotating-provider.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** Several base URLs in one integration, and one for each way to connect: a call goes to its own, and to no other. */

resolveLocalhostNames();

onEachEngine("several base URLs", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  let service: HostedService;
  let env: Record<string, string>;

  beforeAll(async () => {
    const odd = await startRotatingProvider();
    service = await startHostedService();
    cleanup.add(service.close);
    cleanup.add(odd.close);
    const {
      SKILLETT_ODD_OAUTH_BASE_URL: _,
      SKILLETT_ODD_MACHINE_BASE_URL: _machine,
      ...urls
    } = odd.settings();
    env = { ...urls, ...service.env };
    skillett = await startSkillett(engine, { env });
    cleanup.add(skillett.close);
    service.sites = [{ id: "c1", url: "https://acme.example" }];
  });
  afterAll(cleanup.run);

  const connect = (at: Skillett, credentials: object, settings?: object) =>
    at.call("POST", "/v1/connect", { body: { integration: "hosted-bases", credentials, settings } });
  const look = async (at: Skillett, endpoint: string, connection: string, query = "") =>
    (
      await at.call("POST", `/v1/hosted-bases/${endpoint}${query}`, {
        body: { params: { what: "it" }, connection },
      })
    ).json;
  const host = (name: string) => `${name}.localhost:${service.port}`;

  it("an endpoint is called at its own base URL, with the settings of the connection", async () => {
    const { connection_id: id } = (await connect(skillett, { token: "t1" }, { site: "acme", area: "media" }))
      .json;
    expect((await look(skillett, "look", id)).data).toMatchObject({
      host: host("acme"),
      path: "/api/look/it",
    });
    const uploaded = (await look(skillett, "look_at_upload", id)).data;
    expect(uploaded).toMatchObject({ host: host("uploads"), path: "/up/media/look/it" });
    const { request } = await look(skillett, "look_at_upload", id, "?dry_run=true");
    expect(request.url).toBe(`http://${host("uploads")}/up/media/look/it`);
  });

  it("a way to connect has its own base URL, and asks for the settings of that alone", async () => {
    const refused = await connect(skillett, { token: "t1" });
    expect(refused.json.issues.map(({ at }: { at: string }) => at)).toEqual(["settings.site"]);
    const connected = await connect(skillett, { scoped_token: "t2" });
    expect(connected.json).toMatchObject({
      status: "connected",
      account: "Ada at files, acme.example",
    });
    const { connection_id: id } = connected.json;
    expect((await look(skillett, "look", id)).data).toMatchObject({
      host: host("api"),
      path: "/ex/c1/look/it",
    });
    expect((await look(skillett, "look_at_upload", id)).data).toMatchObject({ path: "/up/files/look/it" });
    const unknown = await connect(skillett, { scoped_token: "t2" }, { site: "acme" });
    expect(unknown.json.issues).toMatchObject([{ at: "settings.site" }]);
  });

  it.each([
    [{}, "moved", "/all"],
    [{ uploads: "other" }, "other", "/up"],
  ])(
    "a base URL that an operator sets takes the others along, unless they are set too: %j",
    async (...given) => {
      const [{ uploads }, name, path]: [{ uploads?: string }, string, string] = given;
      const at = await startSkillett(engine, {
        env: {
          ...env,
          SKILLETT_ALLOW_HOSTS: "",
          SKILLETT_HOSTED_BASES_BASE_URL: `http://${host("moved")}/all`,
          ...(uploads && { SKILLETT_HOSTED_BASES_UPLOADS_BASE_URL: `http://${host(uploads)}/up/` }),
        },
      });
      cleanup.add(at.close);
      const { connection_id: id } = (await connect(at, { scoped_token: "t2" })).json;
      const moved = { host: host("moved"), path: "/all/look/it" };
      expect((await look(at, "look", id)).data).toMatchObject(moved);
      const uploaded = (await look(at, "look_at_upload", id)).data;
      expect(uploaded).toMatchObject({ host: host(name), path: `${path}/look/it` });
    },
  );

  it("a base URL of a name that no integration has stops the start", async () => {
    const url = `http://${host("moved")}`;
    const start = startSkillett(engine, { env: { ...env, SKILLETT_HOSTED_BASES_UPLOAD_BASE_URL: url } });
    await expect(start).rejects.toThrow("base URL of hosted-bases-upload: there is no such integration");
  });
});
