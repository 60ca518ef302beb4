import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { startGoogle } from "#support/google-stand-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** A composite of an integration that ships, from the params to the mail. */

onEachEngine("composites of the services", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  let google: Awaited<ReturnType<typeof startGoogle>>;
  beforeAll(async () => {
    google = await startGoogle();
    cleanup.add(google.close);
    skillett = await startSkillett(engine, { env: google.settings() });
    cleanup.add(skillett.close);
    await skillett.connect("gmail", google.mintToken());
  });
  afterAll(() => cleanup.run());
  beforeEach(() => {
    google.requests.length = 0;
  });

  it("a reply goes to the sender, in the thread, with each call in the log", async () => {
    const { json, headers } = await skillett.call("POST", "/v1/gmail/reply_to_message", {
      body: { params: { id: "msg_invoice", text: "Paid." } },
    });
    expect(json.status, JSON.stringify(json)).toBe(200);
    expect(headers.get("skillett-account")).toBe("octocat@acme.example");
    const sent = google.requests.at(-1)!.body as { raw: string; threadId: string };
    expect(Buffer.from(sent.raw, "base64url").toString().split("\r\n").slice(0, 4)).toEqual([
      "To: billing@widgets.example",
      "Subject: Re: Invoice 1047",
      "In-Reply-To: <msg_invoice@emulate.google.local>",
      "References: <msg_invoice@emulate.google.local>",
    ]);
    expect(json.data.threadId).toBe(sent.threadId);
    const { calls } = (await skillett.call("GET", "/v1/calls?limit=2")).json;
    expect(calls.map(({ endpoint, via, status }: Record<string, string>) => [endpoint, via, status])).toEqual(
      [
        ["send_email", "reply_to_message", "completed"],
        ["get_message", "reply_to_message", "completed"],
      ],
    );
  });
});
