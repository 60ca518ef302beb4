import { createHash, randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { onEachEngine } from "#support/skillett.js";
import { readAll } from "./depot.js";
import { useFileStage } from "./file-stage.js";

/** Files by reference: handed over once, and sent on by their handle. */
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const hour = 3_600_000;

onEachEngine("files", (engine) => {
  const stage = useFileStage(engine);
  const { upload, run, content, chunks } = stage;

  it("a file is handed over, and a service gets exactly its bytes in the body of a request", async () => {
    const bytes = randomBytes(1_500_001);
    const { status, json } = await upload(bytes, "Grüße.bin", "application/x-thing; v=1");
    expect(status).toBe(201);
    expect(json.file).toEqual({
      id: expect.stringMatching(/^file_[0-9a-f]{32}$/),
      name: "Grüße.bin",
      media_type: "application/x-thing; v=1",
      size: bytes.length,
      sha256: hashOf(bytes),
      expires_at: new Date(stage.now + 24 * hour).toISOString(),
      created_at: new Date(stage.now).toISOString(),
    });
    const { json: answer } = await run("put_object", { key: "a", file: json.file.id });
    expect(answer).toEqual({ status: 200, data: { size: bytes.length, sha256: hashOf(bytes) } });
    expect(stage.depot.received.at(-1)).toMatchObject({
      method: "PUT",
      path: "/objects/a",
      headers: { "content-type": "application/x-thing; v=1", "content-length": String(bytes.length) },
    });
  });

  it("files arrive as parts of a form and as Base64 in JSON", async () => {
    const [sea, hill] = [Buffer.from("sea"), randomBytes(300_000)];
    const handles = [
      (await upload(sea, "sea.webp", "image/webp")).json.file.id,
      (await upload(hill, 'h"ll.gif', "image/gif")).json.file.id,
    ];
    expect((await run("upload_pictures", { title: "Été", pictures: handles })).status).toBe(200);
    const { headers, body, size } = stage.depot.received.at(-1)!;
    expect(Number(headers["content-length"])).toBe(size);
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": headers["content-type"]! },
    }).formData();
    expect([form.get("kind"), form.get("title")]).toEqual(["album", "Été"]);
    const pictures = form.getAll("pictures[]") as File[];
    expect(pictures.map(({ name, type }) => [name, type])).toEqual([
      ["sea.webp", "image/webp"],
      ['h"ll.gif', "image/gif"],
    ]);
    expect(Buffer.from(await pictures[1]!.arrayBuffer())).toEqual(hill);

    const params = { content: handles[1], sealed: handles[0], message: '"\ud83d\ude00\\ud8000"' };
    expect((await run("put_contents", params)).status).toBe(200);
    expect(JSON.parse(stage.depot.received.at(-1)!.body.toString())).toEqual({
      file: { content: hill.toString("base64") },
      sealed: sea.toString("base64url"),
      message: params.message,
    });
  });

  it("a dry run shows which file would be sent, in place of its bytes", async () => {
    const { id } = (await upload(Buffer.from("hello"), "a.png", "image/png")).json.file;
    const shown = { file: id, name: "a.png", media_type: "image/png", size: 5 };
    const bodyOf = async (endpoint: string, params: object) =>
      (await run(endpoint, params, "?dry_run=true")).json.request.body;
    expect(await bodyOf("put_object", { key: "a", file: id })).toEqual(shown);
    expect(await bodyOf("put_contents", { content: id, message: "x" })).toEqual({
      file: { content: shown },
      message: "x",
    });
    expect(await bodyOf("upload_pictures", { pictures: [id] })).toContain(
      `\r\n\r\n${JSON.stringify(shown)}\r\n`,
    );
  });

  it("a request that is sent again has the bytes again", async () => {
    const bytes = randomBytes(600_000);
    const { id } = (await upload(bytes)).json.file;
    stage.depot.next(async (request, response) => {
      await readAll(request);
      response.writeHead(307, { location: "/objects/moved" }).end();
    });
    stage.depot.next(async (request, response) => {
      await readAll(request);
      response.writeHead(503, { "retry-after": "0" }).end();
    });
    const { json } = await run("put_object", { key: "a", file: id });
    expect(json).toEqual({ status: 200, data: { size: bytes.length, sha256: hashOf(bytes) } });
    expect(stage.depot.received.at(-1)!.path).toBe("/objects/moved");
  });

  it("a service that answers before it has read the file is heard", async () => {
    const { id } = (await upload(randomBytes(2_000_000))).json.file;
    stage.depot.next(
      (_request, response) => void response.writeHead(413, { connection: "close" }).end("too large"),
    );
    const reply = await run("put_object", { key: "a", file: id });
    expect([reply.json.status ?? reply.json.error, reply.status]).toEqual([413, 200]);
  });

  it("a file is downloaded as it was handed over, and no browser shows it as a page", async () => {
    const bytes = Buffer.from("<script>alert(1)</script>");
    const { id } = (await upload(bytes, "página.html", "text/html")).json.file;
    const { headers, bytes: got } = await content(id);
    expect(got).toEqual(bytes);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "text/html",
      "content-length": String(bytes.length),
      "content-disposition": "attachment; filename*=UTF-8''p%C3%A1gina.html",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
    });
  });

  it("files are listed, the newest first, page by page, and deleted", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.unshift((await upload(Buffer.from(`${i}`))).json.file.id);
    const first = (await stage.skillett.call("GET", "/v1/files?limit=2")).json;
    expect(first.files.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const second = (await stage.skillett.call("GET", `/v1/files?limit=2&cursor=${first.next_cursor}`)).json;
    expect(second.files[0].id).toBe(ids[2]);
    for (const id of ids) {
      expect((await stage.skillett.call("DELETE", `/v1/files/${id}`)).status).toBe(204);
      expect((await stage.skillett.call("GET", `/v1/files/${id}`)).status).toBe(404);
    }
    expect((await chunks()).filter(({ file_id }) => ids.includes(file_id))).toEqual([]);
  });

  it.each(['a"b.txt', "a'b;c.txt", "a%0d%0ab.txt", "ü\u00a0b.txt", "a\\u0022.txt"])(
    "a file named %s puts no line and no parameter of its own into a form",
    async (name) => {
      const { status, json } = await upload(Buffer.from("x"), name, "image/png");
      if (status !== 201) return expect(json.issues[0].at).toBe("query.name");
      await run("upload_pictures", { pictures: [json.file.id] });
      const head = stage.depot.received.at(-1)!.body.toString().split("\r\n\r\n")[1]!;
      const lines = head.split("\r\n");
      expect(lines.slice(2)).toEqual([
        `Content-Disposition: form-data; name="pictures[]"; filename="${name.replaceAll('"', "%22")}"`,
        "Content-Type: image/png",
      ]);
    },
  );
});
