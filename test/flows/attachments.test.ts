import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { type Depot, startDepot } from "./depot.js";

/** Files that go out with an email, also from one service to another. */
onEachEngine("attachments", (engine) => {
  const cleanup = createCleanup();
  let depot: Depot;
  let skillett: Skillett;
  beforeAll(async () => {
    depot = await startDepot();
    cleanup.add(depot.close);
    const env = { SKILLETT_GMAIL_BASE_URL: depot.url, SKILLETT_GITHUB_BASE_URL: depot.url };
    skillett = await startSkillett(engine, { env });
    cleanup.add(skillett.close);
    await skillett.connect("gmail");
    await skillett.connect("github");
  });
  afterAll(() => cleanup.run());

  const run = (endpoint: string, params: object, query = ""): Promise<Reply> =>
    skillett.call("POST", `/v1/${endpoint}${query}`, { body: { params } });
  const upload = async (bytes: Uint8Array, name: string, type: string) => {
    const headers = { "content-type": type };
    const path = `/v1/files?name=${encodeURIComponent(name)}`;
    return (await skillett.call("POST", path, { body: bytes, headers })).json.file.id;
  };
  /** The message that the service got. */
  const message = () => {
    const { raw, message } = JSON.parse(depot.received.at(-1)!.body.toString());
    return Buffer.from(raw ?? message.raw, "base64url").toString("latin1");
  };
  /** The attachments of a message: header lines, and bytes. */
  function attachmentsOf(text: string): { head: string; bytes: Buffer }[] {
    const [, boundary] = /multipart\/mixed; boundary="([^"]+)"/.exec(text)!;
    const parts = text.split(`--${boundary}`).slice(2, -1);
    return parts.map((part) => {
      const [head = "", body = ""] = part.split("\r\n\r\n");
      for (const line of body.trim().split("\r\n")) expect(line.length).toBeLessThanOrEqual(76);
      return { head: head.trim(), bytes: Buffer.from(body, "base64") };
    });
  }
  const mail = {
    to: "grace@example.com",
    subject: "Files",
    text: "See\n--=_mixed_1\nbelow",
    html: "<p>See</p>",
  };

  it("a reply takes files along, and none is sent with one that is over", async () => {
    const original = { threadId: "t1", payload: { headers: [{ name: "From", value: "grace@example.com" }] } };
    const answer = (_: unknown, response: ServerResponse) =>
      void response.setHeader("content-type", "application/json").end(JSON.stringify(original));
    const bytes = randomBytes(1_000);
    const attachments = [await upload(bytes, "a.pdf", "application/pdf")];
    depot.next(answer);
    expect((await run("gmail/reply_to_message", { id: "m1", text: "Here.", attachments })).json.status).toBe(
      200,
    );
    expect(attachmentsOf(message()).map((it) => it.bytes)).toEqual([bytes]);
    depot.next(answer);
    const before = depot.received.length;
    const params = { id: "m1", text: "Here.", attachments: [...attachments, "file_0"] };
    const { json } = await run("gmail/reply_to_message", params);
    expect([json.error, json.issues[0].at]).toEqual(["bad_request", "steps.sent.params.attachments.1"]);
    expect(depot.received.length).toBe(before);
  });

  it("files arrive in the message byte for byte, with their names and types", async () => {
    const sizes = [0, 1, 57, 58, 300_001];
    const files = sizes.map((size) => randomBytes(size));
    const handles = [];
    for (const [i, bytes] of files.entries())
      handles.push(await upload(bytes, `${i}.pdf`, "application/pdf"));
    expect((await run("gmail/send_email", { ...mail, attachments: handles })).json.status).toBe(200);
    const received = depot.received.at(-1)!;
    expect(Number(received.headers["content-length"])).toBe(received.size);
    expect(message()).toMatch(
      /^To: grace@example.com\r\nSubject: Files\r\nMIME-Version: 1.0\r\nContent-Type: multipart\/mixed; boundary="=_mixed_2"/,
    );
    const attachments = attachmentsOf(message());
    expect(attachments.map(({ bytes }) => bytes)).toEqual(files);
    expect(attachments[4]!.head.split("\r\n")).toEqual([
      "Content-Type: application/pdf",
      "Content-Transfer-Encoding: base64",
      "Content-Disposition: attachment;",
      ' filename="4.pdf"',
    ]);
  });

  it.each([
    ["Größe ü.pdf", "filename*0*=utf-8''Gr%C3%B6%C3%9Fe%20%C3%BC.pdf"],
    ['say "hi"; x.pdf', "filename*0*=utf-8''say%20%22hi%22%3B%20x.pdf"],
    [`${"a".repeat(60)}.pdf`, `filename*0="${"a".repeat(50)}";\r\n filename*1="aaaaaaaaaa.pdf"`],
  ])("a file named %s keeps its name", async (name, written) => {
    const handle = await upload(Buffer.from("x"), name, "message/rfc822");
    await run("gmail/create_draft", { ...mail, attachments: [handle] });
    const [attachment] = attachmentsOf(message());
    expect(attachment!.head).toContain(`attachment;\r\n ${written}`);
    expect(attachment!.head).toContain("Content-Type: application/octet-stream");
  });

  it("the answer of one service is attached to a mail without a byte in between", async () => {
    const bytes = randomBytes(1_200_000);
    depot.next((_request, response) => {
      const answer = { size: bytes.length, data: bytes.toString("base64url") };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    const ids = { messageId: "m1", id: "a1", filename: "invoice.pdf" };
    const fetched = (await run("gmail/get_attachment", ids, "?as=file")).json.data.file;
    expect(fetched).toMatchObject({ name: "invoice.pdf", media_type: "application/pdf", size: bytes.length });
    depot.next((_request, response) => {
      const answer = { type: "file", name: "plan.csv", size: 4, encoding: "base64", content: "YSxi\nCg==\n" };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    const read = (await run("github/get_contents", { repo: "a/b", path: "plan.csv" }, "?as=file")).json.data
      .file;
    expect(read).toMatchObject({ name: "plan.csv", media_type: "text/csv", size: 4 });

    await run("gmail/create_draft", { ...mail, attachments: [read.id] });
    expect(attachmentsOf(message())[0]!.bytes.toString()).toBe("a,b\n");
    const sent = await run("gmail/send_email", { ...mail, attachments: [fetched.id, read.id] });
    expect(sent.json.status).toBe(200);
    expect(depot.received.at(-1)!.size).toBeGreaterThan((bytes.length * 16) / 9);
  });

  it("a dry run shows the message with what is known of its files, and nothing in Base64", async () => {
    const handle = await upload(Buffer.from("12345"), "a.pdf", "application/pdf");
    const { request } = (await run("gmail/send_email", { ...mail, attachments: [handle] }, "?dry_run=true"))
      .json;
    const shown = `{"file":"${handle}","name":"a.pdf","media_type":"application/pdf","size":5}`;
    expect(request.message).toContain(`filename="a.pdf"\n\n${shown}\n--=_mixed_2--`);
    expect(request.body.raw).toContain(shown);
  });
});
