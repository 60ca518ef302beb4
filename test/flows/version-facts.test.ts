import { afterAll, beforeAll, expect, it } from "vitest";
import { writeZip } from "#skills/archive/zip.js";
import { readFacts, shownFacts } from "#skills/registry/facts.js";
import type { SkillVersionRow } from "#store/schema/skill-tables.js";
import { createSkillFileRows } from "#store/skill-file-rows.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type Person, signUp } from "#support/world.js";

/** What SKILL.md says stands in the row of its version, whichever way the version came to be. */

onEachEngine("facts of versions", (engine) => {
  let skillett: Skillett;
  let ada: Person;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" } });
    ada = await signUp(skillett, "Ada");
  });
  afterAll(() => skillett?.close());

  async function call(method: string, path: string, body?: unknown) {
    const { status, json, text } = await ada.call(method, path, body);
    expect(status, text).toBeLessThan(300);
    return json;
  }

  async function send(method: string, path: string, skills: Record<string, string>): Promise<void> {
    const folders = Object.entries(skills).map(([directory, text]) => ({
      directory,
      files: [{ path: "SKILL.md", bytes: Buffer.from(text), executable: false }],
    }));
    const response = await fetch(skillett.url + path, {
      method,
      headers: {
        cookie: ada.cookie(),
        origin: skillett.url,
        "content-type": "application/zip",
      },
      body: new Uint8Array(await writeZip(folders)),
    });
    expect(response.status, await response.text()).toBeLessThan(300);
  }
  const skillMd = (name: string, description: string, ...metadata: string[]) =>
    `---\nname: ${name}\ndescription: ${description}\nlicense: MIT\nmetadata:\n  x: y\n${metadata.map((line) => `  ${line}\n`).join("")}---\n\nDo it.\n`;

  it("the facts of a version are those of its SKILL.md, and a skill shows those of its current one", async () => {
    const made = { name: "made", description: "First.", instructions: "Do it.", publish: "1.0.0" };
    await call("POST", "/api/skills", { ...made, toolIds: ["github.get_repo"], category: "writing" });
    await call("PATCH", "/api/skills/made", { description: "Second.", toolIds: [], category: null });
    await call("POST", "/api/skills/made/publish", {});
    await call("PATCH", "/api/skills/made", { description: "Third." });
    await call("POST", "/api/skills/made/duplicate", { name: "copied" });
    await call("POST", "/api/skills", { ...made, name: "young", publish: undefined });
    await call("PATCH", "/api/skills/young", { description: "Of a draft that changed." });

    const come = (text: string, ...metadata: string[]) => ({ come: skillMd("come", text, ...metadata) });
    await send("POST", "/api/skills/import", come("One.", "author: Ada", "version: 1.2", "category: one"));
    await send("POST", "/api/skills/import?replace=true", come("Two.", "author: Eve"));
    await send("POST", "/api/skills/import?replace=true&publish=false", come("Three."));
    await call("POST", "/api/skills/come/rollback", { version: "1.2.0" });

    await send("PUT", "/api/listings/sources/ours/archive", { got: skillMd("got", "Got.", "author: Bob") });
    await call("POST", "/api/listings/ours/got/install");
    await send("PUT", "/api/listings/sources/ours/archive", { got: skillMd("got", "Got anew.") });
    await call("POST", "/api/listings/ours/got/update");

    const { kysely } = skillett.app.database;
    const files = createSkillFileRows({ kysely });
    const skills = await kysely.selectFrom("skills").selectAll().orderBy("slug").execute();
    const versions = await kysely.selectFrom("skill_versions").selectAll().execute();
    for (const skill of skills) {
      const own = versions.filter(({ skill_id }) => skill_id === skill.id);
      for (const row of own) {
        const read = readFacts(skill.slug, (await files.readSkillMd(skill, row.version))!);
        expect(row, `${skill.slug} ${row.version}`).toMatchObject({ ...read });
      }
      const current = own.find(({ version }) => version === (skill.current_version ?? "draft"))!;
      expect(skill).toMatchObject(shownFacts(current));
    }
    const told = ({ version, description, author }: SkillVersionRow) => [version, description, author];
    const of = (slug: string) => {
      const { id } = skills.find((skill) => skill.slug === slug)!;
      return versions.filter(({ skill_id }) => skill_id === id).map(told);
    };
    expect(skills.map(({ slug }) => [slug, of(slug).sort()])).toEqual([
      [
        "come",
        [
          ["1.2.0", "One.", "Ada"],
          ["1.2.1", "Two.", "Eve"],
          ["draft", "Three.", null],
        ],
      ],
      ["copied", [["draft", "Second.", null]]],
      [
        "got",
        [
          ["1.0.0", "Got.", "Bob"],
          ["1.0.1", "Got anew.", null],
        ],
      ],
      [
        "made",
        [
          ["1.0.0", "First.", null],
          ["1.0.1", "Second.", null],
          ["draft", "Third.", null],
        ],
      ],
      ["young", [["draft", "Of a draft that changed.", null]]],
    ]);
    expect(skills.map(({ category }) => category)).toEqual(["one", null, null, null, null]);
  });

  it("facts have no NUL, which an escape may stand for and PostgreSQL does not take", async () => {
    const text =
      '---\nname: nul\ndescription: "a\\0b"\nmetadata:\n  author: "A\\0da"\n  category: "c\\0"\n---\n';
    await send("POST", "/api/skills/import", { nul: text });
    const { skill } = await call("GET", "/api/skills/nul");
    expect([skill.description, skill.category]).toEqual(["ab", "c"]);
    const { frontmatter } = await call("GET", "/api/skills/nul/versions/1.0.0");
    expect(frontmatter).toEqual({
      name: "nul",
      description: "ab",
      metadata: { author: "Ada", category: "c" },
    });
  });
});
