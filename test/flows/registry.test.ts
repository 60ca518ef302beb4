import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { createTenant, type Person, type Tenant } from "#support/world.js";

/** Skills: made, found, rolled back, archived, copied, and by whom. */

onEachEngine("registry", (engine) => {
  let skillett: Skillett;
  let acme: Tenant;
  let other: Tenant;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" } });
    acme = await createTenant(skillett, "acme");
    other = await createTenant(skillett, "other");
  });
  afterAll(() => skillett?.close());

  const rejected = (reply: Reply) => {
    const { request_id: _, ...said } = reply.json;
    return [reply.status, said];
  };

  async function create(by: Person, name: string, more: object = {}): Promise<Reply["json"]> {
    const body = { name, description: `What ${name} is for.`, instructions: `# ${name}\n\nDo it.`, ...more };
    const { status, json, text } = await by.call("POST", "/api/skills", body);
    expect(status, text).toBe(201);
    return json.skill;
  }

  const blobs = async () => {
    const rows = await skillett.app.database.kysely
      .selectFrom("skill_blobs")
      .select("digest")
      .where("tenant_id", "=", acme.owner.tenantId)
      .execute();
    return rows.length;
  };

  describe("a skill", () => {
    it("a skill is what the documentation shows, and is found by id and slug", async () => {
      const skill = await create(acme.engineer, "Terraform Plans", {
        category: "engineering",
        toolIds: ["github.create_issue"],
        publish: "1.0.0",
        config: { region: "eu" },
      });
      expect(skill).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        name: "terraform-plans",
        slug: "terraform-plans",
        description: "What Terraform Plans is for.",
        category: "engineering",
        toolIds: ["github.create_issue"],
        config: { region: "eu" },
        listingRef: null,
        listingVersion: null,
        locked: false,
        currentVersion: "1.0.0",
        status: "active",
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        updatedAt: skill.createdAt,
        source: "custom",
      });
      for (const id of [skill.id, skill.slug]) {
        const { status, json } = await acme.viewer.call("GET", `/api/skills/${id}`);
        expect([status, json]).toEqual([200, { skill, assignedAgents: [] }]);
      }
      const again = await acme.engineer.call("POST", "/api/skills", {
        name: "terraform plans",
        description: "x",
        instructions: "x",
      });
      expect(again).toMatchObject({
        status: 409,
        json: { error: "A skill named terraform-plans is there already.", code: "conflict" },
      });
    });

    it("a skill of another tenant is answered as one that does not exist, byte for byte", async () => {
      const skill = await create(acme.owner, "secret", { publish: "1.0.0" });
      const reads = (id: string) =>
        [
          ["GET", `/api/skills/${id}`],
          ["GET", `/api/skills/${id}/agents`],
          ["GET", `/api/skills/${id}/versions`],
          ["GET", `/api/skills/${id}/versions/1.0.0`],
          ["GET", `/api/skills/${id}/versions/1.0.0/files/SKILL.md`],
          ["GET", `/api/skills/${id}/diff?from=1.0.0&to=1.0.0`],
          ["GET", `/api/skills/${id}/export`],
          ["PATCH", `/api/skills/${id}`, { description: "mine" }],
          ["POST", `/api/skills/${id}/archive`],
          ["POST", `/api/skills/${id}/duplicate`, {}],
          ["POST", `/api/skills/${id}/publish`, {}],
          ["POST", `/api/skills/${id}/rollback`, { version: "1.0.0" }],
          ["POST", `/api/skills/${id}/assign`, { agentId: "x" }],
        ] as const;
      const nothing = reads("00000000-0000-7000-8000-000000000000");
      for (const [at, [method, path, body]] of reads(skill.id).entries()) {
        const [theirs, none] = [
          await other.owner.call(method, path, body),
          await other.owner.call(method, nothing[at]![1], body),
        ];
        expect(rejected(theirs), path).toEqual(rejected(none));
        expect([theirs.status, theirs.json.error]).toEqual([404, "Skill not found"]);
      }
      expect((await other.owner.call("GET", "/api/skills")).json).toEqual({ skills: [], total: 0 });
    });

    it("a skill is read by members and viewers, and not changed by them", async () => {
      const { slug } = await create(acme.admin, "roles");
      for (const person of [acme.member, acme.viewer]) {
        expect((await person.call("GET", `/api/skills/${slug}`)).status).toBe(200);
        for (const [method, path, body] of [
          ["POST", "/api/skills", { name: "x", description: "x", instructions: "x" }],
          ["PATCH", `/api/skills/${slug}`, { description: "x" }],
          ["POST", `/api/skills/${slug}/publish`, {}],
          ["POST", `/api/skills/${slug}/archive`, undefined],
          ["POST", `/api/skills/${slug}/assign`, { agentId: "x" }],
        ] as const) {
          const reply = await person.call(method, path, body);
          expect([reply.status, reply.json.code]).toEqual([403, "forbidden"]);
          expect(reply.json.error).toContain("skills:write");
        }
      }
      const { status } = await skillett.call("GET", "/api/skills", { key: null });
      expect(status).toBe(401);
    });
  });

  it("a skill rolls back, and forward again", async () => {
    const { slug } = await create(acme.engineer, "rolling", { publish: "1.0.0", category: "old" });
    await acme.engineer.call("PATCH", `/api/skills/${slug}`, { description: "Second.", category: null });
    await acme.engineer.call("POST", `/api/skills/${slug}/publish`, {});
    const back = (version: string) => acme.engineer.call("POST", `/api/skills/${slug}/rollback`, { version });
    expect((await back("1.0.0")).json.skill).toMatchObject({
      currentVersion: "1.0.0",
      description: "What rolling is for.",
      category: "old",
    });
    expect((await back("1.0.1")).json.skill).toMatchObject({ description: "Second.", category: null });
    expect(await back("3.0.0")).toMatchObject({ status: 404, json: { error: "Version not found" } });
    await acme.engineer.call("PATCH", `/api/skills/${slug}`, { instructions: "third" });
    expect(
      (await acme.engineer.call("POST", `/api/skills/${slug}/publish`, {})).json.skill.currentVersion,
    ).toBe("1.0.2");
  });

  it("a skill is archived and restored, and archived ones are listed when asked for", async () => {
    const { slug, id } = await create(acme.engineer, "old-hat", { category: "attic" });
    const listed = async (query: string) => {
      const { json } = await acme.viewer.call("GET", `/api/skills?category=attic${query}`);
      return [json.total, json.skills.map((it: { id: string }) => it.id)];
    };
    expect(await listed("")).toEqual([1, [id]]);
    const archived = await acme.engineer.call("POST", `/api/skills/${slug}/archive`);
    expect(archived).toMatchObject({ status: 200, json: { skill: { status: "archived" } } });
    expect(await listed("")).toEqual([0, []]);
    expect(await listed("&status=archived")).toEqual([1, [id]]);
    expect(await listed("&status=all")).toEqual([1, [id]]);
    expect((await acme.viewer.call("GET", "/api/skills?status=gone")).status).toBe(422);
    await acme.engineer.call("POST", `/api/skills/${slug}/restore`);
    expect(await listed("")).toEqual([1, [id]]);
    expect((await acme.viewer.call("GET", "/api/skills/categories")).json.categories).toContain("attic");
    const { json: page } = await acme.viewer.call("GET", "/api/skills?limit=1&offset=1&q=");
    expect(page.skills).toHaveLength(1);
    expect(page.total).toBeGreaterThan(1);
  });

  it("the copies of a skill are drafts with names of their own", async () => {
    const { slug } = await create(acme.engineer, "original", {
      publish: "3.0.0",
      files: [{ path: "scripts/x.py", content: "print()\n", executable: true }],
    });
    const copy = (body = {}) => acme.engineer.call("POST", `/api/skills/${slug}/duplicate`, body);
    expect(await copy()).toMatchObject({
      status: 201,
      json: {
        skill: { slug: "original-copy", name: "original-copy", currentVersion: null, source: "custom" },
      },
    });
    expect((await copy()).json.skill.slug).toBe("original-copy-2");
    expect((await copy({ name: "Of My Own" })).json.skill.slug).toBe("of-my-own");
    expect((await copy({ name: "original" })).status).toBe(409);
    const { json } = await acme.viewer.call("GET", "/api/skills/of-my-own/versions/draft");
    expect(json.files.map((it: { path: string; executable: boolean }) => [it.path, it.executable])).toEqual([
      ["SKILL.md", false],
      ["scripts/x.py", true],
    ]);
  });

  it("a locked skill cannot be changed, and its copy is not locked", async () => {
    const { slug, id } = await create(acme.engineer, "bought", { publish: "1.0.0" });
    await skillett.app.database.kysely
      .updateTable("skills")
      .set({ source: "store" })
      .where("id", "=", id)
      .execute();
    for (const [method, path, body] of [
      ["PATCH", "", { description: "mine" }],
      ["POST", "/publish", {}],
      ["POST", "/rollback", { version: "1.0.0" }],
    ] as const) {
      const reply = await acme.owner.call(method, `/api/skills/${slug}${path}`, body);
      expect([reply.status, reply.json.error]).toEqual([
        403,
        expect.stringContaining("duplicate it to edit"),
      ]);
    }
    const { json } = await acme.owner.call("POST", `/api/skills/${slug}/duplicate`, {});
    expect(json.skill).toMatchObject({ locked: false, source: "custom" });
  });

  it("equal bytes are kept once, and go with the last file that has them", async () => {
    const before = await blobs();
    const files = [{ path: "assets/big.txt", content: "the same bytes" }];
    const { slug } = await create(acme.engineer, "bytes", { files });
    await create(acme.engineer, "bytes-too", { files });
    expect(await blobs()).toBe(before + 3);
    await acme.engineer.call("PATCH", `/api/skills/${slug}`, { files: [{ path: "assets/big.txt" }] });
    expect(await blobs()).toBe(before + 3);
    await acme.engineer.call("PATCH", "/api/skills/bytes-too", { files: [{ path: "assets/big.txt" }] });
    expect(await blobs()).toBe(before + 2);
  });

  it("a file of a skill is sent as what no browser runs", async () => {
    await create(acme.engineer, "page", {
      publish: "1.0.0",
      files: [{ path: "assets/Ä b.html", content: "<script>alert(1)</script>" }],
    });
    const path = `/api/skills/page/versions/1.0.0/files/${encodeURIComponent("assets/Ä b.html")}`;
    const reply = await acme.viewer.call("GET", path);
    expect([reply.status, reply.text]).toEqual([200, "<script>alert(1)</script>"]);
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-disposition": "attachment; filename*=UTF-8''%C3%84%20b.html",
      "x-content-type-options": "nosniff",
    });
    const missing = await acme.viewer.call("GET", "/api/skills/page/versions/1.0.0/files/..%2f..%2fx");
    expect([missing.status, missing.json.error]).toEqual([404, "File not found"]);
  });

  it("one of several people who publish at once succeeds, and the others get a conflict", async () => {
    const { slug } = await create(acme.engineer, "race");
    const replies = await Promise.all(
      [acme.engineer, acme.admin, acme.owner].map((by) => by.call("POST", `/api/skills/${slug}/publish`, {})),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const names = await Promise.all(
      [1, 2, 3].map(() => acme.engineer.call("POST", `/api/skills/${slug}/duplicate`, {})),
    );
    expect(names.map(({ json }) => json.skill.slug).sort()).toEqual([
      "race-copy",
      "race-copy-2",
      "race-copy-3",
    ]);
  });
});
