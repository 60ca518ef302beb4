import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type MailServer, type ReceivedMail, startMailServer } from "#support/mail-server.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, type Visitor } from "#support/visitor.js";
import { claimInstance } from "#support/world.js";

/** With a mail server: links arrive by mail, and an address is proven before it signs in. */

const env = { SKILLETT_SIGN_UP: "open", SKILLETT_MAIL_FROM: "Skillett <skillett@example.com>" };
const linkIn = ({ text }: ReceivedMail) => /^http\S+$/m.exec(text)![0];

onEachEngine("mail", (engine) => {
  let server: MailServer;
  let skillett: Skillett;
  let now = Date.now();
  const printed: string[] = [];
  beforeAll(async () => {
    server = await startMailServer();
    skillett = await startSkillett(engine, {
      env: { ...env, SKILLETT_SMTP_URL: server.url },
      clock: () => now,
      print: (text) => void printed.push(text),
    });
  });
  afterAll(async () => {
    await skillett?.close();
    await server?.close();
  });
  beforeEach(() => {
    now += 3_600_000;
    server.mails.length = 0;
  });

  const visitor = () => createVisitor(skillett.url);
  /** Nobody is kept waiting for the mail server. */
  const nextMail = async (to: string, about = /Confirm/): Promise<ReceivedMail> => {
    const index = () =>
      server.mails.findIndex((mail) => mail.to.includes(to) && about.test(mail.headers.subject ?? ""));
    await expect.poll(index, { timeout: 10_000 }).toBeGreaterThanOrEqual(0);
    return server.mails.splice(index(), 1)[0]!;
  };
  const open = (who: Visitor, mail: ReceivedMail) => who.call("GET", linkIn(mail).slice(skillett.url.length));
  const proven = async (name: string, email = `${name.toLowerCase()}@example.com`): Promise<Visitor> => {
    const who = visitor();
    await who.signUp({ name, email });
    await open(who, await nextMail(email));
    expect((await who.call("GET", "/api/me")).status).toBe(200);
    return who;
  };

  it("a person who signs up is let in by the link in a mail, and not before", async () => {
    const ada = visitor();
    const signedUp = await ada.signUp({ name: "Ada", email: "Ada@Example.com" });
    expect([signedUp.status, signedUp.json.token]).toEqual([200, null]);
    expect(signedUp.headers.getSetCookie()).toEqual([]);
    const mail = await nextMail("ada@example.com");
    expect(mail).toMatchObject({
      from: "skillett@example.com",
      to: ["ada@example.com"],
      headers: { from: env.SKILLETT_MAIL_FROM, to: "ada@example.com" },
    });
    expect(mail.headers["content-type"]).toMatch(/^text\/plain/);

    expect((await ada.signIn("ada@example.com")).status).toBe(403);
    expect((await ada.call("GET", "/api/me")).status).toBe(401);
    // Whoever tries gets the link again, at the address alone.
    const again = await nextMail("ada@example.com");
    expect((await open(ada, again)).status).toBeLessThan(400);
    expect((await ada.call("GET", "/api/me")).json.profile.email).toBe("ada@example.com");
    expect((await visitor().signIn("ada@example.com")).status).toBe(200);
  });

  it("a link that was changed proves no address", async () => {
    const bob = visitor();
    await bob.signUp({ name: "Bob", email: "bob@example.com" });
    const mail = await nextMail("bob@example.com");
    const link = new URL(linkIn(mail));
    const [head, , signature] = link.searchParams.get("token")!.split(".");
    const claims = Buffer.from(JSON.stringify({ email: "bob@example.com", exp: 9e9 })).toString("base64url");
    for (const token of [`${head}.${claims}.${signature}`, `${head}.${claims}.`, "x"]) {
      const opened = await bob.call("GET", `${link.pathname}?token=${token}&callbackURL=/`);
      expect(opened.headers.getSetCookie()).toEqual([]);
    }
    expect((await bob.signIn("bob@example.com")).status).toBe(403);
  });

  it("known and unknown addresses sign up and forget passwords alike", async () => {
    await proven("Carl");
    const replies = await Promise.all(
      ["carl@example.com", "nobody@example.com"].map(async (email) => {
        const signedUp = await visitor().signUp({ name: "X", email });
        const reset = await visitor().call("POST", "/auth/request-password-reset", { email });
        const resent = await visitor().call("POST", "/auth/send-verification-email", { email });
        const { id: _, createdAt: __, updatedAt: ___, email: ____, ...user } = signedUp.json.user;
        return [
          signedUp.status,
          signedUp.json.token,
          user,
          reset.status,
          reset.json,
          resent.status,
          resent.json,
        ];
      }),
    );
    expect(replies[0]).toEqual(replies[1]);
    expect((await visitor().signIn("carl@example.com")).status).toBe(200);
  });

  it("a forgotten password is replaced by the link in a mail", async () => {
    await proven("Dora");
    await visitor().call("POST", "/auth/request-password-reset", {
      email: "dora@example.com",
      redirectTo: "/reset-password",
    });
    const mail = await nextMail("dora@example.com", /^Set a new Skillett password$/);
    const landed = new URL((await open(visitor(), mail)).headers.get("location")!, skillett.url);
    expect(landed.origin + landed.pathname).toBe(`${skillett.url}/reset-password`);
    const body = { newPassword: "a new long password", token: landed.searchParams.get("token") };
    expect((await visitor().call("POST", "/auth/reset-password", body)).status).toBe(200);
    expect((await visitor().signIn("dora@example.com")).status).toBe(401);
    expect((await visitor().signIn("dora@example.com", body.newPassword)).status).toBe(200);
    expect(printed).toEqual([]);
  });

  it("the mail of an invitation takes no markup and no headers from a chosen name", async () => {
    const name = '<img src=x onerror=alert(1)> "Eve" =?utf-8?q?x?=';
    const eve = await proven(name, "eve@example.com");
    const invite = { email: "frank@example.com", role: "member" };
    const invited = await eve.call("POST", "/auth/organization/invite-member", invite);
    expect(invited.status).toBe(200);
    const mail = await nextMail("frank@example.com", /^/);
    expect(mail.to).toEqual(["frank@example.com"]);
    expect(Object.keys(mail.headers).sort()).toEqual([
      "content-transfer-encoding",
      "content-type",
      "date",
      "from",
      "message-id",
      "mime-version",
      "subject",
      "to",
    ]);
    expect(mail.headers["content-type"]).toMatch(/^text\/plain/);
    expect(mail.text).toContain(`${skillett.url}/accept-invitation/${invited.json.id}`);
    expect(mail.headers.subject).toBe("You are invited to a team on Skillett");
    // The address is proven; what a person or a tenant is called is what somebody chose.
    expect(mail.text).toContain("eve@example.com invites you");
    for (const chosen of ["<", "src=", "alert(", '"Eve"']) expect(mail.text).not.toContain(chosen);
  });

  it("an invitation is accepted only with a proven address", async () => {
    const gina = await proven("Gina");
    const invite = { email: "hans@example.com", role: "member" };
    const { json: invitation } = await gina.call("POST", "/auth/organization/invite-member", invite);
    const hans = visitor();
    await hans.signUp({ name: "Hans", email: "hans@example.com", invitationId: invitation.id });
    const accept = () =>
      hans.call("POST", "/auth/organization/accept-invitation", { invitationId: invitation.id });
    expect((await accept()).status).toBe(401);
    await open(hans, await nextMail("hans@example.com"));
    expect((await accept()).status).toBe(200);
  });
});

onEachEngine("a mail server that is down", (engine) => {
  let skillett: Skillett;
  beforeAll(async () => {
    const gone = await startMailServer();
    await gone.close();
    skillett = await startSkillett(engine, { env: { ...env, SKILLETT_SMTP_URL: gone.url } });
  });
  afterAll(() => skillett?.close());

  it("a mail server that is down changes no answer, and stops nothing", async () => {
    const who = createVisitor(skillett.url);
    expect((await who.signUp({ name: "Ada", email: "ada@example.com" })).status).toBe(200);
    expect((await who.signIn("ada@example.com")).status).toBe(403);
    for (const email of ["ada@example.com", "unknown@example.com"]) {
      const reset = await who.call("POST", "/auth/request-password-reset", { email });
      expect(reset.status).toBe(200);
    }
    const owner = await claimInstance(skillett, "Olga");
    const invite = { email: "x@example.com", role: "member" };
    expect((await owner.call("POST", "/auth/organization/invite-member", invite)).status).toBe(200);
    expect((await skillett.call("GET", "/ready")).status).toBe(200);
  });
});
