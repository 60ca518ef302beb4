import { afterAll, beforeAll, expect, it } from "vitest";
import { plans } from "#core/plans.js";
import { writeZip } from "#skills/archive/zip.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertKey, type Person, signUp } from "#support/world.js";

/** How much a tenant may store, whatever it stores it by. */

const mebibyte = 1024 * 1024;

onEachEngine("storage", (engine) => {
  let skillett: Skillett;
  let ada: Person;
  let key: string;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" } });
    ada = await signUp(skillett, "Ada");
    await skillett.app.database.kysely
      .updateTable("profiles")
      .set({ plan: "free" })
      .where("id", "=", ada.profileId)
      .execute();
    key = (await insertKey(skillett.app.database, ada)).key;
  });
  afterAll(() => skillett?.close());

  const usage = async () => (await skillett.call("GET", "/v1/usage", { key })).json;
  const skillMd = (name: string, text: string) => `---\nname: ${name}\ndescription: Stores.\n---\n${text}`;
  const zipped = (name: string, text: string, asset = "") =>
    writeZip([
      {
        directory: name,
        files: Object.entries({ "SKILL.md": skillMd(name, text), ...(asset && { "asset.txt": asset }) }).map(
          ([path, content]) => ({ path, bytes: Buffer.from(content), executable: false }),
        ),
      },
    ]);
  const put = async (at: string, archive: Buffer) =>
    skillett.call(at.endsWith("archive") ? "PUT" : "POST", at, {
      key,
      body: archive,
      headers: { "content-type": "application/zip" },
    });
  /** As if the tenant had stored so much more. */
  const fill = (bytes: number) =>
    skillett.app.database.kysely
      .insertInto("skill_blobs")
      .values({ tenant_id: ada.tenantId, digest: "of a test", bytes: Buffer.alloc(1), size: bytes })
      .onConflict((conflict) => conflict.columns(["tenant_id", "digest"]).doUpdateSet({ size: bytes }))
      .execute();

  it("usage shows the stored bytes, and equal bytes are stored once", async () => {
    const none = await usage();
    expect(none).toMatchObject({ limits: { storage_bytes: plans.free.storageBytes }, storage: { bytes: 0 } });
    const text = "x".repeat(1000);
    const archive = await zipped("one", text, "a".repeat(5000));
    expect((await put("/v1/registry/import", archive)).status).toBe(201);
    const { bytes } = (await usage()).storage;
    expect(bytes).toBe(skillMd("one", text).length + 5000);
    expect((await ada.call("POST", "/api/skills/one/duplicate", { name: "two" })).status).toBe(201);
    // The name stands in the SKILL.md, so that is another; the asset is the same.
    const again = (await usage()).storage.bytes;
    expect(again - bytes).toBe(skillMd("two", text).length);
    expect((await put("/v1/registry/import?replace=true", archive)).status).toBe(201);
    expect((await usage()).storage.bytes).toBe(again);
  });

  it("a full storage refuses whatever stores more, says how full it is, and stores nothing of it", async () => {
    await fill(plans.free.storageBytes);
    const skills = async () => (await ada.call("GET", "/api/skills")).text;
    const before = [await usage(), await skills()];
    const text = "y".repeat(mebibyte / 8);
    const attempts: Record<string, () => Promise<{ status: number; text: string }>> = {
      import: async () => put("/v1/registry/import", await zipped("three", text)),
      create: () => ada.call("POST", "/api/skills", { name: "four", description: "d", instructions: text }),
      edit: () => ada.call("PATCH", "/api/skills/one", { instructions: text }),
      duplicate: () => ada.call("POST", "/api/skills/one/duplicate", {}),
      install: () => ada.call("POST", "/api/listings/skillett/skillett-github/install"),
    };
    for (const [name, attempt] of Object.entries(attempts)) {
      const reply = await attempt();
      expect(reply.status, `${name}: ${reply.text}`).toBe(403);
      expect(reply.text).toContain("plan_limit_reached");
      expect(reply.text).toContain("the tenant stores 100.0 MiB of skills and listings");
      expect(reply.text).toContain("its plan has 100.0 MiB");
    }
    expect([await usage(), await skills()]).toEqual(before);
  });

  it("a full storage refuses a source of listings, too", async () => {
    const before = await usage();
    const reply = await fetch(`${skillett.url}/api/listings/sources/mine/archive`, {
      method: "PUT",
      headers: { "content-type": "application/zip", cookie: ada.cookie(), origin: skillett.url },
      body: new Uint8Array(await zipped("five", "z")),
    });
    expect([reply.status, await reply.text()]).toEqual([403, expect.stringContaining("plan_limit_reached")]);
    expect(await usage()).toEqual(before);
    expect((await ada.call("GET", "/api/listings/sources")).text).not.toContain('"mine"');
  });

  it("a full storage has room again when the owner's plan is larger", async () => {
    await skillett.app.database.kysely
      .updateTable("profiles")
      .set({ plan: "unlimited" })
      .where("id", "=", ada.profileId)
      .execute();
    expect((await put("/v1/registry/import", await zipped("six", "w"))).status).toBe(201);
    expect((await usage()).limits.storage_bytes).toBeNull();
  });
});
