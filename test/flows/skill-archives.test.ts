import { afterAll, beforeAll, expect, it } from "vitest";
import { readArchive } from "#skills/archive/read-archive.js";
import { writeZip } from "#skills/archive/zip.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { createTenant, type Person, type Tenant } from "#support/world.js";

/** Archives of skills: what goes in comes out. */

onEachEngine("skill archives", (engine) => {
  let skillett: Skillett;
  let acme: Tenant;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" } });
    acme = await createTenant(skillett, "acme");
  });
  afterAll(() => skillett?.close());

  const folder = (name: string, text = "Do it.", metadata = "") => ({
    directory: name,
    files: [
      {
        path: "SKILL.md",
        bytes: Buffer.from(`---\nname: ${name}\ndescription: For ${name}.\n${metadata}---\n\n${text}\n`),
        executable: false,
      },
      { path: "scripts/go.sh", bytes: Buffer.from("#!/bin/sh\n"), executable: true },
      { path: "assets/raw.bin", bytes: Buffer.from([0, 255, 1, 254]), executable: false },
    ],
  });

  const post = async (by: Person, path: string, bytes: Buffer): Promise<Reply> => {
    const response = await fetch(skillett.url + path, {
      method: "POST",
      headers: { cookie: by.cookie(), origin: skillett.url, "content-type": "application/zip" },
      body: bytes as Uint8Array<ArrayBuffer>,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
  };

  it("an archive that is imported is exported with the same bytes", async () => {
    const skills = [folder("in-one"), folder("in-two", "Two.", 'metadata:\n  version: "2.3.0"\n')];
    const { status, json, text } = await post(acme.engineer, "/api/skills/import", await writeZip(skills));
    expect(status, text).toBe(201);
    expect(json.skills).toMatchObject([
      { slug: "in-one", currentVersion: "1.0.0" },
      { slug: "in-two", currentVersion: "2.3.0" },
    ]);
    const response = await fetch(`${skillett.url}/api/skills/in-two/export`, {
      headers: { cookie: acme.viewer.cookie() },
    });
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(response.headers.get("content-disposition")).toContain("in-two-2.3.0.zip");
    const { skills: back } = await readArchive(Buffer.from(await response.arrayBuffer()));
    const sorted = (files: { path: string }[]) => [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
    expect(back[0]!.directory).toBe("in-two");
    expect(sorted(back[0]!.folder.files)).toEqual(sorted(skills[1]!.files));
  });

  it("an archive replaces skills that are there only where it is asked to", async () => {
    const zip = async (text: string) => writeZip([folder("there", text), folder(`zoo-${text}`)]);
    await post(acme.engineer, "/api/skills/import", await writeZip([folder("there", "one")]));
    const refused = await post(acme.engineer, "/api/skills/import", await zip("one"));
    expect([refused.status, refused.json.error]).toEqual([409, "A skill named there is there already."]);
    expect((await acme.viewer.call("GET", "/api/skills/zoo-one")).status, "nothing half").toBe(404);
    const same = await post(acme.engineer, "/api/skills/import?replace=true", await zip("one"));
    expect(same.json.skills).toMatchObject([{ slug: "there", currentVersion: "1.0.0" }, { slug: "zoo-one" }]);
    const changed = await post(acme.engineer, "/api/skills/import?replace=true", await zip("two"));
    expect(changed.json.skills[0]).toMatchObject({ slug: "there", currentVersion: "1.0.1" });
    const draft = await post(
      acme.engineer,
      "/api/skills/import?replace=true&publish=false",
      await zip("six"),
    );
    expect(draft.json.skills[0]).toMatchObject({ currentVersion: "1.0.1" });
    const { json } = await acme.viewer.call("GET", "/api/skills/there/versions");
    expect(json.versions.map((it: { version: string }) => it.version)).toEqual(["draft", "1.0.1", "1.0.0"]);
    expect((await post(acme.viewer, "/api/skills/import", await zip("x"))).status).toBe(403);
  });

  it("an archive is judged without being stored", async () => {
    const odd = await writeZip([{ ...folder("fine"), directory: "not-fine" }]);
    const [lenient, strict] = [
      await post(acme.engineer, "/api/skills/validate", odd),
      await post(acme.viewer, "/api/skills/validate?strict=true", odd),
    ];
    const problem = { file: "not-fine/SKILL.md", line: 2, message: expect.any(String) };
    expect(lenient).toMatchObject({ status: 200, json: { valid: true, skipped: [] } });
    expect(lenient.json.problems).toContainEqual({ ...problem, severity: "warning" });
    expect(lenient.json.skills).toMatchObject([
      { folder: "not-fine", slug: "not-fine", frontmatter: { name: "fine" } },
    ]);
    expect(strict).toMatchObject({ status: 200, json: { valid: false, skills: [] } });
    expect(strict.json.problems).toContainEqual({ ...problem, severity: "error" });
    expect((await acme.viewer.call("GET", "/api/skills/not-fine")).status).toBe(404);
  });

  /** A folder with a SKILL.md as it is given, and nothing else. */
  const only = (directory: string, skillMd: string) => ({
    directory,
    files: [{ path: "SKILL.md", bytes: Buffer.from(skillMd), executable: false }],
  });
  const broken = only("broken", "# No front matter\n");

  it("an archive is imported without the skills that are wrong, which are named", async () => {
    const { status, json } = await post(
      acme.engineer,
      "/api/skills/import",
      await writeZip([folder("good"), broken]),
    );
    expect([status, json.skills.map((it: { slug: string }) => it.slug)]).toEqual([201, ["good"]]);
    expect(json.skipped).toEqual([
      { folder: "broken", reason: expect.stringContaining("broken/SKILL.md:1 must begin") },
    ]);
    const refused = await post(acme.engineer, "/api/skills/import", await writeZip([broken]));
    expect([refused.status, refused.json.issues[0].at]).toEqual([422, "broken/SKILL.md:1"]);
  });

  it("a skill of an archive keeps every byte, and is found by its slug, however it is written", async () => {
    const skillMd =
      "\ufeff---\r\nname: World Skill\r\ndescription: Use when: needed\r\nallowed-tools: [Read]\r\n" +
      "user-invocable: false\r\nmetadata: { a: { b: c } }\r\n---\r\nDo it.";
    const world = { ...only("World_Skill", skillMd) };
    const { json, text } = await post(acme.engineer, "/api/skills/import", await writeZip([world]));
    expect(json.skills, text).toMatchObject([
      { slug: "world-skill", name: "World Skill", description: "Use when: needed" },
    ]);
    const cookie = { headers: { cookie: acme.viewer.cookie() } };
    const exported = await fetch(`${skillett.url}/api/skills/world-skill/export`, cookie);
    const { skills } = await readArchive(Buffer.from(await exported.arrayBuffer()));
    expect(skills[0]).toMatchObject({ directory: "world-skill", folder: { files: world.files } });
    const version = await acme.viewer.call("GET", "/api/skills/world-skill/versions/1.0.0");
    expect(version.json).toMatchObject({
      instructions: "Do it.",
      frontmatter: { "user-invocable": "false", "allowed-tools": ["Read"], metadata: { a: { b: "c" } } },
    });
    const edited = await acme.engineer.call("PATCH", "/api/skills/world-skill", { description: "Other." });
    expect(edited.status, edited.text).toBe(200);
    const draft = await acme.viewer.call("GET", "/api/skills/world-skill/versions/draft");
    expect(draft.json.frontmatter).toEqual({ ...version.json.frontmatter, description: "Other." });
    const copy = await acme.engineer.call("POST", "/api/skills/world-skill/duplicate", {});
    expect(copy.json.skill, copy.text).toMatchObject({ slug: "world-skill-copy", name: "world-skill-copy" });
  });

  it("an archive is taken from a key of somebody who may import, under the version it names", async () => {
    const { json: key } = await acme.engineer.call("POST", "/api-keys", { name: "push" });
    const push = async (query: string, text: string) =>
      skillett.call("POST", `/v1/registry/import?replace=true${query}`, {
        key: key.full_key,
        headers: { "content-type": "application/zip" },
        body: await writeZip([folder("pushed", text)]),
      });
    const first = await push("&version=1.2.0&notes=first", "one");
    expect([first.status, first.json.skills[0].currentVersion], first.text).toEqual([201, "1.2.0"]);
    const old = await push("&version=1.1.0", "two");
    expect([old.status, old.json.error]).toEqual([409, "conflict"]);
    const { json: viewers } = await acme.viewer.call("POST", "/api-keys", { name: "look" });
    const refused = await skillett.call("POST", "/v1/registry/import", {
      key: viewers.full_key,
      headers: { "content-type": "application/zip" },
      body: await writeZip([folder("x")]),
    });
    expect([refused.status, refused.json.error]).toEqual([403, "forbidden"]);
  });
});
