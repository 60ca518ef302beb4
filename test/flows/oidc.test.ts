import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type OidcProvider, startOidc } from "#support/oidc-provider.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, type Visitor } from "#support/visitor.js";
import { signUp } from "#support/world.js";

/** Signing in with an OpenID Connect issuer of the operator's. */

onEachEngine("oidc", (engine) => {
  let provider: OidcProvider;
  let skillett: Skillett | undefined;
  beforeAll(async () => {
    provider = await startOidc();
  });
  afterAll(() => provider?.close());
  afterEach(async () => {
    await skillett?.close();
    skillett = undefined;
  });

  async function start(policy: string): Promise<Skillett> {
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_SIGN_UP: policy,
        SKILLETT_SIGN_IN_OIDC_ISSUER: provider.issuer,
        SKILLETT_SIGN_IN_OIDC_CLIENT_ID: "skillett",
        SKILLETT_SIGN_IN_OIDC_CLIENT_SECRET: "a-secret-of-the-operator",
      },
    });
    return skillett;
  }

  /** There and back, as a browser does; `email` is what the issuer says of them. */
  async function signIn(visitor: Visitor, email: string, verified = true): Promise<Reply> {
    provider.nextIdentity({ sub: `sub of ${email}`, email, email_verified: verified, name: "Ada of OIDC" });
    const begun = await visitor.call("POST", "/auth/sign-in/social", {
      provider: "oidc",
      callbackURL: "/device",
    });
    expect(begun.status, begun.text).toBe(200);
    const asked = await fetch(begun.json.url, { redirect: "manual" });
    const back = new URL(asked.headers.get("location")!);
    expect(back.origin).toBe(skillett!.url);
    return visitor.call("GET", back.pathname + back.search);
  }
  const me = async (visitor: Visitor) => (await visitor.call("GET", "/api/me")).json;
  const count = async () => {
    const rows = await skillett!.app.database.kysely.selectFrom("profiles").select("id").execute();
    return rows.length;
  };

  it("a sign-in makes a person where sign-up is open, and finds the same one the next time", async () => {
    const { url } = await start("open");
    const [first, second] = [createVisitor(url), createVisitor(url)];
    expect((await first.call("GET", "/auth/options")).json.providers).toEqual([
      { id: "oidc", name: "your company" },
    ]);
    const landed = await signIn(first, "ada@corp.example");
    expect(landed.headers.get("location")).toMatch(/\/device$/);
    const person = await me(first);
    expect(person).toMatchObject({
      profile: { email: "ada@corp.example", displayName: "Ada of OIDC", plan: "free", isOperator: false },
      role: "owner",
    });
    await signIn(second, "ada@corp.example");
    expect((await me(second)).profile.id).toBe(person.profile.id);
  });

  it.each(["first", "invite"])("a sign-in makes nobody where SKILLETT_SIGN_UP is %s", async (policy) => {
    const { url } = await start(policy);
    const visitor = createVisitor(url);
    const landed = await signIn(visitor, "ada@corp.example");
    expect(landed.headers.get("location")).toMatch(/\/sign-in\?error=/);
    expect((await visitor.call("GET", "/api/me")).status).toBe(401);
    expect(await count()).toBe(1);
  });

  it("a sign-in does not take over an account whose address nobody has proven", async () => {
    const { url } = await start("open");
    const [local, visitor] = [await signUp({ url }, "Local", "ada@corp.example"), createVisitor(url)];
    const landed = await signIn(visitor, "ada@corp.example");
    expect(landed.headers.get("location")).toMatch(/\/sign-in\?error=/);
    expect((await visitor.call("GET", "/api/me")).status).toBe(401);
    expect((await me(local)).profile.displayName).toBe("Local");
  });

  it("a sign-in is linked to a proven address only when the issuer has proven it too", async () => {
    const { url, app } = await start("open");
    const local = await signUp({ url }, "Local", "ada@corp.example");
    await app.database.kysely
      .updateTable("profiles")
      .set({ email_verified: 1 })
      .where("email", "=", "ada@corp.example")
      .execute();
    const unproven = createVisitor(url);
    await signIn(unproven, "ada@corp.example", false);
    expect((await unproven.call("GET", "/api/me")).status).toBe(401);
    const proven = createVisitor(url);
    await signIn(proven, "ada@corp.example");
    expect((await me(proven)).profile.id).toBe((await me(local)).profile.id);
  });

  it("a sign-in is finished once, in the browser that began it", async () => {
    const { url } = await start("open");
    const [mine, other] = [createVisitor(url), createVisitor(url)];
    provider.nextIdentity({ sub: "1", email: "ada@corp.example", email_verified: true, name: "Ada" });
    const begun = await mine.call("POST", "/auth/sign-in/social", {
      provider: "oidc",
      callbackURL: "/device",
    });
    const asked = await fetch(begun.json.url, { redirect: "manual" });
    const back = new URL(asked.headers.get("location")!);
    const finish = (who: Visitor) => who.call("GET", back.pathname + back.search);
    await finish(other);
    expect((await other.call("GET", "/api/me")).status).toBe(401);
    await finish(mine);
    expect((await me(mine)).profile.email).toBe("ada@corp.example");
    await finish(other);
    expect((await other.call("GET", "/api/me")).status).toBe(401);
    // Not a second time either, once its session has ended.
    expect((await mine.call("POST", "/auth/sign-out", {})).status).toBe(200);
    expect((await finish(mine)).headers.get("location")).toMatch(/\/sign-in\?error=/);
    expect((await mine.call("GET", "/api/me")).status).toBe(401);
  });
});
