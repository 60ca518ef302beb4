import { afterAll, beforeAll, expect, it } from "vitest";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, password, type Visitor } from "#support/visitor.js";

/** Whatever a session gave ends with it, and whatever was proven with an old password ends with that. */

onEachEngine("a session that has ended", (engine) => {
  let skillett: Skillett;
  const printed: string[] = [];
  let count = 0;
  let now = Date.now();
  beforeAll(async () => {
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SIGN_UP: "open", SKILLETT_TRUSTED_PROXIES: "127.0.0.1" },
      clock: () => now,
      print: (text) => void printed.push(text),
    });
  });
  afterAll(() => skillett?.close());

  interface SignedInTwice {
    email: string;
    /** The session at hand, and another of the same person. */
    here: Visitor;
    there: Visitor;
  }
  async function signedInTwice(): Promise<SignedInTwice> {
    now += 60_000;
    const email = `person${++count}@example.com`;
    const [here, there] = [createVisitor(skillett.url), createVisitor(skillett.url)];
    const address = { "x-forwarded-for": `203.0.113.${count}` };
    await here.call("POST", "/auth/sign-up/email", { name: "Ada", email, password }, address);
    await there.call("POST", "/auth/sign-in/email", { email, password }, address);
    return { email, here, there };
  }
  async function resetLink(email: string): Promise<string> {
    printed.length = 0;
    await createVisitor(skillett.url).call("POST", "/auth/request-password-reset", { email });
    return /reset-password\/([^?]+)/.exec(printed[0]!)![1]!;
  }
  const setPassword = (token: string, newPassword = "another long password") =>
    createVisitor(skillett.url).call("POST", "/auth/reset-password", { token, newPassword });
  const idOf = async (who: Visitor) => (await who.call("GET", "/auth/get-session")).json.session.token;

  const ways: Record<string, (who: SignedInTwice) => Promise<{ status: number }>> = {
    "signing out": ({ here }) => here.call("POST", "/auth/sign-out", {}),
    "ending the session from another browser": async ({ here, there }) =>
      there.call("POST", "/auth/revoke-session", { token: await idOf(here) }),
    "ending all other sessions": ({ there }) => there.call("POST", "/auth/revoke-other-sessions", {}),
    "ending all sessions": ({ here }) => here.call("POST", "/auth/revoke-sessions", {}),
    "a new password by mail": async ({ email }) => setPassword(await resetLink(email)),
    "a new password elsewhere": ({ there }) =>
      there.call("POST", "/auth/change-password", {
        currentPassword: password,
        newPassword: "another long password",
        revokeOtherSessions: false,
      }),
    "an expiry": async ({ here }) => {
      const token = await idOf(here);
      await skillett.app.database.kysely
        .updateTable("sessions")
        .set({ expires_at: Date.now() - 1 })
        .where("token", "=", token)
        .execute();
      return { status: 200 };
    },
  };

  it.each(Object.keys(ways))("%s ends the JWT of a session", async (way) => {
    const person = await signedInTwice();
    const jwt = await person.here.fetchJwt();
    const asJwt = (method: string, path: string, body?: object) =>
      skillett.call(method, path, { key: jwt, body });
    expect((await asJwt("GET", "/api/me")).status).toBe(200);
    expect((await ways[way]!(person)).status).toBe(200);
    for (const [method, path, body] of [
      ["GET", "/api/me", undefined],
      ["POST", "/api-keys", { name: "lasting" }],
      ["GET", "/api-keys", undefined],
      ["POST", "/auth/device/authorize", { user_code: "BCDF-GHJK" }],
    ] as const) {
      const { status, json } = await asJwt(method, path, body);
      expect([path, status, json.code ?? json.error]).toEqual([path, 401, "unauthorized"]);
    }
    const keys = await skillett.app.database.kysely.selectFrom("api_keys").select("name").execute();
    expect(keys.map(({ name }) => name)).not.toContain("lasting");
  });

  it("a JWT of another session of the person stays good", async () => {
    const { here, there } = await signedInTwice();
    const jwt = await there.fetchJwt();
    await here.call("POST", "/auth/sign-out", {});
    expect((await skillett.call("GET", "/api/me", { key: jwt })).status).toBe(200);
  });

  it("a new password ends other links for one, and devices that have no key yet", async () => {
    const { email, here } = await signedInTwice();
    const [first, second] = [await resetLink(email), await resetLink(email)];
    const device = (await skillett.call("POST", "/auth/device/code", { key: null, body: {} })).json;
    const approved = await here.call("POST", "/auth/device/authorize", { user_code: device.user_code });
    expect(approved.status).toBe(200);
    expect((await setPassword(second)).status).toBe(200);
    expect((await setPassword(first, "an attacker's password")).status).toBe(400);
    const poll = await skillett.call("POST", "/auth/device/token", {
      key: null,
      body: { device_code: device.device_code },
    });
    expect(poll.json.full_key ?? poll.json.api_key).toBeUndefined();
    expect(poll.status).toBeGreaterThanOrEqual(400);
  });

  it("an invitation ends when the person who made it is removed", async () => {
    const { here: owner } = await signedInTwice();
    const admin = await signedInTwice();
    const tenantId = (await owner.call("GET", "/api/me")).json.tenantId;
    const call = (who: Visitor, action: string, body: object) =>
      who.call("POST", `/auth/organization/${action}`, { organizationId: tenantId, ...body });
    const { json: own } = await call(owner, "invite-member", { email: admin.email, role: "admin" });
    await admin.here.call("POST", "/auth/organization/accept-invitation", { invitationId: own.id });
    const guest = await signedInTwice();
    const { json: open } = await call(admin.here, "invite-member", { email: guest.email, role: "admin" });
    expect((await call(owner, "remove-member", { memberIdOrEmail: admin.email })).status).toBe(200);
    const accepted = await guest.here.call("POST", "/auth/organization/accept-invitation", {
      invitationId: open.id,
    });
    expect(accepted.status).toBe(400);
  });
});
