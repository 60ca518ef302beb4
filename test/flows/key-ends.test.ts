import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createKeyEndMail } from "#identity/key-end-mail.js";
import { createMailer } from "#identity/mail.js";
import { createApiKeyRows } from "#store/api-key-rows.js";
import { type MailServer, startMailServer } from "#support/mail-server.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { claimInstance, type Person } from "#support/world.js";

/** Keys of agents end; whoever owns one hears of it a week before, once. */

const day = 86_400_000;

onEachEngine("the end of a key", (engine) => {
  let server: MailServer;
  let skillett: Skillett;
  let owner: Person;
  let tell: () => Promise<void>;
  let now = Date.now();
  beforeAll(async () => {
    server = await startMailServer();
    skillett = await startSkillett(engine, { clock: () => now });
    owner = await claimInstance(skillett);
    await owner.call("POST", "/api/agents", { name: "Triage" });
    tell = createKeyEndMail({
      apiKeys: createApiKeyRows(skillett.app.database),
      mailer: createMailer({ url: server.url, from: "Skillett <skillett@example.com>" }, () => {}),
      publicUrl: () => skillett.url,
      clock: () => now,
    });
  });
  afterAll(async () => {
    await skillett?.close();
    await server?.close();
  });
  beforeEach(() => {
    server.mails.length = 0;
  });
  const make = async (body: object) =>
    (await owner.call("POST", "/api-keys", { name: "laptop", ...body })).json;
  const revoke = (id: string) => owner.call("DELETE", `/api-keys/${id}`);

  it("the key of an agent only reads and ends in 90 days, unless something else is chosen", async () => {
    const made = await make({ agent_id: "triage" });
    expect(made.api_key).toMatchObject({
      scopes: ["*:read"],
      expires_at: new Date(now + 90 * day).toISOString(),
    });
    expect(made.hint).toContain("It only reads");
    expect(made.hint).toContain("give expires_at, or null for none");
    const wide = await make({ agent_id: "triage", scopes: ["*"], expires_at: null });
    expect(wide.api_key).toMatchObject({ scopes: ["*"], expires_at: null });
    expect(wide.hint).toContain("those connected later too");
    const chosen = { agent_id: "triage", scopes: ["github:read"], expires_at: "2999-06-01T00:00:00Z" };
    expect(await make(chosen)).not.toHaveProperty("hint");
    const own = await make({});
    expect(own).toMatchObject({ api_key: { scopes: ["*"], expires_at: null } });
    expect(own).not.toHaveProperty("hint");
    for (const { api_key } of [made, wide, own]) await revoke(api_key.id);
  });

  it("a key that the key of an agent makes ends no later than that one", async () => {
    const soon = new Date(now + 10 * day).toISOString();
    const { full_key: key } = await make({ agent_id: "triage", expires_at: soon });
    const { json } = await skillett.call("POST", "/api-keys", { key, body: { name: "child" } });
    expect(json.api_key).toMatchObject({ scopes: ["*:read"], expires_at: soon });
    const wish = { name: "child", expires_at: null };
    expect((await skillett.call("POST", "/api-keys", { key, body: wish })).status).toBe(403);
  });

  it("the end of a key is mailed once, a week before, and not again after rotation", async () => {
    const made = await make({ agent_id: "triage", name: "desk" });
    now += 83 * day - 1;
    server.mails.length = 0;
    await tell();
    expect(server.mails.map(({ text }) => text).join()).not.toContain(made.api_key.id);
    now += 1;
    await Promise.all([tell(), tell(), tell()]);
    const mails = server.mails.filter(({ text }) => text.includes(made.api_key.id));
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ to: ["ada@example.com"] });
    expect(mails[0]!.text).toContain("of the agent Triage");
    expect(mails[0]!.text).not.toContain(made.full_key);
    const { json } = await owner.call("POST", `/api-keys/${made.api_key.id}/rotate`);
    server.mails.length = 0;
    now += day;
    await tell();
    expect(server.mails.filter(({ text }) => text.includes(json.api_key.id))).toEqual([]);
  });

  it("no mail is sent for a key that was revoked, has ended, or was made for less than a week", async () => {
    const end = (days: number) => new Date(now + days * day).toISOString();
    const revoked = await make({ expires_at: end(10) });
    const short = await make({ expires_at: end(6) });
    const due = await make({ expires_at: end(8) });
    const gone = await revoke(revoked.api_key.id);
    expect(gone.status, gone.text).toBe(204);
    now += 5 * day;
    server.mails.length = 0;
    await tell();
    const told = server.mails.map(({ text }) => text).join();
    expect(told).toContain(due.api_key.id);
    expect(told).not.toContain(revoked.api_key.id);
    expect(told).not.toContain(short.api_key.id);
    now += 30 * day;
    server.mails.length = 0;
    await tell();
    expect(server.mails).toEqual([]);
  });
});
