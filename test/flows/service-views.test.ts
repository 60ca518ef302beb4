import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { octocat, type StandIns, settingsOf, startAll } from "./real-services.js";

/** The views of the integrations that ship, of what the services answer. */

describe("views of the services", () => {
  let standIns: StandIns;
  let skillett: Skillett;
  beforeAll(async () => {
    standIns = await startAll(true);
    skillett = await startSkillett("sqlite", { env: settingsOf(standIns) });
    registerCallback(skillett, ...Object.values(standIns));
    for (const [integration, as] of [
      ["github", "octocat"],
      ["gmail", octocat],
      ["slack", "octocat"],
    ] as const)
      await connectBySignIn(skillett, { integration }, { as });
  });
  afterAll(async () => {
    await skillett?.close();
    for (const standIn of Object.values(standIns ?? {})) await standIn.close();
  });

  const call = async (path: string, params: object, query = "") => {
    const { json } = await skillett.call("POST", `/v1/${path}?${query}`, { body: { params } });
    expect(json.status, JSON.stringify(json)).toBeLessThan(300);
    return json.data;
  };
  const view = (path: string, params: object) => call(path, params, "view=readable");

  it("a mail is its header, text and attachments, in a thread as well", async () => {
    const [subject, text] = ["Grüße aus Köln", "Bis morgen, im Café.\n\nAda 🦊"];
    const html = "<p>Bis <b>morgen</b>, im Café.</p>";
    const { id } = await call("gmail/send_email", { to: octocat, subject, text, html });
    const raw = await call("gmail/get_message", { id });
    expect(raw.payload.mimeType).toBe("multipart/alternative");
    const message = await view("gmail/get_message", { id });
    expect(message).toMatchObject({ id, threadId: raw.threadId, labelIds: raw.labelIds });
    expect(message).toMatchObject({ to: octocat, subject, internalDate: raw.internalDate });
    expect(message.text.replaceAll("\r", "")).toBe(text);
    const thread = await view("gmail/get_thread", { id: raw.threadId });
    const { threadId: _, ...inThread } = message;
    expect(thread).toEqual({ id: raw.threadId, messages: [inThread] });
  });

  it("a mail without its text has what there is of it", async () => {
    const minimal = await view("gmail/get_message", { id: "msg_invoice", format: "minimal" });
    expect(minimal).toEqual({
      id: "msg_invoice",
      threadId: expect.any(String),
      labelIds: ["INBOX", "UNREAD"],
      internalDate: expect.any(String),
      snippet: "The invoice for October is attached.",
    });
    const metadata = await view("gmail/get_message", { id: "msg_invoice", format: "metadata" });
    expect(metadata).toMatchObject({ subject: "Invoice 1047", from: "billing@widgets.example" });
    expect(metadata.text).toBeUndefined();
    const { source } = await view("gmail/get_message", { id: "msg_invoice", format: "raw" });
    expect(source).toContain("Subject: Invoice 1047");
  });

  it("a dry run shows the mail as text beside what would be sent", async () => {
    const params = {
      to: `"Ada, née Byron" <${octocat}>`,
      subject: "Grüße",
      text: "Bis morgen 🦊",
      html: "<p>é",
    };
    const body = { params };
    const { json } = await skillett.call("POST", "/v1/gmail/send_email?dry_run=true", { body });
    expect(json.request.message).toBe(
      [
        `To: "Ada, née Byron" <${octocat}>`,
        "Subject: Grüße",
        "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="=_part_1"',
        "",
        "--=_part_1",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        "Bis morgen 🦊",
        "--=_part_1",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        "<p>é",
        "--=_part_1--",
        "",
      ].join("\n"),
    );
    const sent = Buffer.from(json.request.body.raw, "base64url").toString();
    expect(sent).toContain("Subject: =?UTF-8?B?");
    const other = await skillett.call("POST", "/v1/gmail/get_profile?dry_run=true", { body: {} });
    expect(other.json.request).not.toHaveProperty("message");
  });

  it.each(["get_channel_history", "get_thread_replies"])(
    "a channel is its messages: %s",
    async (endpoint) => {
      const elements = [{ type: "rich_text_section", elements: [{ type: "text", text: "Look: " }] }];
      const messages = [
        {
          type: "message",
          user: "U1",
          text: "Look: <https://a.example|this>",
          ts: "1769850000.000200",
          client_msg_id: "8c1d",
          team: "T1",
          blocks: [{ type: "rich_text", block_id: "b", elements }],
          thread_ts: "1769850000.000200",
          reply_count: 2,
          reply_users: ["U2"],
          reactions: [{ name: "eyes", users: ["U2"], count: 1 }],
          files: [
            {
              id: "F1",
              name: "a.pdf",
              mimetype: "application/pdf",
              size: 9,
              url_private: "https://x",
              thumb: 1,
            },
          ],
        },
        {
          subtype: "bot_message",
          bot_id: "B1",
          username: "deploys",
          bot_profile: { name: "Deploys", icons: { image_36: "https://x" } },
          text: "",
          ts: "1769850001.000100",
          attachments: [
            { color: "36a64f", title: "Build 7", title_link: "https://b.example", fallback: "Green" },
          ],
        },
      ];
      const response_metadata = { next_cursor: "bmV4dA==" };
      standIns.slack.failNext({
        status: 200,
        body: { ok: true, messages, has_more: true, response_metadata },
      });
      expect(
        await view(`slack/${endpoint}`, {
          channel: "C1",
          ...(endpoint === "get_thread_replies" && { ts: "1.2" }),
        }),
      ).toEqual({
        messages: [
          {
            ts: "1769850000.000200",
            user: "U1",
            text: "Look: <https://a.example|this>",
            thread_ts: "1769850000.000200",
            reply_count: 2,
            reactions: [{ name: "eyes", count: 1 }],
            files: [{ id: "F1", name: "a.pdf", mimetype: "application/pdf", size: 9 }],
          },
          {
            ts: "1769850001.000100",
            bot: "Deploys",
            username: "deploys",
            subtype: "bot_message",
            text: "",
            attachments: [{ title: "Build 7", title_link: "https://b.example", fallback: "Green" }],
          },
        ],
        has_more: true,
      });
    },
  );

  it("a refusal in HTTP 200 is not a view", async () => {
    const { json } = await skillett.call("POST", "/v1/slack/get_channel_history?view=readable", {
      body: { params: { channel: "C404" } },
    });
    expect(json).toMatchObject({
      status: 200,
      refused: { message: "channel_not_found" },
      data: { ok: false },
    });
    expect(json.view).toBeUndefined();
  });

  /** As GitHub's own documentation shows it. */
  const file = (content: Buffer, more: object = {}) => ({
    ...{ type: "file", encoding: "base64", size: content.length, name: "notes.md", path: "docs/notes.md" },
    ...{
      content: content.toString("base64").replace(/(.{60})/g, "$1\n"),
      sha: "3d21ec5",
      _links: { self: "x" },
    },
    ...{
      url: "https://u.example",
      html_url: "https://h.example",
      download_url: "https://d.example",
      ...more,
    },
  });
  const params = { repo: "acme/webapp", path: "docs/notes.md" };

  it("a file is its text, and a folder its entries", async () => {
    const text = "# Grüße 🦊\n".repeat(20);
    standIns.github.failNext({ status: 200, body: file(Buffer.from(text)) });
    const read = {
      name: "notes.md",
      path: "docs/notes.md",
      sha: "3d21ec5",
      download_url: "https://d.example",
    };
    expect(await view("github/get_contents", params)).toEqual({
      ...{ ...read, type: "file", size: Buffer.byteLength(text), content: text },
    });
    standIns.github.failNext({ status: 200, body: file(Buffer.from([0x89, 0x50, 0xff, 0])) });
    expect(await view("github/get_contents", params)).toEqual({ ...read, type: "file", size: 4 });
    const folder = { ...file(Buffer.from("")), content: undefined, encoding: undefined, type: "dir" };
    standIns.github.failNext({ status: 200, body: [folder, folder] });
    const entry = { ...read, type: "dir", size: 0 };
    expect(await view("github/get_contents", params)).toEqual([entry, entry]);
    standIns.github.failNext({ status: 200, body: file(Buffer.from(text)) });
    expect((await view("github/get_readme", { repo: "acme/webapp" })).content).toBe(text);
  });
});
