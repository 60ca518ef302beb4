import { hash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readArchive } from "#skills/archive/read-archive.js";
import { assignSkills, publishSkills, skillMd } from "#support/published-skills.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertAgent, insertPerson, type KeyHolder } from "#support/world.js";

/** Skills as files: for programs that install them, and as downloads. */

const binary = Buffer.from([0, 255, 254, 10, 13, 128]);
const review = {
  slug: "code-review",
  description: "Reviews code.",
  category: "engineering",
  files: [
    { path: "LICENSE", bytes: "MIT\n" },
    { path: "scripts/run me #1.sh", bytes: "#!/bin/sh\necho 100%\n", executable: true },
    { path: "assets/logo.bin", bytes: binary },
    { path: "references/überblick.html", bytes: "<script>alert(1)</script>" },
  ],
};
const notes = { slug: "notes", description: "Writes notes." };
const sha256 = (bytes: Buffer | string) => `sha256:${hash("sha256", bytes, "hex")}`;

onEachEngine("skills as files", (engine) => {
  let skillett: Skillett;
  let mine: KeyHolder;
  let theirs: KeyHolder;
  beforeAll(async () => {
    skillett = await startSkillett(engine);
    const { database } = skillett.app;
    [mine, theirs] = [await insertPerson(database, "mine"), await insertPerson(database, "theirs")];
    await publishSkills(database, mine.tenantId, [review, notes]);
    await publishSkills(database, mine.tenantId, [{ slug: "old", description: "Gone.", status: "archived" }]);
    await publishSkills(database, theirs.tenantId, [
      { slug: "secret-plan", description: "Theirs." },
      { slug: "github", description: "Has the name of an integration." },
    ]);
  });
  afterAll(() => skillett?.close());

  const get = (path: string, key: string | null = mine.key, headers: Record<string, string> = {}) =>
    skillett.call("GET", path, { key, headers });
  async function fetchBytes(path: string): Promise<Buffer> {
    const headers = { authorization: `Bearer ${mine.key}` };
    return Buffer.from(await (await fetch(skillett.url + path, { headers })).arrayBuffer());
  }

  it("the index lists skills with digests, and what it names is there byte for byte", async () => {
    const { status, json, headers } = await get("/.well-known/agent-skills/index.json");
    expect([status, headers.get("cache-control")]).toEqual([200, "private, no-cache"]);
    expect(json.$schema).toBe("https://schemas.agentskills.io/discovery/0.2.0/schema.json");
    expect(
      json.skills.map(({ name, type, version }: Record<string, string>) => [name, type, version]),
    ).toEqual([
      ["code-review", "archive", "1.0.0"],
      ["notes", "skill-md", "1.0.0"],
    ]);
    for (const { url, digest, files } of json.skills) {
      expect(sha256(await fetchBytes(url))).toBe(digest);
      expect(files[0].path).toBe("SKILL.md");
      for (const file of files) {
        const bytes = await fetchBytes(file.url);
        expect([sha256(bytes), bytes.length]).toEqual([file.digest, file.size]);
      }
    }
    const [{ description, files }] = json.skills;
    expect(description).toBe("Reviews code.");
    expect(files.map(({ path, executable }: Record<string, unknown>) => [path, executable])).toEqual([
      ["SKILL.md", false],
      ["LICENSE", false],
      ["assets/logo.bin", false],
      ["references/überblick.html", false],
      ["scripts/run me #1.sh", true],
    ]);
  });

  it("the archive of a skill is its folder, the same at every request", async () => {
    const archive = await fetchBytes("/.well-known/agent-skills/code-review.tar.gz");
    expect(archive.equals(await fetchBytes("/.well-known/agent-skills/code-review.tar.gz"))).toBe(true);
    const [skill] = (await readArchive(archive)).skills;
    expect(skill!.folder.name).toBe("code-review");
    expect(skill!.folder.files.find(({ path }) => path === "assets/logo.bin")!.bytes).toEqual(binary);
    expect(skill!.folder.files.filter(({ executable }) => executable).map(({ path }) => path)).toEqual([
      "scripts/run me #1.sh",
    ]);
  });

  it("the older index names files by path", async () => {
    const { json } = await get("/.well-known/skills/index.json");
    expect(json.skills[1]).toEqual({
      name: "notes",
      description: "Writes notes.",
      version: "1.0.0",
      files: ["SKILL.md"],
      digests: { "SKILL.md": sha256(skillMd(notes)) },
    });
    const { text, headers } = await get("/.well-known/skills/notes/SKILL.md");
    expect([text, headers.get("content-type")]).toEqual([skillMd(notes), "text/markdown; charset=utf-8"]);
  });

  it("files are cached by their digest, and nothing in them runs in a browser", async () => {
    const path = "/.well-known/agent-skills/notes/SKILL.md";
    const digest = sha256(skillMd(notes));
    const plain = await get(path);
    expect(Object.fromEntries(plain.headers)).toMatchObject({
      etag: `"${digest}"`,
      "cache-control": "private, no-cache",
      vary: "authorization",
      "x-content-type-options": "nosniff",
    });
    for (const known of [`"${digest}"`, `"sha256:other" , W/"${digest}"`, "*"]) {
      const reply = await get(path, mine.key, { "if-none-match": known });
      expect([known, reply.status, reply.text]).toEqual([known, 304, ""]);
      expect(reply.headers.get("etag")).toBe(`"${digest}"`);
    }
    for (const other of ['"sha256:other"', digest, `"${digest}`, "**", ","]) {
      const reply = await get(path, mine.key, { "if-none-match": other });
      expect([other, reply.status, reply.text]).toEqual([other, 200, plain.text]);
    }
    const lasting = await get(`${path}?digest=${digest}`);
    expect(lasting.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
    expect((await get(`${path}?digest=${sha256("other")}`)).status).toBe(404);
    const page = await get("/.well-known/agent-skills/code-review/references/%C3%BCberblick.html");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
  });

  it("an agent gets what it is assigned, in the version it is pinned to", async () => {
    const { database } = skillett.app;
    const person = await insertPerson(database, "with-agent");
    const { key, agentId } = await insertAgent(database, person, "An agent");
    const [id, paused, archived] = await publishSkills(database, person.tenantId, [
      { slug: "pinned", description: "First." },
      { slug: "disabled", description: "Not enabled." },
      { slug: "shelved", description: "Archived.", status: "archived" },
      { slug: "unassigned", description: "Not its own." },
    ]);
    await publishSkills(database, person.tenantId, [
      { slug: "pinned", description: "Second.", version: "2.0.0" },
    ]);
    await assignSkills(database, { ...person, agentId }, [
      { skill_id: id!, pinned_version: "1.0.0" },
      { skill_id: paused!, enabled: 0 },
      { skill_id: archived! },
    ]);
    const { json } = await get("/.well-known/agent-skills/index.json", key);
    expect(json.skills).toMatchObject([{ name: "pinned", version: "1.0.0", description: "First." }]);
    expect((await get("/v1/pinned/download", key)).json.files[0].content).toContain("First.");
    for (const slug of ["disabled", "shelved", "unassigned"]) {
      expect((await get(`/v1/${slug}/download`, key)).status).toBe(404);
      expect((await get(`/.well-known/agent-skills/${slug}/SKILL.md`, key)).status).toBe(404);
    }
  });

  it("a download has all files of a skill, bytes as Base64", async () => {
    const { status, json } = await get("/v1/code-review/download");
    expect([status, json.slug]).toEqual([200, "code-review"]);
    expect(json.files).toEqual([
      { file_path: "SKILL.md", content: skillMd(review) },
      { file_path: "LICENSE", content: "MIT\n" },
      { file_path: "assets/logo.bin", content: binary.toString("base64"), encoding: "base64" },
      { file_path: "references/überblick.html", content: "<script>alert(1)</script>" },
      { file_path: "scripts/run me #1.sh", content: "#!/bin/sh\necho 100%\n", executable: true },
    ]);
    const { json: integration } = await get("/v1/github/download", theirs.key);
    expect(integration.files[0].content).toContain("name: skillett-github");
    expect((await get("/v1/old/download")).status).toBe(404);
  });

  it("a skill of others is answered as one that does not exist, and stands in no index", async () => {
    const without = ({ text }: { text: string }) => text.replace(/"request_id":"\w+"/, "");
    for (const [path, unknown] of [
      ["/v1/secret-plan/download", "/v1/secret-plot/download"],
      ["/.well-known/agent-skills/secret-plan/SKILL.md", "/.well-known/agent-skills/no-such/SKILL.md"],
      ["/.well-known/skills/secret-plan/SKILL.md", "/.well-known/skills/no-such/SKILL.md"],
      ["/.well-known/agent-skills/secret-plan.tar.gz", "/.well-known/agent-skills/no-such.tar.gz"],
    ] as const) {
      const [refused, missing] = [await get(path), await get(unknown)];
      expect([refused.status, missing.status], path).toEqual([404, 404]);
      expect(without(refused).replaceAll("secret-plan", "x")).toBe(
        without(missing).replaceAll(/no-such|secret-plot/g, "x"),
      );
      expect((await get(path, theirs.key)).status, path).toBe(200);
    }
    for (const index of ["agent-skills", "skills"])
      expect((await get(`/.well-known/${index}/index.json`)).text).not.toContain("secret-plan");
  });

  it.each([
    "/.well-known/agent-skills/notes/..%2fcode-review%2fSKILL.md",
    "/.well-known/agent-skills/notes/%2e%2e/%2e%2e/skillett.db",
    "/.well-known/agent-skills/notes//etc/passwd",
    "/.well-known/agent-skills/notes/%2Fetc%2Fpasswd",
    "/.well-known/agent-skills/notes/SKILL.md%00",
    "/.well-known/agent-skills/notes/",
    "/.well-known/agent-skills/..%2fnotes.tar.gz",
    "/.well-known/agent-skills/notes.tar",
  ])("the path %s does not lead out of a skill", async (path) => {
    expect([400, 404]).toContain((await get(path)).status);
  });

  it("all files and indexes of skills need a key", async () => {
    for (const path of [
      "/.well-known/agent-skills/index.json",
      "/.well-known/skills/index.json",
      "/.well-known/agent-skills/notes/SKILL.md",
      "/.well-known/agent-skills/code-review.tar.gz",
    ]) {
      const { status, json } = await get(path, null);
      expect([status, json.error], path).toEqual([401, "unauthorized"]);
    }
  });
});
