import { afterAll, beforeAll, expect, it } from "vitest";
import { readArchive } from "#skills/archive.js";
import { writeZip } from "#skills/zip.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "../support/skillett.js";
import { createTenant, type Tenant } from "../support/tenant.js";
import type { Visitor } from "../support/visitor.js";

/** Archives of skills: what goes in comes out, all or nothing. */

onEachEngine("skill archives", (engine) => {
  let skillett: Skillett;
  let acme: Tenant;
  let now = Date.now();
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" }, clock: () => now });
    acme = await createTenant(skillett, "acme", () => {
      now += 10_000;
    });
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

  const post = async (by: Visitor, path: string, bytes: Buffer): Promise<Reply> => {
    const response = await fetch(skillett.url + path, {
      method: "POST",
      headers: { cookie: by.cookie(), origin: skillett.url, "content-type": "application/zip" },
      body: bytes as Uint8Array<ArrayBuffer>,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
  };

  it("go in and come out with the same bytes", async () => {
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

  it("hold skills that are there only where they are to be replaced", async () => {
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

  it("are judged without being stored", async () => {
    const bad = { ...folder("fine"), directory: "not-fine" };
    const { status, json } = await post(acme.engineer, "/api/skills/validate", await writeZip([bad]));
    expect([status, json.valid]).toEqual([200, false]);
    expect(json.problems).toContainEqual({
      file: "not-fine/SKILL.md",
      line: 2,
      message: expect.any(String),
      severity: "error",
    });
    const refused = await post(acme.engineer, "/api/skills/import", await writeZip([bad, folder("good")]));
    expect(refused.status).toBe(422);
    expect(refused.json.issues[0].at).toBe("not-fine/SKILL.md:2");
    expect((await acme.viewer.call("GET", "/api/skills/good")).status).toBe(404);
    const fine = await post(acme.viewer, "/api/skills/validate", await writeZip([folder("fine")]));
    expect(fine.json).toMatchObject({ valid: true });
  });

  it("are taken from a key of somebody who may, under the version they name", async () => {
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
