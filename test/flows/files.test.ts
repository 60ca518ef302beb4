import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createFileRows } from "#store/file-rows.js";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { insertAgent, insertPerson } from "#support/world.js";
import { type Depot, readAll, startDepot } from "./depot.js";

/** Files by reference: handed over once, and sent on by their handle. */

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const hour = 3_600_000;

onEachEngine("files", (engine) => {
  const cleanup = createCleanup();
  let now = Date.now();
  let depot: Depot;
  let skillett: Skillett;
  beforeAll(async () => {
    depot = await startDepot();
    cleanup.add(depot.close);
    const env = {
      SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/depot", import.meta.url).pathname,
      SKILLETT_DEPOT_BASE_URL: depot.url,
      SKILLETT_MAX_FILE_MB: "2",
    };
    skillett = await startSkillett(engine, { env, clock: () => now });
    cleanup.add(skillett.close);
    await skillett.connect("depot");
  });
  afterAll(() => cleanup.run());

  const upload = (bytes: Uint8Array, name = "notes.txt", type = "text/plain", key = skillett.key) =>
    skillett.call("POST", `/v1/files?name=${encodeURIComponent(name)}`, {
      key,
      body: bytes,
      headers: { "content-type": type },
    });
  const run = (endpoint: string, params: object, query = "", key = skillett.key): Promise<Reply> =>
    skillett.call("POST", `/v1/depot/${endpoint}${query}`, { key, body: { params } });
  const content = async (id: string) => {
    const response = await fetch(`${skillett.url}/v1/files/${id}/content`, {
      headers: { authorization: `Bearer ${skillett.key}` },
    });
    return {
      status: response.status,
      headers: response.headers,
      bytes: Buffer.from(await response.arrayBuffer()),
    };
  };
  const files = () => skillett.app.database.kysely.selectFrom("files").selectAll().orderBy("id").execute();
  const chunks = () =>
    skillett.app.database.kysely
      .selectFrom("file_chunks")
      .selectAll()
      .orderBy("file_id")
      .orderBy("number")
      .execute();

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
      expires_at: new Date(now + 24 * hour).toISOString(),
      created_at: new Date(now).toISOString(),
    });
    const { json: answer } = await run("put_object", { key: "a", file: json.file.id });
    expect(answer).toEqual({ status: 200, data: { size: bytes.length, sha256: hashOf(bytes) } });
    expect(depot.received.at(-1)).toMatchObject({
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
    const { headers, body, size } = depot.received.at(-1)!;
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
    expect(JSON.parse(depot.received.at(-1)!.body.toString())).toEqual({
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
    depot.next(async (request, response) => {
      await readAll(request);
      response.writeHead(307, { location: "/objects/moved" }).end();
    });
    depot.next(async (request, response) => {
      await readAll(request);
      response.writeHead(503, { "retry-after": "0" }).end();
    });
    const { json } = await run("put_object", { key: "a", file: id });
    expect(json).toEqual({ status: 200, data: { size: bytes.length, sha256: hashOf(bytes) } });
    expect(depot.received.at(-1)!.path).toBe("/objects/moved");
  });

  it("a service that answers before it has read the file is heard", async () => {
    const { id } = (await upload(randomBytes(2_000_000))).json.file;
    depot.next(
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
    const first = (await skillett.call("GET", "/v1/files?limit=2")).json;
    expect(first.files.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const second = (await skillett.call("GET", `/v1/files?limit=2&cursor=${first.next_cursor}`)).json;
    expect(second.files[0].id).toBe(ids[2]);
    for (const id of ids) {
      expect((await skillett.call("DELETE", `/v1/files/${id}`)).status).toBe(204);
      expect((await skillett.call("GET", `/v1/files/${id}`)).status).toBe(404);
    }
    expect((await chunks()).filter(({ file_id }) => ids.includes(file_id))).toEqual([]);
  });

  it("another person's file, another agent's, one that is over and one that never was are refused alike", async () => {
    const { database } = skillett.app;
    const [own] = await database.kysely.selectFrom("profiles").selectAll().execute();
    const [membership] = await database.kysely.selectFrom("memberships").selectAll().execute();
    const ids = { tenantId: membership!.tenant_id, profileId: own!.id };
    const agents = [await insertAgent(database, ids, "one"), await insertAgent(database, ids, "two")];
    const stranger = await insertPerson(database, "Mallory");
    const { id } = (await upload(Buffer.from("secret"), "s.txt", "text/plain", agents[0]!.key)).json.file;
    expect((await run("put_object", { key: "a", file: id }, "", agents[0]!.key)).status).toBe(200);

    const asked = depot.received.length;
    const answers: string[] = [];
    for (const key of [skillett.key, agents[1]!.key]) {
      const { status, json } = await run("put_object", { key: "a", file: id }, "", key);
      expect([status, json.error]).toEqual([400, "bad_request"]);
      answers.push(JSON.stringify(json.issues));
    }
    now += 25 * hour;
    answers.push(
      JSON.stringify((await run("put_object", { key: "a", file: id }, "", agents[0]!.key)).json.issues),
    );
    const never = `file_${"0".repeat(32)}`;
    const unknown = await run("put_object", { key: "a", file: never });
    answers.push(JSON.stringify(unknown.json.issues).replace(never, id));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"at":"params.file","message":"There is no such file: ');
    expect(depot.received.length).toBe(asked);

    for (const key of [skillett.key, agents[1]!.key, stranger.key]) {
      for (const [method, at] of [
        ["GET", ""],
        ["GET", "/content"],
        ["DELETE", ""],
      ] as const) {
        const reply = await skillett.call(method, `/v1/files/${id}${at}`, { key });
        expect([reply.status, reply.json.message]).toEqual([
          404,
          "There is no such file. Files are kept for a day.",
        ]);
      }
      expect(
        (await skillett.call("GET", "/v1/files", { key })).json.files.map((file: { id: string }) => file.id),
      ).not.toContain(id);
    }
  });

  it("a file that does not fit what its param takes is refused, all of it at once, before anything is sent", async () => {
    const text = (await upload(Buffer.from("no picture"))).json.file.id;
    const large = (await upload(randomBytes(100_001), "l.png", "image/png")).json.file.id;
    const asked = depot.received.length;
    const { status, json } = await run("upload_pictures", {
      cover: large,
      pictures: [text, "nonsense", text],
    });
    expect([status, json.issues]).toEqual([
      400,
      [
        {
          at: "params.pictures.1",
          message: "must be the handle of a file that was uploaded, such as file_…",
        },
        { at: "params.cover", message: "has 100001 bytes, and may have 100000" },
        { at: "params.pictures.0", message: '"notes.txt" is text/plain, and must be image/*' },
        { at: "params.pictures.1", message: expect.stringMatching(/^There is no such file: "nonsense"/) },
        { at: "params.pictures.2", message: '"notes.txt" is text/plain, and must be image/*' },
      ],
    ]);
    expect(depot.received.length).toBe(asked);
  });

  it("the same Idempotency-Key gives the same answer, also when its file is over", async () => {
    const { id } = (await upload(Buffer.from("once"))).json.file;
    const body = { params: { content: id } };
    const headers = { "idempotency-key": `key-${id}` };
    const send = (more = body) => skillett.call("POST", "/v1/depot/put_contents", { headers, body: more });
    const first = await send();
    expect(first.json.status).toBe(200);
    const asked = depot.received.length;
    await skillett.call("DELETE", `/v1/files/${id}`);
    const again = await send();
    expect([again.json, again.headers.get("idempotency-replayed")]).toEqual([first.json, "true"]);
    expect(depot.received.length).toBe(asked);
    const other = await send({ params: { content: "file_other" } });
    expect(other.json.issues[0].message).toMatch(/^There is no such file/);
    const unused = await skillett.call("POST", "/v1/depot/put_contents", {
      headers: { "idempotency-key": `unused-${id}` },
      body,
    });
    expect(unused.json.issues[0].message).toMatch(/^There is no such file/);
  });

  it.each(['a"b.txt', "a'b;c.txt", "a%0d%0ab.txt", "ü\u00a0b.txt", "a\\u0022.txt"])(
    "a file named %s puts no line and no parameter of its own into a form",
    async (name) => {
      const { status, json } = await upload(Buffer.from("x"), name, "image/png");
      if (status !== 201) return expect(json.issues[0].at).toBe("query.name");
      await run("upload_pictures", { pictures: [json.file.id] });
      const head = depot.received.at(-1)!.body.toString().split("\r\n\r\n")[1]!;
      const lines = head.split("\r\n");
      expect(lines.slice(2)).toEqual([
        `Content-Disposition: form-data; name="pictures[]"; filename="${name.replaceAll('"', "%22")}"`,
        "Content-Type: image/png",
      ]);
    },
  );

  it.each(["a\r\nx: 1", "a\u0000b", "a\u202eb", "a\u2028b", "a\u200bb", "a/b", "a\\b", ""])(
    "a file cannot be named %j",
    async (name) => {
      const { status, json } = await upload(Buffer.from("x"), name);
      expect([status, json.issues[0].at]).toEqual([400, "query.name"]);
    },
  );

  it("a file that is too large is refused before it is read where its length is told, and while it is read otherwise", async () => {
    const before = await chunks();
    const told = await text(beginUpload("content-length: 5368709120"));
    expect(told).toMatch(/^HTTP\/1\.1 413 /);
    expect(told).toMatch(/connection: close/i);
    expect(told).toContain("A file may have up to 2 MiB, and this one has more. Nothing of it was kept.");

    async function* endless() {
      for (let i = 0; i < 100; i++) yield randomBytes(100_000);
    }
    const untold = await fetch(`${skillett.url}/v1/files`, {
      method: "POST",
      headers: { authorization: `Bearer ${skillett.key}`, "content-type": "text/plain" },
      body: ReadableStream.from(endless()) as never,
      duplex: "half",
    } as RequestInit).then(
      async (reply) => reply.status,
      () => "broken off",
    );
    expect([413, "broken off"]).toContain(untold);
    await vi.waitFor(async () => expect(await chunks()).toEqual(before));
  });

  it("a client that asks before it sends a body hears whether it is wanted", async () => {
    const refused = await text(beginUpload("expect: 100-continue\r\ncontent-length: 5368709120"));
    expect(refused).toMatch(/^HTTP\/1\.1 413 /);
    const socket = beginUpload("expect: 100-continue\r\ncontent-length: 5\r\nconnection: close");
    socket.once("data", (bytes) => {
      expect(bytes.toString()).toBe("HTTP/1.1 100 Continue\r\n\r\n");
      socket.write("hello");
    });
    const taken = await text(socket);
    expect(taken).toContain("HTTP/1.1 201 ");
    const { port } = new URL(skillett.url);
    const call = request({ port, method: "POST", path: "/v1/depot/get_object?dry_run=true" });
    call.setHeader("authorization", `Bearer ${skillett.key}`).setHeader("content-type", "application/json");
    call.setHeader("expect", "100-continue").flushHeaders();
    call.once("continue", () => call.end('{"params":{"key":"a"}}'));
    const [answer] = await once(call, "response");
    expect(answer.statusCode).toBe(200);
    answer.resume();
  });

  it("a file is not found until all of it is there, and nothing stays of one that breaks off", async () => {
    const before = [await files(), await chunks()];
    const socket = beginUpload("content-length: 1000000");
    socket.write(randomBytes(600_000));
    const written = async () =>
      (await chunks()).filter(
        ({ file_id }) => !before[1]!.some((one) => "file_id" in one && one.file_id === file_id),
      );
    await vi.waitFor(async () => expect(await written()).toHaveLength(2));
    const id = (await written())[0]!.file_id;
    expect((await skillett.call("GET", `/v1/files/${id}`)).status).toBe(404);
    expect((await run("put_object", { key: "a", file: id })).status).toBe(400);
    expect((await skillett.call("GET", "/v1/files")).text).not.toContain(id);
    socket.destroy();
    await vi.waitFor(async () => expect([await files(), await chunks()]).toEqual(before));
  });

  it("bytes with another hash than the one that was announced are refused", async () => {
    const bytes = Buffer.from("hello");
    const send = (sha256: string) =>
      skillett.call("POST", `/v1/files?sha256=${sha256}`, {
        body: bytes,
        headers: { "content-type": "text/plain" },
      });
    expect((await send(hashOf(bytes))).status).toBe(201);
    const before = [await files(), await chunks()];
    const { status, json } = await send(hashOf(Buffer.from("other")));
    expect([status, json.issues[0].at]).toEqual([400, "query.sha256"]);
    expect(json.issues[0].message).toContain(hashOf(bytes));
    expect([await files(), await chunks()]).toEqual(before);
  });

  it.each([
    ["?name=a%2Fb", "text/plain", "query.name"],
    ["?name=a%0Ab", "text/plain", "query.name"],
    ["?name=", "text/plain", "query.name"],
    ["?sha256=abc", "text/plain", "query.sha256"],
    ["?nme=a", "text/plain", "query.nme"],
    ["", "text", "header content-type"],
    ["", "multipart/form-data; boundary=x", "header content-type"],
  ])("a file with %s and the type %s is refused, and the answer says where", async (query, type, at) => {
    const { status, json } = await skillett.call("POST", `/v1/files${query}`, {
      body: Buffer.from("x"),
      headers: { "content-type": type },
    });
    expect([status, json.error, json.issues?.[0].at]).toEqual([400, "bad_request", at]);
  });

  it("all files of a person have a bound, and what is deleted makes room", async () => {
    const room = [];
    for (;;) {
      const { status, json } = await upload(randomBytes(2 * 1024 * 1024));
      if (status === 201) room.push(json.file.id);
      else {
        expect([status, json.error]).toEqual([403, "plan_limit_reached"]);
        expect(json.message).toMatch(/^Your files may have 20 MiB together/);
        break;
      }
    }
    for (const id of room) await skillett.call("DELETE", `/v1/files/${id}`);
    expect((await upload(Buffer.from("x"))).status).toBe(201);
  });

  it("files are sealed at rest, bound to their place, and sealed anew when keys are rotated", async () => {
    const bytes = Buffer.alloc(300_000, "marker of this test ");
    const { id } = (await upload(bytes)).json.file;
    const sealed = (await chunks()).filter(({ file_id }) => file_id === id);
    expect(sealed.map(({ number }) => number)).toEqual([0, 1]);
    const stored = sealed.map(({ box }) => Buffer.from(box.split(".")[1]!, "base64url"));
    for (const text of [...stored, ...sealed.map(({ box }) => Buffer.from(box))]) {
      expect(text.includes("marker of this test")).toBe(false);
    }
    let step = (await skillett.call("POST", "/v1/admin/rotate-keys", { body: {} })).json;
    while (step.remaining > 0) {
      step = (await skillett.call("POST", "/v1/admin/rotate-keys", { body: { rotation: step.rotation } }))
        .json;
    }
    const anew = (await chunks()).filter(({ file_id }) => file_id === id);
    expect(anew.every(({ box }) => box.startsWith(`${step.rotation}.`))).toBe(true);
    expect((await content(id)).bytes).toEqual(bytes);

    const { kysely } = skillett.app.database;
    await kysely
      .updateTable("file_chunks")
      .set({ box: anew[1]!.box })
      .where("file_id", "=", id)
      .where("number", "=", 0)
      .execute();
    expect((await content(id)).status).toBe(500);
  });

  it("housekeeping deletes what is over, and what broke off with its server", async () => {
    await upload(randomBytes(600_000));
    const { kysely } = skillett.app.database;
    await kysely
      .insertInto("files")
      .values({ ...(await files())[0]!, id: "file_broken", sha256: null, expires_at: now + hour })
      .execute();
    now += 25 * hour;
    const { id } = (await upload(Buffer.from("young"))).json.file;
    expect(await createFileRows(skillett.app.database).deleteExpired(now)).toBeGreaterThan(0);
    expect([(await files()).map((file) => file.id), (await chunks()).map(({ file_id }) => file_id)]).toEqual([
      [id],
      [id],
    ]);
  });

  /** Sends the head of an upload. */
  function beginUpload(header: string): Socket {
    const socket = connect(Number(new URL(skillett.url).port), "127.0.0.1");
    const head = ["POST /v1/files HTTP/1.1", "host: a", `authorization: Bearer ${skillett.key}`, header];
    socket.on("error", () => {}).write(`${head.join("\r\n")}\r\n\r\n`);
    return socket;
  }
});
