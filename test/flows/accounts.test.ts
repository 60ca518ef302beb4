import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onEachEngine, requestSkillett, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, password } from "#support/visitor.js";
import { type Person, signUp } from "#support/world.js";

/** People: signing up and in, sessions, second factors, tenants. */

onEachEngine("accounts", (engine) => {
  let skillett: Skillett;
  const printed: string[] = [];
  let now = Date.now();
  beforeAll(async () => {
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SIGN_UP: "open" },
      clock: () => now,
      print: (text) => void printed.push(text),
    });
  });
  afterAll(() => skillett?.close());

  const visitor = () => createVisitor(skillett.url);
  const newPerson = (name: string): Promise<Person> => {
    // So many from one address would be slowed down.
    now += 10_000;
    return signUp(skillett, name);
  };
  const linkIn = (text: string) => /^http\S+$/m.exec(text)![0];

  it("the person who claims the instance is its owner, and is signed in", async () => {
    const owner = visitor();
    expect((await owner.call("GET", "/auth/options")).json).toEqual({
      sign_up: "open",
      providers: [],
      claimed: false,
    });
    const claim = { token: skillett.claimToken, email: "Owner@Example.com", display_name: "Olga", password };
    expect((await owner.call("POST", "/claim", { ...claim, password: "short" })).status).toBe(400);
    const done = await owner.call("POST", "/claim", claim);
    expect([done.status, done.text.includes("It is yours, Olga")]).toEqual([200, true]);
    expect((await owner.call("GET", "/api/me")).json).toMatchObject({
      profile: { email: "owner@example.com", displayName: "Olga", plan: "unlimited", isOperator: true },
      role: "owner",
    });
    expect((await owner.call("POST", "/claim", claim)).status).toBe(403);
    expect((await visitor().signIn("owner@example.com")).status).toBe(200);
    expect((await owner.call("GET", "/auth/options")).json.claimed).toBe(true);
  });

  it("a new person has a tenant of their own, and cannot see or revoke keys of others", async () => {
    const [ada, bob] = [await newPerson("ada"), await newPerson("bob")];
    const { json: me } = await ada.call("GET", "/api/me");
    expect(me).toMatchObject({
      profile: { email: "ada@example.com", displayName: "ada", plan: "free", isOperator: false },
      role: "owner",
      tenants: [{ id: me.tenantId, name: "ada", role: "owner" }],
    });
    expect((await bob.call("GET", "/api/me")).json.tenantId).not.toBe(me.tenantId);
    const { json: key } = await ada.call("POST", "/api-keys", { name: "mine" });
    expect(key.full_key).toMatch(/^sk_[0-9a-f]{40}$/);
    expect((await bob.call("GET", "/api-keys")).json).toEqual([]);
    expect((await bob.call("DELETE", `/api-keys/${key.api_key.id}`)).status).toBe(404);
    expect((await skillett.call("GET", "/v1/me", { key: key.full_key })).json).toMatchObject({
      profile: { email: "ada@example.com" },
      tenant: { id: me.tenantId, role: "owner" },
    });
  });

  it("the cookie of a session is HttpOnly and SameSite=Lax, and signing out ends the session", async () => {
    const eve = await newPerson("eve");
    const again = await visitor().signIn("eve@example.com");
    expect(again.headers.getSetCookie().join()).toMatch(/skillett\.session_token=.*HttpOnly.*SameSite=Lax/i);
    expect((await eve.call("GET", "/auth/list-sessions")).json).toHaveLength(2);
    const cookie = eve.cookie();
    expect((await eve.call("POST", "/auth/sign-out", {})).status).toBe(200);
    const stolen = await visitor().call("GET", "/api/me", undefined, { cookie });
    expect([stolen.status, stolen.json.code]).toEqual([401, "unauthorized"]);
  });

  it("a page of another site makes no key with a person's session", async () => {
    const mallory = await newPerson("mallory");
    const body = { name: "x" };
    for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }]) {
      expect((await mallory.call("POST", "/api-keys", body, headers)).status).toBe(403);
    }
    // A browser that sends no origin says where the page is from.
    for (const site of ["cross-site", "same-site"]) {
      const headers = { cookie: mallory.cookie(), "sec-fetch-site": site };
      const reply = await requestSkillett(`${skillett.url}/api-keys`, "POST", null, body, headers);
      expect([site, reply.status]).toEqual([site, 403]);
    }
    expect((await mallory.call("GET", "/api-keys")).json).toEqual([]);
    expect((await mallory.call("POST", "/api-keys", body)).status).toBe(201);
  });

  it("known and unknown addresses get the same answers to a wrong password and to a forgotten one", async () => {
    await newPerson("known");
    printed.length = 0;
    const replies = await Promise.all(
      ["known@example.com", "unknown@example.com"].map(async (email) => {
        const wrong = await visitor().signIn(email, "not the password");
        const reset = await visitor().call("POST", "/auth/request-password-reset", { email });
        const { request_id: _, ...said } = wrong.json;
        return [wrong.status, said, reset.status, reset.json];
      }),
    );
    expect(replies[0]).toEqual(replies[1]);
    expect(replies[0]!.slice(0, 3)).toMatchObject([401, { error: "unauthorized" }, 200]);
    // The same answer, and yet a link for the one that is known.
    expect(printed).toEqual([expect.stringContaining("known@example.com")]);
  });

  it("a forgotten password is replaced by the link, once, and other sessions end", async () => {
    const fred = await newPerson("fred");
    printed.length = 0;
    await visitor().call("POST", "/auth/request-password-reset", {
      email: "fred@example.com",
      redirectTo: `${skillett.url}/reset-password`,
    });
    expect(printed[0]).toContain("hand this on to fred@example.com");
    const opened = await visitor().call("GET", linkIn(printed[0]!).slice(skillett.url.length));
    const landed = new URL(opened.headers.get("location")!);
    expect(landed.pathname).toBe("/reset-password");
    const token = landed.searchParams.get("token")!;
    const body = { newPassword: "a new long password", token };
    expect((await visitor().call("POST", "/auth/reset-password", body)).status).toBe(200);
    const twice = { ...body, newPassword: "another long password" };
    expect((await visitor().call("POST", "/auth/reset-password", twice)).status).toBe(400);
    expect((await fred.call("GET", "/api/me")).status).toBe(401);
    expect((await visitor().signIn("fred@example.com")).status).toBe(401);
    expect((await visitor().signIn("fred@example.com", body.newPassword)).status).toBe(200);
  });

  it("a second factor is asked for, and a recovery code works once", async () => {
    const tina = await newPerson("tina");
    const { json } = await tina.call("POST", "/auth/two-factor/enable", { password });
    const secret = new URL(json.totpURI).searchParams.get("secret")!;
    expect((await tina.call("POST", "/auth/two-factor/verify-totp", { code: totp(secret) })).status).toBe(
      200,
    );

    const later = visitor();
    expect((await later.signIn("tina@example.com")).json).toMatchObject({ twoFactorRedirect: true });
    expect((await later.call("GET", "/api/me")).status).toBe(401);
    const wrong = await later.call("POST", "/auth/two-factor/verify-totp", { code: "000000" });
    expect(wrong.status).toBe(401);
    expect((await later.call("POST", "/auth/two-factor/verify-totp", { code: totp(secret) })).status).toBe(
      200,
    );
    expect((await later.call("GET", "/api/me")).status).toBe(200);

    const [code, unused] = json.backupCodes;
    const [lost, again] = [visitor(), visitor()];
    await lost.signIn("tina@example.com");
    expect((await lost.call("POST", "/auth/two-factor/verify-backup-code", { code })).status).toBe(200);
    await again.signIn("tina@example.com");
    expect((await lost.call("GET", "/api/me")).json.profile.email).toBe("tina@example.com");
    expect((await again.call("POST", "/auth/two-factor/verify-backup-code", { code })).status).toBe(401);
    expect((await again.call("GET", "/api/me")).status).toBe(401);
    const other = await again.call("POST", "/auth/two-factor/verify-backup-code", { code: unused });
    expect(other.status).toBe(200);
  });

  describe("tenants", () => {
    it("an invitation brings a person into a second tenant with its role, until they are removed", async () => {
      const [gina, hans] = [await newPerson("gina"), await newPerson("hans")];
      const home = (await hans.call("GET", "/api/me")).json.tenantId;
      const tenant = (await gina.call("GET", "/api/me")).json.tenantId;
      printed.length = 0;
      const invited = await gina.call("POST", "/auth/organization/invite-member", {
        email: "hans@example.com",
        role: "engineer",
      });
      expect(invited).toMatchObject({ status: 200, json: { role: "engineer" } });
      expect(linkIn(printed[0]!)).toBe(`${skillett.url}/accept-invitation/${invited.json.id}`);
      const other = await newPerson("iris");
      const accept = { invitationId: invited.json.id };
      // What lies in the database is not what the link ends with.
      const [stored] = await skillett.app.database.kysely.selectFrom("invitations").selectAll().execute();
      const guessed = { invitationId: stored!.id };
      expect((await hans.call("POST", "/auth/organization/accept-invitation", guessed)).status).toBe(400);
      expect((await other.call("POST", "/auth/organization/accept-invitation", accept)).status).toBe(403);
      expect((await hans.call("POST", "/auth/organization/accept-invitation", accept)).status).toBe(200);
      const { json: me } = await hans.call("GET", "/api/me");
      expect(me).toMatchObject({ tenantId: tenant, role: "engineer" });
      expect(me.tenants.map(({ id }: { id: string }) => id).sort()).toEqual([home, tenant].sort());
      expect(me.permissions).toContain("skills:write");
      expect(me.permissions).not.toContain("members:*");

      await hans.call("POST", "/auth/organization/set-active", { organizationId: home });
      expect((await hans.call("GET", "/api/me")).json).toMatchObject({ tenantId: home, role: "owner" });

      // An engineer neither invites nor removes; who is removed is out at once.
      await hans.call("POST", "/auth/organization/set-active", { organizationId: tenant });
      const invite = { email: "x@example.com", role: "viewer" };
      expect((await hans.call("POST", "/auth/organization/invite-member", invite)).status).toBe(403);
      const { full_key: key } = (await hans.call("POST", "/api-keys", { name: "his" })).json;
      expect((await skillett.call("GET", "/v1/me", { key })).status).toBe(200);
      const jwt = await hans.fetchJwt();
      const asHans = () => visitor().call("GET", "/api/me", undefined, { authorization: `Bearer ${jwt}` });
      expect((await asHans()).json).toMatchObject({ tenantId: tenant });
      const removed = await gina.call("POST", "/auth/organization/remove-member", {
        memberIdOrEmail: "hans@example.com",
      });
      expect(removed.status).toBe(200);
      expect((await asHans()).status).toBe(401);
      expect((await skillett.call("GET", "/v1/me", { key })).status).toBe(401);
      const { kysely } = skillett.app.database;
      const left = kysely.selectFrom("api_keys").select("revoked_at").where("name", "=", "his");
      expect((await left.executeTakeFirstOrThrow()).revoked_at).not.toBeNull();
      expect((await hans.call("GET", "/api/me")).json).toMatchObject({ tenantId: home });
    });

    it("the last owner of a tenant cannot leave it", async () => {
      const jane = await newPerson("jane");
      const { tenantId: organizationId } = (await jane.call("GET", "/api/me")).json;
      const left = await jane.call("POST", "/auth/organization/leave", { organizationId });
      expect(left.status).toBe(400);
      expect(left.json.message).toMatch(/owner/i);
      expect((await jane.call("GET", "/api/me")).json).toMatchObject({
        tenantId: organizationId,
        role: "owner",
      });
    });

    it("two people of one name have two tenants", async () => {
      const [one, two] = [await newPerson("karl"), await signUp(skillett, "karl", "karl2@example.com")];
      const names = await Promise.all([one, two].map(async (it) => (await it.call("GET", "/api/me")).json));
      expect(names[0].tenants[0].name).toBe(names[1].tenants[0].name);
      expect(names[0].tenantId).not.toBe(names[1].tenantId);
    });
  });

  it("a dump of the database lets nobody in", async () => {
    const lena = await newPerson("lena");
    const { kysely } = skillett.app.database;
    const sessions = await kysely.selectFrom("sessions").selectAll().execute();
    for (const { token } of sessions) {
      const { status } = await visitor().call("GET", "/api/me", undefined, {
        cookie: `skillett.session_token=${token}`,
      });
      expect(status).toBe(401);
    }
    await lena.fetchJwt();
    const [key] = await kysely.selectFrom("signing_keys").selectAll().execute();
    expect(key!.private_key).not.toContain('"d"');
    printed.length = 0;
    await visitor().call("POST", "/auth/request-password-reset", { email: "lena@example.com" });
    const token = /reset-password\/([^?]+)/.exec(printed[0]!)![1]!;
    const pending = await kysely.selectFrom("verifications").selectAll().execute();
    expect(JSON.stringify(pending)).not.toContain(token);
  });
});

/** @see RFC 6238 */
function totp(secret: string): string {
  const bits = [...secret].map((letter) => base32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest.at(-1)! & 15;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
