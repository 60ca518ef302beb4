import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, it, vi } from "vitest";
import { onEachEngine } from "#support/skillett.js";
import { insertAgent, insertPerson } from "#support/world.js";
import { useFileStage } from "./file-stage.js";

/** Files that are not taken, and handles that are not good. */
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const hour = 3_600_000;

onEachEngine("files that are refused", (engine) => {
  const stage = useFileStage(engine);
  const { upload, run, files, chunks, beginUpload } = stage;

  it("another person's file, another agent's, one that is over and one that never was are refused alike", async () => {
    const { database } = stage.skillett.app;
    const [own] = await database.kysely.selectFrom("profiles").selectAll().execute();
    const [membership] = await database.kysely.selectFrom("memberships").selectAll().execute();
    const ids = { tenantId: membership!.tenant_id, profileId: own!.id };
    const agents = [await insertAgent(database, ids, "one"), await insertAgent(database, ids, "two")];
    const stranger = await insertPerson(database, "Mallory");
    const { id } = (await upload(Buffer.from("secret"), "s.txt", "text/plain", agents[0]!.key)).json.file;
    expect((await run("put_object", { key: "a", file: id }, "", agents[0]!.key)).status).toBe(200);

    const asked = stage.depot.received.length;
    const answers: string[] = [];
    for (const key of [stage.skillett.key, agents[1]!.key]) {
      const { status, json } = await run("put_object", { key: "a", file: id }, "", key);
      expect([status, json.error]).toEqual([400, "bad_request"]);
      answers.push(JSON.stringify(json.issues));
    }
    stage.now += 25 * hour;
    answers.push(
      JSON.stringify((await run("put_object", { key: "a", file: id }, "", agents[0]!.key)).json.issues),
    );
    const never = `file_${"0".repeat(32)}`;
    const unknown = await run("put_object", { key: "a", file: never });
    answers.push(JSON.stringify(unknown.json.issues).replace(never, id));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"at":"params.file","message":"There is no such file: ');
    expect(stage.depot.received.length).toBe(asked);

    for (const key of [stage.skillett.key, agents[1]!.key, stranger.key]) {
      for (const [method, at] of [
        ["GET", ""],
        ["GET", "/content"],
        ["DELETE", ""],
      ] as const) {
        const reply = await stage.skillett.call(method, `/v1/files/${id}${at}`, { key });
        expect([reply.status, reply.json.message]).toEqual([
          404,
          "There is no such file. Files are kept for a day.",
        ]);
      }
      expect(
        (await stage.skillett.call("GET", "/v1/files", { key })).json.files.map(
          (file: { id: string }) => file.id,
        ),
      ).not.toContain(id);
    }
  });

  it("a file that does not fit what its param takes is refused, all of it at once, before anything is sent", async () => {
    const text = (await upload(Buffer.from("no picture"))).json.file.id;
    const large = (await upload(randomBytes(100_001), "l.png", "image/png")).json.file.id;
    const asked = stage.depot.received.length;
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
    expect(stage.depot.received.length).toBe(asked);
  });

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
    const untold = await fetch(`${stage.skillett.url}/v1/files`, {
      method: "POST",
      headers: { authorization: `Bearer ${stage.skillett.key}`, "content-type": "text/plain" },
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
    const { port } = new URL(stage.skillett.url);
    const call = request({ port, method: "POST", path: "/v1/depot/get_object?dry_run=true" });
    call
      .setHeader("authorization", `Bearer ${stage.skillett.key}`)
      .setHeader("content-type", "application/json");
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
    expect((await stage.skillett.call("GET", `/v1/files/${id}`)).status).toBe(404);
    expect((await run("put_object", { key: "a", file: id })).status).toBe(400);
    expect((await stage.skillett.call("GET", "/v1/files")).text).not.toContain(id);
    socket.destroy();
    await vi.waitFor(async () => expect([await files(), await chunks()]).toEqual(before));
  });

  it("bytes with another hash than the one that was announced are refused", async () => {
    const bytes = Buffer.from("hello");
    const send = (sha256: string) =>
      stage.skillett.call("POST", `/v1/files?sha256=${sha256}`, {
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
    const { status, json } = await stage.skillett.call("POST", `/v1/files${query}`, {
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
    for (const id of room) await stage.skillett.call("DELETE", `/v1/files/${id}`);
    expect((await upload(Buffer.from("x"))).status).toBe(201);
  });
});
