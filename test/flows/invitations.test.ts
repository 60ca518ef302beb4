import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, type Visitor } from "#support/visitor.js";
import { type Company, gatherCompany, signUp, type Who } from "#support/world.js";

/** Invitations: for whom they are, how long, and what they can give. */

onEachEngine("invitations", (engine) => {
  let skillett: Skillett;
  let people: Company;
  let now = Date.now();
  let count = 0;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" }, clock: () => now });
    people = await gatherCompany(skillett);
  });
  afterAll(() => skillett?.close());
  beforeEach(() => {
    now += 3_600_000;
  });

  const organization = (who: Visitor, action: string, body: object) =>
    who.call("POST", `/auth/organization/${action}`, body);
  const invite = (who: Who, email: string, role: unknown = "member") =>
    organization(people[who], "invite-member", { email, role });
  const newcomer = () => signUp(skillett, "Newcomer", `newcomer${++count}@example.com`);
  const accept = (who: Visitor, invitationId: string) =>
    organization(who, "accept-invitation", { invitationId });
  const isIn = async (who: Visitor) =>
    (await who.call("GET", "/api/me")).json.tenants.some(
      ({ id }: { id: string }) => id === people.owner.tenantId,
    );

  const rowsFor = (email: string) =>
    skillett.app.database.kysely
      .selectFrom("invitations")
      .select(["role", "status", "expires_at"])
      .where("email", "=", email)
      .execute();

  it("an invitation that is accepted three times at once is accepted once", async () => {
    const guest = await newcomer();
    const { email } = guest;
    const { id } = (await invite("admin", email, "viewer")).json;
    const replies = await Promise.all([accept(guest, id), accept(guest, id), accept(guest, id)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    const rows = await skillett.app.database.kysely
      .selectFrom("memberships")
      .innerJoin("profiles", "profiles.id", "profile_id")
      .select("role")
      .where("email", "=", email)
      .where("tenant_id", "=", people.owner.tenantId)
      .execute();
    expect(rows).toEqual([{ role: "viewer" }]);
  });

  it("an invitation is for one address, and nobody else sees or takes it", async () => {
    const guest = await newcomer();
    const { email } = guest;
    const thief = await newcomer();
    const { id } = (await invite("owner", email)).json;
    expect((await accept(thief, id)).status).toBe(403);
    expect((await organization(thief, "reject-invitation", { invitationId: id })).status).toBe(403);
    const seen = await thief.call("GET", `/auth/organization/get-invitation?id=${id}`);
    expect([seen.status, seen.text.includes(email)]).toEqual([403, false]);
    expect(
      (await createVisitor(skillett.url).call("GET", `/auth/organization/get-invitation?id=${id}`)).status,
    ).toBe(401);
    // An address nobody has proven lists nothing, else whoever claims it would be in.
    expect((await guest.call("GET", "/auth/organization/list-user-invitations")).status).toBe(403);
    expect(await isIn(thief)).toBe(false);
    expect((await accept(guest, id)).status).toBe(200);
    expect(await isIn(guest)).toBe(true);
  });

  it("an invitation ends by time, when it is canceled, and when it is rejected", async () => {
    const guest = await newcomer();
    const { email } = guest;
    const expired = (await invite("owner", email)).json.id;
    const [open] = await rowsFor(email);
    expect(Math.abs(open!.expires_at - Date.now() - 7 * 86_400_000)).toBeLessThan(60_000);
    await skillett.app.database.kysely
      .updateTable("invitations")
      .set({ expires_at: Date.now() - 1 })
      .where("email", "=", email)
      .execute();
    expect((await accept(guest, expired)).status).toBe(400);
    const canceled = (await invite("owner", email)).json.id;
    for (const who of ["member", "stranger"] as const) {
      const cancel = await organization(people[who], "cancel-invitation", { invitationId: canceled });
      expect(cancel.status).toBe(who === "member" ? 403 : 400);
    }
    expect((await rowsFor(email)).map(({ status }) => status).sort()).toEqual(["pending", "pending"]);
    const cancel = await organization(people.admin, "cancel-invitation", { invitationId: canceled });
    expect(cancel.status).toBe(200);
    expect((await accept(guest, canceled)).status).toBe(400);
    const rejected = (await invite("owner", email)).json.id;
    const reject = await organization(guest, "reject-invitation", { invitationId: rejected });
    expect(reject.status).toBe(200);
    expect((await accept(guest, rejected)).status).toBe(400);
    expect((await accept(guest, "no-such")).status).toBe(400);
    expect(await isIn(guest)).toBe(false);
    // None of these ends keeps them out for good.
    expect((await accept(guest, (await invite("owner", email)).json.id)).status).toBe(200);
    expect(await isIn(guest)).toBe(true);
  });

  it.each<[Who, unknown, number]>([
    ["owner", "owner", 200],
    ["owner", "admin", 200],
    ["admin", "admin", 200],
    ["admin", "owner", 403],
    ["admin", " owner", 400],
    ["admin", "member,owner", 400],
    ["admin", ["member", "owner"], 400],
    ["admin", ["member"], 400],
    ["admin", "root", 400],
    ["admin", "", 400],
    ["admin", undefined, 400],
    ["admin", "constructor", 400],
    ["engineer", "viewer", 403],
    ["member", "viewer", 403],
    ["viewer", "viewer", 403],
  ])("the %s who invites somebody as %j is answered with %d", async (who, role, status) => {
    const email = `role${++count}@example.com`;
    const reply = await organization(people[who], "invite-member", { email, role });
    expect(reply.status, reply.text).toBe(status);
    expect(await rowsFor(email)).toMatchObject(status === 200 ? [{ role, status: "pending" }] : []);
  });

  it("invitations are bounded by person and by address, and refused ones do not count for others", async () => {
    const fresh = await newcomer();
    const statuses: number[] = [];
    for (let at = 0; at < 7; at++) {
      const body = { email: `target${at}@example.com`, role: "member" };
      statuses.push((await organization(fresh, "invite-member", body)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);

    // Into a tenant that is not theirs they count nothing, neither for it nor for the address.
    const { tenantId: organizationId } = people.owner;
    const email = "wanted@example.com";
    for (let at = 0; at < 6; at++) {
      const body = { email, role: "member", organizationId };
      expect((await organization(fresh, "invite-member", body)).status).toBe(400);
    }
    const again: number[] = [];
    for (let at = 0; at < 6; at++) {
      const body = { email, role: "member" };
      const { status, json } = await organization(people.owner, "invite-member", body);
      again.push(status);
      if (status !== 200) continue;
      // Nor is one that is open sent once more.
      const resent = await organization(people.owner, "invite-member", { ...body, resend: true });
      expect(resent.status).toBe(400);
      await organization(people.owner, "cancel-invitation", { invitationId: json.id });
    }
    expect(again).toEqual([200, 200, 200, 200, 200, 429]);
    now += 86_400_000;
    expect((await invite("owner", email)).status).toBe(200);
  });

  it("nobody invites into a tenant that is not theirs", async () => {
    const { tenantId: organizationId } = people.owner;
    const body = { email: "x@example.com", role: "member", organizationId };
    for (const who of ["stranger", "operator"] as const) {
      const reply = await organization(people[who], "invite-member", body);
      expect([who, reply.status]).toEqual([who, 400]);
    }
    expect(await rowsFor("x@example.com")).toEqual([]);
    expect(
      (
        await people.stranger.call(
          "GET",
          `/auth/organization/list-invitations?organizationId=${organizationId}`,
        )
      ).status,
    ).toBe(403);
  });
});
