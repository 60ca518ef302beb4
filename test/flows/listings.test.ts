import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeZip } from "#skills/archive/zip.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { type Person, setRole, signUp } from "#support/world.js";

/** The store: first-party skills, the operator's directories, uploads, other servers. */

const skillMd = (name: string, body: string, version?: string) =>
  `---\nname: ${name}\ndescription: Sorts ${name} things.\n${version ? `metadata:\n  version: "${version}"\n  category: support\n  author: acme\n` : ""}---\n${body}\n`;
const text = (at: string, content: string) => ({ path: at, bytes: Buffer.from(content), executable: false });
const zipOf = (skills: Record<string, string>) =>
  writeZip(
    Object.entries(skills).map(([directory, content]) => ({ directory, files: [text("SKILL.md", content)] })),
  );

onEachEngine("listings", (engine) => {
  let directory: string;
  let skillett: Skillett;
  let ada: Person;
  let eve: Person;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "acme-skills-"));
    await mkdir(path.join(directory, "team", "triage", "scripts"), { recursive: true });
    await writeFile(path.join(directory, "team", "triage", "SKILL.md"), skillMd("triage", "One.", "1.2.0"));
    await writeFile(path.join(directory, "team", "triage", "scripts", "run.sh"), "#!/bin/sh\n", {
      mode: 0o755,
    });
    await mkdir(path.join(directory, "broken"));
    await writeFile(path.join(directory, "broken", "SKILL.md"), "no front matter");
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SIGN_UP: "open", SKILLETT_SKILLS_DIR: directory, SKILLETT_ALLOW_HOSTS: "127.0.0.1" },
    });
    ada = await signUp(skillett, "Ada");
    eve = await signUp(skillett, "Eve");
  });
  afterAll(async () => {
    await skillett?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const call = (method: string, at: string, body?: unknown, who = ada) => who.call(method, at, body);
  const upload = async (name: string, archive: Buffer, who = ada): Promise<Reply> => {
    const response = await fetch(`${skillett.url}/api/listings/sources/${name}/archive`, {
      method: "PUT",
      headers: { "content-type": "application/zip", cookie: who.cookie(), origin: skillett.url },
      body: new Uint8Array(archive),
    });
    const said = await response.text();
    return { status: response.status, headers: response.headers, text: said, json: JSON.parse(said) };
  };
  const source = () =>
    path
      .basename(directory)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-");
  const refs = async (query = "", who = ada): Promise<string[]> =>
    (await call("GET", `/api/listings${query}`, undefined, who)).json.listings.map(
      ({ ref }: { ref: string }) => ref,
    );

  const served = async (slug: string, version: string) =>
    (await call("GET", `/api/skills/${slug}/versions/${version}/files/SKILL.md`)).text;

  it("first-party skills ship with the server: one per integration, and skillett", async () => {
    const all = await refs("?source=skillett");
    for (const name of [
      "skillett",
      "skillett-github",
      "skillett-gmail",
      "skillett-google-calendar",
      "skillett-slack",
    ])
      expect(all).toContain(`skillett/${name}`);
    const { json } = await call("GET", "/api/listings/skillett/skillett-github");
    expect(json.listing).toMatchObject({ installed: false, installedVersion: null, updateAvailable: false });
    const paths = json.files.map(({ path: at }: { path: string }) => at);
    expect(paths[0]).toBe("SKILL.md");
    expect(paths).toContain("references/create_issue.md");
    expect(json.instructions).toContain("(references/create_issue.md)");
    expect(json.instructions).not.toContain("(endpoints/");
  });

  it("listings are ranked by words, and filtered by category and source", async () => {
    expect((await refs("?q=pull%20requests"))[0]).toBe("skillett/skillett-github");
    expect((await refs("?q=githb"))[0]).toBe("skillett/skillett-github");
    expect(await refs("?category=support")).toEqual([`${source()}/triage`]);
    expect(await refs("?source=nobody")).toEqual([]);
    const all = await refs();
    expect(all.length).toBeGreaterThan(5);
    const { json } = await call("GET", "/api/listings?limit=2&offset=1");
    expect(json.total).toBe(all.length);
    expect(json.listings.map(({ ref }: { ref: string }) => ref)).toEqual(all.slice(1, 3));
  });

  it("a directory of the operator is a source, and what is broken in it is left out", async () => {
    const { json } = await call("GET", "/api/listings/sources");
    expect(json.sources.slice(0, 2)).toMatchObject([
      { name: "skillett", kind: "builtin" },
      { name: source(), kind: "directory", listings: 1, url: null },
    ]);
    const refresh = await call("POST", `/api/listings/sources/${source()}/refresh`);
    expect(refresh).toMatchObject({ status: 409 });
    expect((await call("DELETE", "/api/listings/sources/skillett")).status).toBe(409);
  });

  it("an installed skill is locked, and an update shows first what it changes", async () => {
    const at = `/api/listings/${source()}/triage`;
    expect((await call("POST", `${at}/update`)).status).toBe(409);
    const { status, json } = await call("POST", `${at}/install`);
    expect(status).toBe(201);
    expect(json.skill).toMatchObject({
      ...{ slug: "triage", source: "store", locked: true, currentVersion: "1.2.0", category: "support" },
      ...{ listingRef: `${source()}/triage`, listingVersion: "1.2.0", status: "active" },
    });
    expect((await call("POST", `${at}/install`)).status).toBe(409);
    expect((await call("GET", at)).json.listing).toMatchObject({
      ...{ installed: true, skillId: json.skill.id, installedVersion: "1.2.0", updateAvailable: false },
    });
    expect((await call("GET", `${at}/update`)).json.files).toEqual([]);
    expect((await call("PATCH", "/api/skills/triage", { description: "Mine." })).status).toBe(403);

    const file = path.join(directory, "team", "triage", "SKILL.md");
    await writeFile(file, skillMd("triage", "Two.", "1.3.0"));
    const { json: update } = await call("GET", `${at}/update`);
    expect(update.listing.updateAvailable).toBe(true);
    expect(update.files).toMatchObject([{ path: "SKILL.md", change: "changed" }]);
    expect(update.files[0].diff).toContain("-One.\n+Two.");
    // It was shown, and nothing else.
    expect((await call("GET", "/api/skills/triage")).json.skill.currentVersion).toBe("1.2.0");
    expect(await served("triage", "1.2.0")).toContain("One.");
    const updated = (await call("POST", `${at}/update`)).json.skill;
    expect(updated).toMatchObject({ id: json.skill.id, currentVersion: "1.3.0", listingVersion: "1.3.0" });
    expect((await call("POST", `${at}/update`)).json.skill.currentVersion).toBe("1.3.0");
    expect(await served("triage", "1.3.0")).toContain("Two.");
    const { versions } = (await call("GET", "/api/skills/triage/versions")).json;
    expect(versions.map(({ version }: { version: string }) => version)).toEqual(["1.3.0", "1.2.0"]);
    expect((await call("GET", at, undefined, eve)).json.listing.installed).toBe(false);
  });

  it("a listing shows which of its files are executable", async () => {
    const { json } = await call("GET", `/api/listings/${source()}/triage`);
    expect(json.files.map(({ path: at, executable }: never) => [at, executable])).toEqual([
      ["SKILL.md", false],
      ["scripts/run.sh", true],
    ]);
  });

  describe("an uploaded archive", () => {
    it("an uploaded archive is a source of one tenant, and the next upload replaces it", async () => {
      const first = await upload(
        "ours",
        await zipOf({ alpha: skillMd("alpha", "A"), beta: skillMd("beta", "B") }),
      );
      expect(first).toMatchObject({ status: 200, json: { source: { kind: "archive", listings: 2 } } });
      expect(await refs("?source=ours")).toEqual(["ours/alpha", "ours/beta"]);
      expect(await refs("?source=ours", eve)).toEqual([]);
      expect((await call("GET", "/api/listings/ours/alpha", undefined, eve)).status).toBe(404);
      expect((await call("POST", "/api/listings/ours/alpha/install")).json.skill).toMatchObject({
        currentVersion: "1.0.0",
        listingVersion: expect.stringMatching(/^0\.0\.0\+[0-9a-f]{12}$/),
      });
      await upload("ours", await zipOf({ alpha: skillMd("alpha", "A2") }));
      expect(await refs("?source=ours")).toEqual(["ours/alpha"]);
      const { json } = await call("GET", "/api/listings?source=ours");
      expect(json.listings[0].updateAvailable).toBe(true);
      expect((await call("POST", "/api/listings/ours/alpha/update")).json.skill.currentVersion).toBe("1.0.1");
    });

    it("an uploaded archive with a broken skill names what is wrong, and offers the rest", async () => {
      const reply = await upload(
        "mixed",
        await zipOf({ fine: skillMd("Fine One", "F"), bad: "No front matter." }),
      );
      expect(reply).toMatchObject({
        status: 200,
        json: {
          source: { name: "mixed", listings: 1 },
          skipped: [{ folder: "bad", reason: expect.stringContaining("bad/SKILL.md:1 must begin") }],
        },
      });
      const installed = await call("POST", "/api/listings/mixed/fine/install");
      expect(installed.json.skill).toMatchObject({ slug: "fine", name: "Fine One" });
      const { json } = await call("GET", "/api/listings/mixed/fine");
      expect(json).toMatchObject({ listing: { name: "fine", installed: true, updateAvailable: false } });
    });

    it("an uploaded archive with nothing in it that can be used is refused", async () => {
      const reply = await upload("wrong", await zipOf({ bad: "No front matter." }));
      expect(reply).toMatchObject({ status: 422 });
      expect(JSON.stringify(reply.json)).toContain("bad/SKILL.md");
      expect((await call("GET", "/api/listings/sources")).json.sources).not.toContainEqual(
        expect.objectContaining({ name: "wrong" }),
      );
    });

    it("an uploaded archive takes no name that is reserved", async () => {
      expect((await upload("skillett", await zipOf({ x: skillMd("x", "X") }))).status).toBe(409);
      expect((await upload("sources", await zipOf({ x: skillMd("x", "X") }))).status).toBe(409);
    });

    it("an uploaded archive is removed, and what was installed from it stays", async () => {
      await upload("gone", await zipOf({ gamma: skillMd("gamma", "G") }));
      const { skill } = (await call("POST", "/api/listings/gone/gamma/install")).json;
      expect((await call("DELETE", "/api/listings/sources/gone", undefined, eve)).status).toBe(404);
      expect((await call("DELETE", "/api/listings/sources/gone")).json).toEqual({ success: true });
      expect((await call("GET", "/api/listings/gone/gamma")).status).toBe(404);
      expect((await call("GET", `/api/skills/${skill.id}`)).json.skill.currentVersion).toBe("1.0.0");
      expect(await served("gamma", "1.0.0")).toContain("G");
    });

    it("an uploaded archive cannot take the place of a skill of the tenant", async () => {
      await upload("again", await zipOf({ alpha: skillMd("alpha", "Another") }));
      const reply = await call("POST", "/api/listings/again/alpha/install");
      expect(reply).toMatchObject({ status: 409, json: { error: expect.stringContaining("alpha") } });
      expect(await served("alpha", "1.0.1")).toContain("\nA2\n");
    });
  });

  it("a viewer cannot install skills or add sources", async () => {
    await setRole(skillett.app.database, eve, "viewer");
    expect(await refs("?source=skillett", eve)).not.toEqual([]);
    const at = "/api/listings/skillett/skillett-gmail";
    for (const [method, where, body] of [
      ["POST", `${at}/install`, undefined],
      ["POST", `${at}/update`, undefined],
      ["POST", "/api/listings/sources", { name: "x", url: "https://example.com" }],
      ["DELETE", "/api/listings/sources/x", undefined],
    ] as const)
      expect(await call(method, where, body, eve), where).toMatchObject({ status: 403 });
    expect((await upload("x", await zipOf({ x: skillMd("x", "X") }), eve)).status).toBe(403);
    expect((await call("GET", at, undefined, eve)).json.listing.installed).toBe(false);
    expect(await refs("?source=x", eve)).toEqual([]);
    // It is the role: as an engineer the same person may.
    await setRole(skillett.app.database, eve, "engineer");
    expect((await call("POST", `${at}/install`, undefined, eve)).status).toBe(201);
  });
});
