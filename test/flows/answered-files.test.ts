import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { type Depot, startDepot } from "./depot.js";

/** Answers of services that are kept as files. */

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

onEachEngine("files in answers", (engine) => {
  const cleanup = createCleanup();
  let depot: Depot;
  let skillett: Skillett;
  beforeAll(async () => {
    depot = await startDepot();
    cleanup.add(depot.close);
    const env = {
      SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/depot", import.meta.url).pathname,
      SKILLETT_DEPOT_BASE_URL: depot.url,
      SKILLETT_MAX_FILE_MB: "3",
    };
    skillett = await startSkillett(engine, { env });
    cleanup.add(skillett.close);
    await skillett.connect("depot");
  });
  afterAll(() => cleanup.run());

  const run = (endpoint: string, params: object, query = "", headers = {}): Promise<Reply> =>
    skillett.call("POST", `/v1/depot/${endpoint}${query}`, { body: { params }, headers });
  const answerWith = (bytes: Uint8Array | string, headers: Record<string, string>, status = 200) =>
    depot.next((_request, response) => void response.writeHead(status, headers).end(bytes));
  const content = async (id: string) => {
    const response = await fetch(`${skillett.url}/v1/files/${id}/content`, {
      headers: { authorization: `Bearer ${skillett.key}` },
    });
    return Buffer.from(await response.arrayBuffer());
  };
  const count = async () => (await skillett.call("GET", "/v1/files?limit=200")).json.files.length;
  const lastCall = async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0];

  it.each([10, 2_500_000])(
    "an answer of %d bytes is a file, and goes to another endpoint by its handle",
    async (size) => {
      const bytes = randomBytes(size);
      answerWith(bytes, {
        "content-type": "image/png",
        "content-disposition": 'attachment; filename="../a b.png"',
      });
      const { status, json } = await run("get_object", { key: "a" }, "?as=file");
      expect([status, json]).toEqual([
        200,
        {
          status: 200,
          data: {
            file: {
              id: expect.stringMatching(/^file_/),
              name: "a b.png",
              media_type: "image/png",
              size,
              sha256: hashOf(bytes),
              expires_at: expect.any(String),
            },
          },
        },
      ]);
      await run("put_object", { key: "b", file: json.data.file.id });
      expect(depot.received.at(-1)).toMatchObject({ path: "/objects/b", sha256: hashOf(bytes) });
      expect(await lastCall()).toMatchObject({ status: "completed" });
    },
  );

  it.each([
    ["attachment; filename*=UTF-8''na%C3%AFve%20plan.pdf", "a", "application/pdf", "naïve plan.pdf"],
    ['inline; filename="..\\\\..\\\\x.exe"', "a", "text/plain", "x.exe"],
    ["attachment; filename=", "a", "application/pdf", "get_object.pdf"],
    ["attachment; filename*=UTF-8''%E2%80%AEgnp.exe", "a", "image/png", "gnp.exe"],
    [undefined, "folder/report.csv", "text/csv", "report.csv"],
    [undefined, "folder/report.csv", 'image/"x y', "report.csv"],
    [undefined, "folder/report", "text/csv; charset=utf-8", "get_object.csv"],
    ['attachment; filename=".bashrc"', "a", "application/octet-stream", "bashrc"],
  ])(
    "an answer with the disposition %s at %s of the type %s is named %s",
    async (disposition, key, type, name) => {
      const latin1 = disposition && Buffer.from(disposition).toString("latin1");
      answerWith("x", { "content-type": type, ...(latin1 ? { "content-disposition": latin1 } : {}) });
      const { json } = await run("get_object", { key }, "?as=file");
      const mediaType = type.includes('"') ? "application/octet-stream" : type.split(";")[0];
      expect(json.data.file).toMatchObject({ name, media_type: mediaType });
    },
  );

  it("a file within JSON is read from the place that its endpoint says", async () => {
    const bytes = randomBytes(1_800_001);
    for (const data of [bytes.toString("base64url"), bytes.toString("base64").replace(/.{76}/g, "$&\n")]) {
      const part = { name: "Rechnung.pdf", size: bytes.length, other: [{ data: "no" }], data };
      answerWith(JSON.stringify({ data: "no", part }), { "content-type": "application/json" });
      const { json } = await run("get_attachment", { id: "1" }, "?as=file");
      expect(json.data.file).toMatchObject({
        name: "Rechnung.pdf",
        media_type: "application/pdf",
        size: bytes.length,
      });
      expect(json.data.file.sha256).toBe(hashOf(bytes));
    }
    answerWith(JSON.stringify({ html: "<p>Grüße</p>" }), { "content-type": "application/json" });
    const { json } = await run("render_page", { id: "7" }, "?as=file");
    expect(json.data.file).toMatchObject({ name: "7.html", media_type: "text/html" });
    expect((await content(json.data.file.id)).toString()).toBe("<p>Grüße</p>");
  });

  it.each([
    ['{"part":{"data":"aGk=","size":3}}', "3 bytes were announced, and 2 came"],
    ['{"part":{"data":"a*b","size":3}}', "has no Base64 at part.data"],
    ['{"part":{"data":7}}', "has no text at part.data"],
    ["[]", "has no text at part.data"],
    ['{"part":{"data":"aGk="', "is no JSON"],
    ["<html>", "is no JSON"],
  ])("an answer of %s has no file, which is said and nothing kept", async (body, message) => {
    const before = await count();
    answerWith(body, { "content-type": "application/json" });
    const { status, json } = await run("get_attachment", { id: "1" }, "?as=file");
    expect([status, json.error]).toEqual([400, "bad_request"]);
    expect(json.message).toMatch(/^Depot answered 200\. /);
    expect(json.message).toContain(message);
    expect(await count()).toBe(before);
  });

  it("a long text of spaces with a bad character at its end is refused as soon as a short one", async () => {
    const body = JSON.stringify({ part: { data: `${" ".repeat(3_000_000)}${"A".repeat(1_000_000)}*` } });
    answerWith(body, { "content-type": "application/json" });
    const { json } = await run("get_attachment", { id: "1" }, "?as=file");
    expect(json.message).toContain("has no Base64 at part.data");
    const parts = ["🦊".repeat(200_000), "AAAA".repeat(300_000)];
    answerWith(JSON.stringify({ html: parts[0] }), { "content-type": "application/json" });
    const text = await run("render_page", { id: "7" }, "?as=file");
    expect((await content(text.json.data.file.id)).toString()).toBe(parts[0]);
    answerWith(JSON.stringify({ part: { data: ` ${parts[1]!.replace(/.{75}/g, "$&\r\n")}\n` } }), {
      "content-type": "application/json",
    });
    const bytes = await run("get_attachment", { id: "1" }, "?as=file");
    expect(bytes.json.data.file.size).toBe(900_000);
  });

  it("a refusal is given as usual, not as a file", async () => {
    const before = await count();
    answerWith('{"message":"gone"}', { "content-type": "application/json" }, 404);
    const { json } = await run("get_object", { key: "a" }, "?as=file");
    expect(json).toEqual({ status: 404, data: { message: "gone" } });
    expect(await count()).toBe(before);
  });

  it("an answer that is larger than a file may be is an error that says that the service was asked", async () => {
    const before = await count();
    const large = Buffer.alloc(3 * 1024 * 1024 + 1);
    answerWith(large, { "content-type": "image/png" });
    const read = await run("get_object", { key: "a" }, "?as=file");
    expect([read.status, read.json.error]).toEqual([413, "payload_too_large"]);
    expect(read.json.message).toMatch(
      /^Depot answered 200\. A file may have up to 3 MiB, and this one has more\./,
    );
    expect(await lastCall()).toMatchObject({
      status: "failed",
      upstream_status: 200,
      error: "payload_too_large",
    });
    answerWith(JSON.stringify({ html: "x".repeat(large.length) }), { "content-type": "application/json" });
    const written = await run("render_page", { id: "1" }, "?as=file");
    expect(written.json).toMatchObject({ error: "payload_too_large", outcome: "done" });
    expect(await count()).toBe(before);
  });

  it("an answer that breaks off leaves nothing", async () => {
    const before = await count();
    depot.next((_request, response) => {
      response.writeHead(200, { "content-type": "image/png", "content-length": "2000000" });
      response.write(randomBytes(1_500_000), () => response.destroy());
    });
    const { json } = await run("get_object", { key: "a" }, "?as=file");
    expect(json.error).toBe("upstream_unreachable");
    expect(await count()).toBe(before);
  });

  it("an answer that is neither JSON nor text is a file with as=auto, and everything else comes as usual", async () => {
    answerWith(Buffer.from([0xff, 0xfe, 0]), { "content-type": "image/png" });
    expect((await run("get_object", { key: "a" }, "?as=auto")).json.data.file).toMatchObject({ size: 3 });
    answerWith("plain", { "content-type": "text/plain" });
    expect((await run("get_object", { key: "a" }, "?as=auto")).json.data).toBe("plain");
    answerWith('{"part":null}', { "content-type": "application/json" });
    expect((await run("get_attachment", { id: "1" }, "?as=auto")).json.data).toEqual({ part: null });
    answerWith('{"part":{"data":"aGk="}}', { "content-type": "application/json" });
    expect((await run("get_attachment", { id: "1" }, "?as=auto")).json.data.file).toMatchObject({ size: 2 });
  });

  it("a credential that a service sends back is not in the file", async () => {
    answerWith(`key=test-token-0123456789 ${"x".repeat(1_200_000)} test-token-0123456789`, {
      "content-type": "image/x",
    });
    const { json } = await run("get_object", { key: "a" }, "?as=file");
    expect((await content(json.data.file.id)).toString()).not.toContain("test-token");
  });

  it("the same Idempotency-Key gives the same file", async () => {
    const headers = { "idempotency-key": randomBytes(8).toString("hex") };
    answerWith(JSON.stringify({ html: "once" }), { "content-type": "application/json" });
    const first = await run("render_page", { id: "1" }, "?as=file", headers);
    const again = await run("render_page", { id: "1" }, "?as=file", headers);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });

  it("a file has no view, and is not all pages of a list", async () => {
    const at = async (query: string) => (await run("get_object", { key: "a" }, query)).json.issues[0].at;
    expect([await at("?as=file&all=true"), await at("?as=nothing")]).toEqual(["query.as", "query.as"]);
  });
});
