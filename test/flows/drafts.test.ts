import { afterAll, beforeAll, expect, it } from "vitest";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { createTenant, type Person, type Tenant } from "#support/world.js";

/** The draft of a skill: what is edited, until it is published. */

onEachEngine("drafts", (engine) => {
  let skillett: Skillett;
  let acme: Tenant;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" } });
    acme = await createTenant(skillett, "acme");
  });
  afterAll(() => skillett?.close());

  async function create(by: Person, name: string, more: object = {}): Promise<Reply["json"]> {
    const body = { name, description: `What ${name} is for.`, instructions: `# ${name}\n\nDo it.`, ...more };
    const { status, json, text } = await by.call("POST", "/api/skills", body);
    expect(status, text).toBe(201);
    return json.skill;
  }

  it("a draft takes every change, and leaves the published version alone", async () => {
    const { slug } = await create(acme.engineer, "notes", {
      publish: "1.0.0",
      files: [
        { path: "references/a.md", content: "# A\n" },
        { path: "scripts/run.sh", content: "#!/bin/sh\necho hi\n", executable: true },
        { path: "assets/dot.png", base64: "iVBORw0KGgo=" },
      ],
    });
    const edit = await acme.engineer.call("PATCH", `/api/skills/${slug}`, {
      description: "Better\nwords: with a colon.",
      category: "writing",
      instructions: "# Notes\n\nNew words.",
      files: [
        { path: "references/a.md", content: "# B\n" },
        { path: "references/new.md", content: "new" },
        { path: "scripts/run.sh" },
      ],
      config: { tone: "dry" },
    });
    expect(edit).toMatchObject({
      status: 200,
      json: {
        skill: {
          description: "What notes is for.",
          category: null,
          currentVersion: "1.0.0",
          config: { tone: "dry" },
        },
      },
    });
    const { json: before } = await acme.viewer.call("GET", `/api/skills/${slug}/versions/1.0.0`);
    const { json: draft } = await acme.viewer.call("GET", `/api/skills/${slug}/versions/draft`);
    expect(before.instructions).toBe("# notes\n\nDo it.");
    expect(draft.instructions).toBe("# Notes\n\nNew words.");
    expect(draft.version).toMatchObject({ version: "draft", current: false });
    const paths = (all: { path: string }[]) => all.map(({ path }) => path).sort();
    expect(paths(before.files)).toEqual(["SKILL.md", "assets/dot.png", "references/a.md", "scripts/run.sh"]);
    expect(paths(draft.files)).toEqual([
      "SKILL.md",
      "assets/dot.png",
      "references/a.md",
      "references/new.md",
    ]);
    const { json: diff } = await acme.viewer.call("GET", `/api/skills/${slug}/diff?from=1.0.0&to=draft`);
    expect(diff.files.map(({ path, change }: { path: string; change: string }) => [path, change])).toEqual([
      ["SKILL.md", "changed"],
      ["references/a.md", "changed"],
      ["references/new.md", "added"],
      ["scripts/run.sh", "removed"],
    ]);
    expect(diff.files[1].diff).toContain("-# A\n+# B\n");

    const published = await acme.engineer.call("POST", `/api/skills/${slug}/publish`, {
      version: "1.1.0",
      notes: "two\nlines",
    });
    expect(published).toMatchObject({
      status: 201,
      json: {
        skill: {
          description: "Better\nwords: with a colon.",
          category: "writing",
          currentVersion: "1.1.0",
        },
      },
    });
    const { json } = await acme.viewer.call("GET", `/api/skills/${slug}/versions`);
    expect(json.versions).toMatchObject([
      { version: "1.1.0", notes: "two\nlines", current: true },
      { version: "1.0.0", current: false },
    ]);
  });

  it("a skill shows what its draft says until something is published", async () => {
    const { slug, currentVersion } = await create(acme.engineer, "young");
    expect(currentVersion).toBeNull();
    const { json } = await acme.engineer.call("PATCH", `/api/skills/${slug}`, { description: "Older." });
    expect(json.skill).toMatchObject({ description: "Older.", currentVersion: null });
    const published = await acme.engineer.call("POST", `/api/skills/${slug}/publish`, {});
    expect(published.json.skill).toMatchObject({ description: "Older.", currentVersion: "1.0.0" });
  });

  it("a draft is published under a version that is newer than all", async () => {
    const { slug } = await create(acme.engineer, "newer", { publish: "1.4.0" });
    const publish = (version?: string) =>
      acme.engineer.call("POST", `/api/skills/${slug}/publish`, version ? { version } : {});
    const edit = (instructions: string) =>
      acme.engineer.call("PATCH", `/api/skills/${slug}`, { instructions });
    expect(await publish()).toMatchObject({
      status: 409,
      json: { error: expect.stringContaining("no draft") },
    });
    await edit("one");
    expect(await publish("1.4.0")).toMatchObject({
      status: 409,
      json: { error: expect.stringContaining("1.4.1") },
    });
    expect((await publish("1.4")).status).toBe(422);
    expect((await publish()).json.skill.currentVersion).toBe("1.4.1");
    await edit("one");
    expect((await publish()).status, "an edit that changes nothing makes no draft").toBe(409);
    await edit("two");
    expect((await publish("2.0.0-rc.1")).json.skill.currentVersion).toBe("2.0.0-rc.1");
  });

  it("a draft that breaks a rule is refused whole, with the place", async () => {
    const { slug } = await create(acme.engineer, "rules");
    const before = await acme.engineer.call("GET", `/api/skills/${slug}/versions/draft`);
    for (const [edit, at] of [
      [{ files: [{ path: "../x", content: "x" }] }, "../x"],
      [
        {
          files: [
            { path: "a.md", content: "x" },
            { path: "A.md", content: "x" },
          ],
        },
        "A.md",
      ],
      [{ files: [{ path: "a", content: "x", base64: "eA==" }] }, "files[0]"],
      [{ files: [{ path: "a", base64: "no base64!" }] }, "files[0].base64"],
      [{ files: [{ path: "gone.md" }] }, "files[0].path"],
      [{ files: [{ path: "SKILL.md", content: "---\nname: rules\n---\n" }] }, "SKILL.md:2"],
      [{ files: [{ path: "SKILL.md", content: "no front matter" }] }, "SKILL.md:1"],
      [{ description: "" }, "description"],
      [{ description: "x".repeat(1025) }, "description"],
      [{ instructions: "a\0b" }, "instructions"],
      [{ toolIds: ["nonsense"] }, "toolIds.0"],
    ] as const) {
      const reply = await acme.engineer.call("PATCH", `/api/skills/${slug}`, edit);
      expect([reply.status, reply.json.code], reply.text).toEqual([422, "validation_failed"]);
      expect(reply.json.issues[0].at, reply.text).toBe(at);
    }
    const after = await acme.engineer.call("GET", `/api/skills/${slug}/versions/draft`);
    expect(after.json).toEqual(before.json);
  });
});
