import { afterAll, beforeAll, expect, it } from "vitest";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { octocat, type StandIns, settingsOf, startAll } from "./real-services.js";

/** The composites of the integrations that ship, from the params to what the services do. */

onEachEngine("composites of the services", (engine) => {
  let standIns: StandIns;
  let skillett: Skillett;
  beforeAll(async () => {
    standIns = await startAll(true);
    skillett = await startSkillett(engine, { env: settingsOf(standIns) });
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

  const call = async (path: string, params: object) => {
    const { json } = await skillett.call("POST", `/v1/${path}`, { body: { params } });
    expect(json.status, JSON.stringify(json)).toBeLessThan(300);
    return json;
  };

  it("a reply goes to the sender, in the thread, with each call in the log", async () => {
    const { data } = await call("gmail/reply_to_message", { id: "msg_invoice", text: "Paid." });
    const sent = standIns.google.requests.at(-1)!.body as { raw: string; threadId: string };
    expect(Buffer.from(sent.raw, "base64url").toString().split("\r\n").slice(0, 4)).toEqual([
      "To: billing@widgets.example",
      "Subject: Re: Invoice 1047",
      "In-Reply-To: <msg_invoice@emulate.google.local>",
      "References: <msg_invoice@emulate.google.local>",
    ]);
    expect(data.threadId).toBe(sent.threadId);
    const { calls } = (await skillett.call("GET", "/v1/calls?limit=2")).json;
    expect(calls.map(({ endpoint, via, status }: Record<string, string>) => [endpoint, via, status])).toEqual(
      [
        ["send_email", "reply_to_message", "completed"],
        ["get_message", "reply_to_message", "completed"],
      ],
    );
    const again = await call("gmail/reply_to_message", { id: data.id, text: "And once more.", to: octocat });
    expect(again.data.threadId).toBe(sent.threadId);
    const raw = (standIns.google.requests.at(-1)!.body as { raw: string }).raw;
    expect(Buffer.from(raw, "base64url").toString()).toContain("Subject: Re: Invoice 1047\r\n");
  });

  it("a subject of a stranger adds no header to a reply", async () => {
    const headers = [
      { name: "From", value: "Eve <eve@evil.example>\r\nBcc: all@acme.example" },
      { name: "Subject", value: "Hi\r\nBcc: all@acme.example\r\n\r\nText" },
      { name: "Message-ID", value: "<a@x>\r\nBcc: all@acme.example" },
    ];
    standIns.google.failNext({ status: 200, body: { threadId: "t1", payload: { headers } } });
    const { json } = await skillett.call("POST", "/v1/gmail/reply_to_message", {
      body: { params: { id: "m1", text: "No." } },
    });
    expect([json.error, json.issues[0].at]).toEqual(["bad_request", "steps.sent.params.to"]);
    standIns.google.failNext({
      status: 200,
      body: { threadId: "t1", payload: { headers: [{ name: "From", value: octocat }, ...headers.slice(1)] } },
    });
    const before = standIns.google.requests.length;
    await skillett.call("POST", "/v1/gmail/reply_to_message", {
      body: { params: { id: "m1", text: "No." } },
    });
    const { raw } = standIns.google.requests.slice(before).at(-1)!.body as { raw: string };
    const [head = ""] = Buffer.from(raw, "base64url").toString().split("\r\n\r\n");
    expect(head.split("\r\n").filter((line) => /^bcc:/i.test(line))).toEqual([]);
    expect(head).toContain("Subject: Re: Hi Bcc: all@acme.example Text");
  });

  it("messages are listed with what is worth knowing of them", async () => {
    const { data, page } = await call("gmail/list_message_summaries", { q: "invoice", maxResults: 2 });
    expect(data.messages.length).toBeGreaterThan(0);
    const invoice = data.messages.find(({ id }: { id: string }) => id === "msg_invoice");
    expect(invoice ?? data.messages[0]).toMatchObject({
      id: expect.any(String),
      threadId: expect.any(String),
      from: expect.stringContaining("@"),
      subject: expect.stringContaining("Invoice"),
      snippet: expect.any(String),
    });
    expect(page?.next ?? {}).toEqual(data.nextPageToken ? { pageToken: data.nextPageToken } : {});
  });

  it("a branch begins where the default branch ends", async () => {
    const { data } = await call("github/create_branch", { repo: "acme/webapp", branch: "fix/sign-in" });
    const main = await call("github/get_branch", { repo: "acme/webapp", branch: "main" });
    expect([data.ref, data.object.sha]).toEqual(["refs/heads/fix/sign-in", main.data.commit.sha]);
    const { json } = await skillett.call("POST", "/v1/github/create_branch", {
      body: { params: { repo: "acme/webapp", branch: "x", from: "nowhere" } },
    });
    expect([json.status, json.hint.message]).toEqual([
      404,
      expect.stringContaining("Step 2 of 3 (get_branch)"),
    ]);
  });

  it("a person is written to by address", async () => {
    const { data } = await call("slack/post_message_to_person", { email: "hubot@acme.example", text: "Hi" });
    expect(data).toMatchObject({ ok: true, channel: expect.any(String), ts: expect.any(String) });
    const { json } = await skillett.call("POST", "/v1/slack/post_message_to_person", {
      body: { params: { email: "nobody@acme.example", text: "Hi" } },
    });
    expect([json.refused.message, json.hint.message]).toEqual([
      "users_not_found",
      expect.stringContaining("nothing was changed"),
    ]);
  });
});
