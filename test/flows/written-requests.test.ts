import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** The ways in which a file can have its requests written: each as the service receives it, and as a dry run has it. */
onEachEngine("written requests", (engine) => {
  let upstream: FaultUpstream;
  let skillett: Skillett;

  beforeAll(async () => {
    upstream = await startFaultUpstream();
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/written", import.meta.url).pathname,
        SKILLETT_WRITTEN_BASE_URL: upstream.url,
        SKILLETT_WRITTEN_BOT_BASE_URL: upstream.url,
      },
    });
    await skillett.connect("written");
  });
  afterAll(async () => {
    await skillett?.close();
    await upstream?.close();
  });

  const call = async (endpoint: string, params: object) =>
    (await skillett.call("POST", `/v1/written/${endpoint}`, { body: { params } })).json.data;
  const dryRun = async (endpoint: string, params: object) =>
    (await skillett.call("POST", `/v1/written/${endpoint}?dry_run=true`, { body: { params } })).json;

  it("constants arrive with what the params give, and a dry run shows them", async () => {
    const body = { filter: { property: "object", value: "page" }, query: "plan" };
    const received = await call("search_pages", { query: "plan" });
    expect(received).toMatchObject({
      method: "POST",
      path: "/echo?v=2",
      headers: { prefer: "return=minimal" },
    });
    expect(JSON.parse(received.body)).toEqual(body);
    expect((await dryRun("search_pages", { query: "plan" })).request).toMatchObject({
      url: `${upstream.url}/echo?v=2`,
      headers: { prefer: "return=minimal", authorization: "Bearer [credential]" },
      body,
    });
  });

  it.each([
    ["set_labels", { labels: ["a", "b"] }, ["a", "b"]],
    ["update_page", { message: "Typo" }, { page: { version: { minor: true, message: "Typo" } } }],
  ])("the body of %s arrives as its file has it, and a dry run shows it", async (endpoint, params, body) => {
    expect(JSON.parse((await call(endpoint, params)).body)).toEqual(body);
    expect((await dryRun(endpoint, params)).request.body).toEqual(body);
  });

  it("objects and lists arrive in brackets, in the query and in a form", async () => {
    const params = { items: [{ price: "p&1", quantity: 2 }], page: { size: 5 }, expand: ["a", "b"] };
    const received = await call("create_order", params);
    expect(decodeURIComponent(received.path)).toBe("/echo?page[size]=5");
    const pairs = [...new URLSearchParams(received.body)];
    expect(pairs).toEqual([
      ["items[0][price]", "p&1"],
      ["items[0][quantity]", "2"],
      ["expand[]", "a"],
      ["expand[]", "b"],
    ]);
    expect((await dryRun("create_order", params)).request.body).toBe(received.body);
  });

  it("a file arrives in a part of its own, and a dry run shows the parts", async () => {
    const params = { file: Buffer.from("Grüße\r\n").toString("base64"), name: 'ü "1".txt' };
    const received = await call("upload_file", params);
    const body = Buffer.from(received.base64, "base64");
    const form = await new Response(body, { headers: received.headers }).formData();
    expect(form.get("purpose")).toBe("assistants");
    expect(form.get("file")).toMatchObject({ name: 'ü "1".txt' });
    expect(await (form.get("file") as File).text()).toBe("Grüße\r\n");
    const { request } = await dryRun("upload_file", params);
    expect(request).toMatchObject({
      headers: { "content-type": received.headers["content-type"], authorization: "Bearer [credential]" },
      body: body.toString(),
    });
    expect(request.encoding).toBeUndefined();
  });

  it("bytes arrive as they are, and a dry run has them in Base64", async () => {
    const bytes = Buffer.alloc(4_000_000, Buffer.from([0xff, 0x00, 0x0d, 0x0a, 0x89]));
    const params = { picture: bytes.toString("base64"), kind: "png" };
    const received = await call("put_picture", params);
    expect(received.headers["content-type"]).toBe("image/png");
    expect(Buffer.from(received.base64, "base64").equals(bytes)).toBe(true);
    const { request } = await dryRun("put_picture", { picture: "/wA=", kind: "png" });
    expect(request).toMatchObject({ body: "/wA=", encoding: "base64" });
  });

  it("a body that is not what it says is refused before anything is sent", async () => {
    const body = { params: { file: "no base64!", name: "a/../b\r\nx: y" } };
    const { status, json } = await skillett.call("POST", "/v1/written/upload_file", { body });
    expect({ status, json }).toMatchObject({ status: 400, json: { error: "bad_request" } });
    expect(json.issues.map(({ at }: { at: string }) => at).sort()).toEqual(["params.file", "params.name"]);
  });

  describe("a token in the path", () => {
    const token = "123456:AB-/..?c";
    const sent = "/answer/bot123456:AB-%2F..%3Fc/send";
    const send = (params: object, query = "") =>
      skillett.call("POST", `/v1/written-bot/send_message${query}`, {
        body: { params: { text: "Hi", ...params } },
      });

    it("the token arrives in the path, and is masked wherever the address shows", async () => {
      const credentials = { token };
      const connected = await skillett.call("POST", "/v1/connect", {
        body: { integration: "written-bot", credentials },
      });
      expect(connected.json).toMatchObject({ status: "connected", account: "Bot" });
      const made = await send({
        status: 201,
        header: ["location: made/7"],
        body: JSON.stringify({ sent, token }),
      });
      expect(upstream.count(sent)).toBe(1);
      expect(made.json).toMatchObject({
        status: 201,
        data: { sent: "/answer/bot[credential]/send", token: "[credential]" },
        page: { location: `${upstream.url}/answer/bot[credential]/made/7` },
      });
      const dry = await send({}, "?dry_run=true");
      expect(decodeURIComponent(dry.json.request.url)).toBe(`${upstream.url}/answer/bot[credential]/send`);
      const refused = await send({ status: 401 });
      expect(refused.json.error).toBe("token_expired");
      const log = await skillett.call("GET", "/v1/calls?limit=5");
      for (const { text } of [connected, made, dry, refused, log]) {
        expect(text).not.toContain("AB-");
      }
    });

    it.each(["..", ".", "a b", "a\r\nb"])("the token %j is refused before anything is sent", async (bad) => {
      const reply = await skillett.call("POST", "/v1/connect", {
        body: { integration: "written-bot", credentials: { token: bad } },
      });
      expect(reply.json).toMatchObject({ error: "bad_request", issues: [{ at: "credentials.token" }] });
    });
  });
});
