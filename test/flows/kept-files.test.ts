import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { createFileRows } from "#store/file-rows.js";
import { onEachEngine } from "#support/skillett.js";
import { useFileStage } from "./file-stage.js";

/** Files at rest, and as long as they last. */
const hour = 3_600_000;

onEachEngine("files as they are kept", (engine) => {
  const stage = useFileStage(engine);
  const { upload, content, files, chunks } = stage;

  it("the same Idempotency-Key gives the same answer, also when its file is over", async () => {
    const { id } = (await upload(Buffer.from("once"))).json.file;
    const body = { params: { content: id } };
    const headers = { "idempotency-key": `key-${id}` };
    const send = (more = body) =>
      stage.skillett.call("POST", "/v1/depot/put_contents", { headers, body: more });
    const first = await send();
    expect(first.json.status).toBe(200);
    const asked = stage.depot.received.length;
    await stage.skillett.call("DELETE", `/v1/files/${id}`);
    const again = await send();
    expect([again.json, again.headers.get("idempotency-replayed")]).toEqual([first.json, "true"]);
    expect(stage.depot.received.length).toBe(asked);
    const other = await send({ params: { content: "file_other" } });
    expect(other.json.issues[0].message).toMatch(/^There is no such file/);
    const unused = await stage.skillett.call("POST", "/v1/depot/put_contents", {
      headers: { "idempotency-key": `unused-${id}` },
      body,
    });
    expect(unused.json.issues[0].message).toMatch(/^There is no such file/);
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
    let step = (await stage.skillett.call("POST", "/v1/admin/rotate-keys", { body: {} })).json;
    while (step.remaining > 0) {
      step = (
        await stage.skillett.call("POST", "/v1/admin/rotate-keys", { body: { rotation: step.rotation } })
      ).json;
    }
    const anew = (await chunks()).filter(({ file_id }) => file_id === id);
    expect(anew.every(({ box }) => box.startsWith(`${step.rotation}.`))).toBe(true);
    expect((await content(id)).bytes).toEqual(bytes);

    const { kysely } = stage.skillett.app.database;
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
    const { kysely } = stage.skillett.app.database;
    await kysely
      .insertInto("files")
      .values({ ...(await files())[0]!, id: "file_broken", sha256: null, expires_at: stage.now + hour })
      .execute();
    stage.now += 25 * hour;
    const { id } = (await upload(Buffer.from("young"))).json.file;
    expect(await createFileRows(stage.skillett.app.database).deleteExpired(stage.now)).toBeGreaterThan(0);
    expect([(await files()).map((file) => file.id), (await chunks()).map(({ file_id }) => file_id)]).toEqual([
      [id],
      [id],
    ]);
  });
});
