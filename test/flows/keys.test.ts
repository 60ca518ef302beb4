import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { claimInstance, insertMember, insertPerson, type Person } from "#support/world.js";

/** Keys from the making to the end: by people, by other keys, by those who look after the tenant. */

onEachEngine("keys", (engine) => {
  let skillett: Skillett;
  let owner: Person;
  /** Keys of members of the owner's tenant, by role. */
  const members = new Map<string, string>();
  const time = { now: Date.now() };
  beforeAll(async () => {
    skillett = await startSkillett(engine, { clock: () => time.now });
    owner = await claimInstance(skillett);
    for (const role of ["admin", "member"] as const)
      members.set(role, (await insertMember(skillett.app.database, `${role}-of-home`, role)).key);
  });
  afterAll(() => skillett?.close());
  beforeEach(() => {
    time.now += 3_600_000;
  });

  const make = async (body: object, key?: string): Promise<Reply["json"]> => {
    const reply = await skillett.call("POST", "/api-keys", {
      body: { name: "new", ...body },
      ...(key ? { key } : {}),
    });
    expect(reply.status, reply.text).toBe(201);
    return reply.json;
  };
  const rotate = (id: string, key?: string) =>
    skillett.call("POST", `/api-keys/${id}/rotate`, key ? { key } : {});
  const revoke = (id: string, key?: string) => skillett.call("DELETE", `/api-keys/${id}`, key ? { key } : {});
  const use = (key: string) => skillett.call("GET", "/v1/me", { key });
  const own = async (key: string) => (await use(key)).json.api_key;

  describe("people", () => {
    it("people make, see, rotate and revoke their keys with a session", async () => {
      const made = await owner.call("POST", "/api-keys", {
        name: "by hand",
        scopes: ["github.list_*", "slack:read"],
      });
      expect(made).toMatchObject({
        status: 201,
        json: { api_key: { scopes: ["github.list_*", "slack:read"] } },
      });
      const { id } = made.json.api_key;
      expect((await owner.call("GET", "/api-keys")).json).toContainEqual(expect.objectContaining({ id }));
      const rotated = await owner.call("POST", `/api-keys/${id}/rotate`);
      expect(rotated).toMatchObject({ status: 201, json: { api_key: { name: "by hand" } } });
      expect((await owner.call("DELETE", `/api-keys/${rotated.json.api_key.id}`)).status).toBe(204);
      expect((await use(rotated.json.full_key)).json.error).toBe("api_key_revoked");
    });

    it("keys are listed for nobody without a session or key", async () => {
      expect((await skillett.call("GET", "/api-keys", { key: null })).status).toBe(401);
    });
  });

  describe("the rotation of a key", () => {
    it("a rotated key keeps name, scopes and end, and the old one stops at once", async () => {
      const old = await make({ scopes: ["github:read"], expires_at: "2999-01-01T00:00:00Z" });
      const { status, json } = await rotate(old.api_key.id);
      expect(status).toBe(201);
      const { id, key_prefix, created_at, ...kept } = json.api_key;
      expect(kept).toEqual({ name: "new", scopes: ["github:read"], expires_at: "2999-01-01T00:00:00.000Z" });
      expect([id, key_prefix]).not.toEqual([old.api_key.id, old.api_key.key_prefix]);
      expect((await use(old.full_key)).json.error).toBe("api_key_revoked");
      expect(await own(json.full_key)).toMatchObject({ id, scopes: ["github:read"] });
    });

    it("a key rotates itself, and many rotations at once make one key", async () => {
      const { api_key, full_key } = await make({ scopes: ["github.list_*"] });
      const replies = await Promise.all(Array.from({ length: 5 }, () => rotate(api_key.id, full_key)));
      const made = replies.filter(({ status }) => status === 201);
      expect(made).toHaveLength(1);
      // Found revoked at the door, or at the lock.
      for (const { status, json } of replies.filter((it) => it !== made[0])) {
        expect([409, 401]).toContain(status);
        expect(["conflict", "api_key_revoked"]).toContain(json.error);
      }
      expect((await use(made[0]!.json.full_key)).status).toBe(200);
    });

    it("the rotation of a key takes no place of the plan", async () => {
      const { key, keyId } = await insertPerson(skillett.app.database, "small", { plan: "free" });
      const { status, json } = await rotate(keyId, key);
      expect(status).toBe(201);
      const more = await skillett.call("POST", "/api-keys", { key: json.full_key, body: { name: "more" } });
      expect(more.json.error).toBe("plan_limit_reached");
    });

    it("a key that is revoked or has ended cannot be rotated", async () => {
      const revoked = await make({});
      await revoke(revoked.api_key.id);
      const expired = await make({ expires_at: new Date(time.now + 1_000).toISOString() });
      time.now += 1_000;
      for (const { api_key } of [revoked, expired]) {
        expect(await rotate(api_key.id)).toMatchObject({ status: 409, json: { error: "conflict" } });
      }
    });

    it("a key cannot rotate one that may do more or lives longer, and others do not find it", async () => {
      const wide = await make({});
      const narrow = await make({ scopes: ["github"] });
      const short = await make({ expires_at: "2999-01-01T00:00:00Z" });
      expect((await rotate(wide.api_key.id, narrow.full_key)).json.error).toBe("forbidden");
      expect((await rotate(wide.api_key.id, short.full_key)).json.error).toBe("forbidden");
      // An admin may revoke it, but never act for its person.
      for (const role of ["admin", "member"]) {
        expect((await rotate(wide.api_key.id, members.get(role)!)).status).toBe(404);
      }
      for (const { full_key } of [wide, narrow, short]) expect((await use(full_key)).status).toBe(200);
    });
  });

  it.each<[own: string[], asked: string[], status: number]>([
    [["github"], ["github.create_issue", "github:read"], 201],
    [["github.list_*"], ["github.list_issues"], 201],
    [["github.list_*"], ["github.create_issue"], 403],
    [["github:read"], ["github"], 403],
    [["github:write"], ["github:destructive"], 403],
    [["*:read"], ["slack:read"], 201],
    [["github", "slack"], ["*"], 403],
  ])("a key with %j that makes one with %j is answered with %d", async (scopes, asked, status) => {
    const { full_key } = await make({ scopes });
    const body = { name: "child", scopes: asked };
    const reply = await skillett.call("POST", "/api-keys", { key: full_key, body });
    expect(reply.status, reply.text).toBe(status);
    if (status === 201) expect((await own(reply.json.full_key)).scopes).toEqual(asked);
    else expect(reply.json).toMatchObject({ error: "forbidden" });
  });

  describe("keys of others in the tenant", () => {
    const everyone = (key: string) => skillett.call("GET", "/api-keys?everyone=true", { key });

    it("an admin lists and revokes the keys of everybody, and a member does not list them", async () => {
      const { api_key, full_key } = await make({ name: "of a member" }, members.get("member")!);
      expect((await everyone(members.get("member")!)).json).toMatchObject({
        error: "forbidden",
        message: expect.stringContaining("keys:*"),
      });
      const { json } = await everyone(members.get("admin")!);
      expect(json).toContainEqual(
        expect.objectContaining({ id: api_key.id, profile_id: expect.any(String) }),
      );
      expect((await revoke(api_key.id, members.get("admin")!)).status).toBe(204);
      expect((await use(full_key)).json.error).toBe("api_key_revoked");
    });

    it("an owner does not reach the keys of another tenant", async () => {
      const { key, keyId } = await insertPerson(skillett.app.database, "neighbour");
      expect((await revoke(keyId)).status).toBe(404);
      expect((await rotate(keyId)).status).toBe(404);
      expect((await everyone(skillett.key)).text).not.toContain(keyId);
      expect((await use(key)).status).toBe(200);
    });

    it("the key of another is to a member as a key that does not exist", async () => {
      const { api_key, full_key } = await make({});
      const [hidden, missing] = await Promise.all(
        [api_key.id, "key_0"].map((id) => revoke(id, members.get("member")!)),
      );
      const same = ({ text, json }: Reply) => text.replace(json.request_id, "…");
      expect(hidden!.status).toBe(404);
      expect(same(hidden!)).toBe(same(missing!));
      expect((await use(full_key)).status).toBe(200);
    });
  });

  describe("guesses of keys", () => {
    const wrongKey = (at: number) => `sk_${String(at).padStart(40, "0")}`;

    it("guesses of keys are stopped after thirty a minute, and a right key works meanwhile", async () => {
      const guesses = await Promise.all(Array.from({ length: 40 }, (_, at) => use(wrongKey(at))));
      const refused = guesses.filter(({ status }) => status === 429);
      expect(guesses.filter(({ json }) => json.error === "api_key_invalid")).toHaveLength(30);
      expect(refused).toHaveLength(10);
      expect(refused[0]!.headers.get("retry-after")).toBe("60");
      expect((await use(skillett.key)).status).toBe(200);
      time.now += 60_000;
      expect((await use(wrongKey(0))).json.error).toBe("api_key_invalid");
    });
  });

  describe("plans", () => {
    const put = (profile: string, plan: string, key = skillett.key) =>
      skillett.call("PUT", `/v1/admin/profiles/${profile}/plan`, { key, body: { plan } });

    it("a plan is set by the operator, by id or email, and counts at the next call", async () => {
      const { key, profileId } = await insertPerson(skillett.app.database, "payer", { plan: "free" });
      const add = () => skillett.call("POST", "/api-keys", { key, body: { name: "more" } });
      expect((await add()).json.error).toBe("plan_limit_reached");
      expect(await put("Payer@example.com", "pro")).toMatchObject({
        status: 200,
        json: { profile_id: profileId, email: "payer@example.com", plan: "pro" },
      });
      expect((await add()).status).toBe(201);
      expect((await put(profileId, "free")).json.plan).toBe("free");
      expect((await add()).json.error).toBe("plan_limit_reached");
    });

    it("a plan is set by the operator alone, for a known person and to a known plan", async () => {
      expect((await put("ada@example.com", "pro", members.get("admin")!)).json.error).toBe("forbidden");
      expect((await owner.call("GET", "/api/me")).json.profile.plan).toBe("unlimited");
      expect((await put("nobody@example.com", "pro")).status).toBe(404);
      expect((await put("ada@example.com", "gold")).json).toMatchObject({
        error: "bad_request",
        issues: [{ at: "plan" }],
      });
    });
  });

  it("the caller sees who is signed in, and where", async () => {
    expect((await owner.call("GET", "/api/me")).json).toMatchObject({
      profile: { email: "ada@example.com", displayName: "Ada", plan: "unlimited", isOperator: true },
      role: "owner",
      permissions: expect.arrayContaining(["keys:*", "members:*"]),
      tenants: [{ role: "owner" }],
    });
    expect((await use(members.get("member")!)).json).toMatchObject({
      profile: { email: "member-of-home@example.com" },
      tenant: { name: "Home", role: "member" },
    });
  });
});
