import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeServer, listen } from "#support/loopback.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertKey, type Person, signUp } from "#support/world.js";

/** Listings of other servers: fetched, checked, kept. */

const skillMd = (name: string, body: string) => `---\nname: ${name}\ndescription: Sorts.\n---\n${body}\n`;

onEachEngine("listing sources", (engine) => {
  let skillett: Skillett;
  let ada: Person;
  let eve: Person;

  beforeAll(async () => {
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SIGN_UP: "open", SKILLETT_ALLOW_HOSTS: "127.0.0.1" },
    });
    ada = await signUp(skillett, "Ada");
    eve = await signUp(skillett, "Eve");
  });
  afterAll(() => skillett?.close());

  const call = (method: string, at: string, body?: unknown, who = ada) => who.call(method, at, body);
  const refs = async (query: string): Promise<string[]> =>
    (await call("GET", `/api/listings${query}`)).json.listings.map(({ ref }: { ref: string }) => ref);

  describe("another Skillett", () => {
    it("another Skillett is a source whose skills are read with a key and installed as they are there", async () => {
      const { skill } = (await call("POST", "/api/listings/skillett/skillett/install", undefined, eve)).json;
      const { key } = await insertKey(skillett.app.database, eve);
      const add = { name: "eves", url: skillett.url, token: key };
      const reply = await call("POST", "/api/listings/sources", add);
      expect(reply).toMatchObject({ status: 201, json: { source: { kind: "remote", listings: 1 } } });
      expect(reply.text).not.toContain(key);
      const installed = await call("POST", "/api/listings/eves/skillett/install");
      expect(installed.status).toBe(201);
      const digests = await skillett.app.database.kysely
        .selectFrom("skill_versions")
        .select("digest")
        .where("skill_id", "in", [skill.id, installed.json.skill.id])
        .execute();
      expect(digests).toHaveLength(2);
      expect(digests[0]).toEqual(digests[1]);
      expect((await call("POST", "/api/listings/sources", add)).status).toBe(409);
      expect((await call("POST", "/api/listings/sources/eves/refresh")).status).toBe(200);
    });

    it("a source with a wrong token is refused with that reason, and the token is shown nowhere", async () => {
      const token = "sk_0000000000000000000000000000000000000000";
      const reply = await call("POST", "/api/listings/sources", { name: "locked", url: skillett.url, token });
      expect(reply).toMatchObject({ status: 422, json: { issues: [{ at: "url" }] } });
      expect(reply.text).toContain("another token");
      expect(reply.text).not.toContain(token);
    });
  });

  describe("an index", () => {
    let server: Server;
    let url: string;
    const pages = new Map<string, string>();
    const seen: (string | undefined)[] = [];
    const body = skillMd("delta", "D");
    const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
    const place = "/.well-known/agent-skills";
    const index = (...skills: object[]) => pages.set(`${place}/index.json`, JSON.stringify({ skills }));
    const add = (name: string, at = url) =>
      call("POST", "/api/listings/sources", { name, url: at, token: "remote-token" });

    beforeAll(async () => {
      server = createServer((request, response) => {
        seen.push(request.headers.authorization);
        const page = pages.get(request.url ?? "");
        response.writeHead(page === undefined ? 404 : 200).end(page);
      });
      url = await listen(server);
      pages.set(`${place}/delta/SKILL.md`, body);
    });
    afterAll(() => closeServer(server));

    it("an index of one file a skill, or of the older form, is understood", async () => {
      index({ name: "delta", type: "skill-md", description: "x", url: "delta/SKILL.md", digest });
      expect((await add("new-form")).json.source).toMatchObject({ listings: 1, url: `${url}/` });
      pages.clear();
      pages.set(
        "/.well-known/skills/index.json",
        JSON.stringify({ skills: [{ name: "delta", files: ["SKILL.md"] }] }),
      );
      pages.set("/.well-known/skills/delta/SKILL.md", body);
      expect((await add("old-form")).json.source).toMatchObject({ listings: 1 });
      expect(await refs("?q=delta")).toEqual(expect.arrayContaining(["new-form/delta", "old-form/delta"]));
      expect(new Set(seen)).toEqual(new Set(["Bearer remote-token"]));
      pages.set(`${place}/delta/SKILL.md`, body);
    });

    it("an index whose digests do not match the bytes is refused", async () => {
      const wrong = digest.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
      index({ name: "delta", files: [{ path: "SKILL.md", digest: wrong }] });
      const reply = await add("wrong-digest");
      expect(reply).toMatchObject({ status: 422 });
      expect(reply.json.issues[0].message).toContain("digest");
      expect(await refs("?source=wrong-digest")).toEqual([]);
    });

    it("an index whose paths lead out of the folder is refused", async () => {
      pages.set(`${place}/escape.txt`, "out");
      index({ name: "delta", files: ["SKILL.md", "../escape.txt"] });
      expect(await add("escape")).toMatchObject({ status: 422 });
      expect(await refs("?source=escape")).toEqual([]);
      index({ name: "delta", files: ["SKILL.md", "escape.txt"] });
      pages.set(`${place}/delta/escape.txt`, "in");
      expect((await add("stays-in")).status).toBe(201);
    });

    it("an index that names a file of another host does not take the token there", async () => {
      const elsewhere: (string | undefined)[] = [];
      const other = createServer((request, response) => {
        elsewhere.push(request.headers.authorization);
        response.end(body);
      });
      const otherUrl = await listen(other);
      try {
        index({ name: "delta", files: [{ path: "SKILL.md", url: `${otherUrl}/x`, digest }] });
        expect((await add("elsewhere")).status).toBe(201);
        expect(elsewhere).toEqual([undefined]);
      } finally {
        await closeServer(other);
      }
    });

    it.each([
      ["no JSON", "<html>"],
      ["no skills", "{}"],
      ["a name that is none", '{"skills":[{"name":"../x","files":["SKILL.md"]}]}'],
      ["the same skill twice", '{"skills":[{"name":"a","files":["S"]},{"name":"a","files":["S"]}]}'],
    ])("an index with %s is refused", async (_name, content) => {
      pages.set(`${place}/index.json`, content);
      expect(await add("odd")).toMatchObject({ status: 422, json: { issues: [{ at: "url" }] } });
    });

    it("an index that was good keeps its skills when a refresh finds it bad", async () => {
      index({ name: "delta", files: [{ path: "SKILL.md", digest }] });
      expect((await add("later-bad")).status).toBe(201);
      pages.set(`${place}/index.json`, "{}");
      expect((await call("POST", "/api/listings/sources/later-bad/refresh")).status).toBe(422);
      expect(await refs("?source=later-bad")).toEqual(["later-bad/delta"]);
    });

    it("an index in the operator's own network is out of reach", async () => {
      for (const at of ["http://127.0.0.2:1", "https://169.254.169.254", "https://[::1]"])
        expect(await add("inside", at)).toMatchObject({
          status: 502,
          json: { code: "upstream_unreachable" },
        });
      for (const at of ["ftp://example.com", "nowhere", "https://user:secret@example.com"])
        expect(await add("inside", at)).toMatchObject({ status: 422 });
    });
  });
});
