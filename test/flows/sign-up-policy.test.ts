import { afterEach, expect, it } from "vitest";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, password } from "#support/visitor.js";
import { claimInstance, type Person, signUp } from "#support/world.js";

/** Who may make an account. */

onEachEngine("sign-up", (engine) => {
  let skillett: Skillett | undefined;
  afterEach(async () => {
    await skillett?.close();
    skillett = undefined;
  });

  async function start(policy?: string): Promise<{ skillett: Skillett; owner: Person }> {
    skillett = await startSkillett(engine, { env: policy ? { SKILLETT_SIGN_UP: policy } : {} });
    return { skillett, owner: await claimInstance(skillett, "Olga") };
  }
  const invite = async (owner: Person, email: string) =>
    (await owner.call("POST", "/auth/organization/invite-member", { email, role: "member" })).json.id;
  const people = async ({ app }: Skillett) =>
    (await app.database.kysely.selectFrom("profiles").select("email").execute()).length;

  it.each([undefined, "first"])(
    "sign-up with SKILLETT_SIGN_UP as %s is closed once the instance is claimed, invitation or not",
    async (policy) => {
      const { skillett, owner } = await start(policy);
      const visitor = createVisitor(skillett.url);
      expect((await visitor.call("GET", "/auth/options")).json.sign_up).toBe("closed");
      const invitationId = await invite(owner, "ada@example.com");
      for (const more of [{}, { invitationId }]) {
        const { status, json } = await visitor.signUp({ name: "Ada", email: "ada@example.com", ...more });
        expect([status, json.message]).toEqual([403, expect.stringContaining("SKILLETT_SIGN_UP")]);
      }
      expect(await people(skillett)).toBe(1);
    },
  );

  it("nobody gets in without the link before the instance is claimed", async () => {
    skillett = await startSkillett(engine);
    const visitor = createVisitor(skillett.url);
    expect((await visitor.signUp({ name: "Ada", email: "ada@example.com" })).status).toBe(403);
    const claim = { token: "wrong", email: "ada@example.com", display_name: "Ada", password };
    expect((await visitor.call("POST", "/claim", claim)).status).toBe(403);
    expect(await people(skillett)).toBe(1);
  });

  it("a sign-up by invitation takes the invitation and the address it was sent to, together", async () => {
    const { skillett, owner } = await start("invite");
    const visitor = createVisitor(skillett.url);
    expect((await visitor.call("GET", "/auth/options")).json.sign_up).toBe("invite");
    const id = await invite(owner, "ada@example.com");
    const other = await invite(owner, "bob@example.com");
    const refused: [string, unknown][] = [
      ["ada@example.com", undefined],
      ["ada@example.com", ""],
      ["ada@example.com", "x"],
      ["ada@example.com", [id]],
      ["ada@example.com", other],
      ["eve@example.com", id],
      ["ada@example.com.evil.example", id],
    ];
    for (const [email, invitationId] of refused) {
      const { status, json } = await visitor.call("POST", "/auth/sign-up/email", {
        ...{ name: "Ada", email, password, invitationId },
      });
      expect([email, status, json.message]).toEqual([email, 403, expect.stringContaining("invitation")]);
    }
    expect((await visitor.signUp({ name: "Ada", email: "Ada@Example.com", invitationId: id })).status).toBe(
      200,
    );
    // In a tenant of her own, until she accepts.
    expect((await visitor.call("GET", "/api/me")).json).toMatchObject({ role: "owner", tenants: [{}] });
    const accept = { invitationId: id };
    expect((await visitor.call("POST", "/auth/organization/accept-invitation", accept)).status).toBe(200);
    expect((await visitor.call("GET", "/api/me")).json).toMatchObject({ role: "member", tenants: [{}, {}] });
  });

  it.each(["expired", "canceled", "accepted", "rejected"])(
    "a sign-up by an invitation that is %s is refused",
    async (how) => {
      const { skillett, owner } = await start("invite");
      const invitationId = await invite(owner, "ada@example.com");
      await skillett.app.database.kysely
        .updateTable("invitations")
        .set(how === "expired" ? { expires_at: Date.now() - 1 } : { status: how })
        .execute();
      const visitor = createVisitor(skillett.url);
      const { status } = await visitor.signUp({ name: "Ada", email: "ada@example.com", invitationId });
      expect(status).toBe(403);
      expect(await people(skillett)).toBe(1);
    },
  );

  it("an open sign-up is for everybody, and makes nobody the operator", async () => {
    const { skillett } = await start("open");
    const { json } = await (await signUp(skillett, "Ada")).call("GET", "/api/me");
    expect(json.profile).toMatchObject({ plan: "free", isOperator: false });
  });
});
