import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RequestSignal } from "#core/request-signal.js";
import { type GitServer, hasGit, startGitServer } from "#support/git-server.js";
import { closeServer, listen } from "#support/loopback.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type Person, signUp } from "#support/world.js";

/** Skills of git repositories: read at one commit, kept up to date, and nothing that they only point at. */

const skillMd = (name: string, body = "Do it.") => `---\nname: ${name}\ndescription: Sorts.\n---\n${body}\n`;

describe.skipIf(!hasGit)("sources on a machine with git", () => {
  onEachEngine("git sources", (engine) => {
    let skillett: Skillett;
    let git: GitServer;
    let ada: Person;
    let eve: Person;
    let now = Date.now();

    beforeAll(async () => {
      git = await startGitServer();
      const env = { SKILLETT_SIGN_UP: "open", SKILLETT_ALLOW_HOSTS: "127.0.0.1" };
      skillett = await startSkillett(engine, { env, clock: () => now });
      ada = await signUp(skillett, "Ada");
      eve = await signUp(skillett, "Eve");
    });
    afterAll(async () => {
      await skillett?.close();
      await git?.close();
    });

    const call = (method: string, at: string, body?: unknown, who = ada) => who.call(method, at, body);
    const add = (name: string, more: object = {}) =>
      call("POST", "/api/listings/sources", { name, url: `${git.url}/${name}.git`, ...more });
    const listed = async (source: string): Promise<string[]> =>
      (await call("GET", `/api/listings?source=${source}`)).json.listings.map(
        (it: { name: string }) => it.name,
      );
    const packsOf = (name: string) =>
      git.requests.filter(
        ({ line, sent }) => line === `POST /${name}.git/git-upload-pack` && sent.includes("want "),
      );

    it("a git source is read at the commit of its default branch, with the sizes and modes of its files", async () => {
      const bytes = Buffer.from([0, 255, 10, 13, 128]);
      git.commit("plain", {
        "README.md": "Not a skill.",
        "skills/notes/SKILL.md": skillMd("notes"),
        "skills/notes/assets/logo.bin": bytes,
        "skills/notes/scripts/run.sh": { script: "#!/bin/sh\n" },
        "review/SKILL.md": skillMd("review"),
        "big.bin": Buffer.alloc(12 * 1024 * 1024, "x"),
      });
      const { status, json, text } = await add("plain");
      expect(status, text).toBe(201);
      expect(json).toMatchObject({
        problems: [],
        source: {
          ...{ kind: "git", url: `${git.url}/plain.git`, ref: null, folder: null, listings: 2 },
          commit: git.git("plain", "rev-parse", "main").trim(),
        },
      });
      expect(await listed("plain")).toEqual(["notes", "review"]);
      const { files } = (await call("GET", "/api/listings/plain/notes")).json;
      expect(files).toMatchObject([
        { path: "SKILL.md", size: skillMd("notes").length, executable: false },
        { path: "assets/logo.bin", size: bytes.length, executable: false },
        { path: "scripts/run.sh", size: "#!/bin/sh\n".length, executable: true },
      ]);
      const installed = await call("POST", "/api/listings/plain/notes/install");
      expect(installed.status).toBe(201);
      const { currentVersion: version } = installed.json.skill;
      const logo = await fetch(`${skillett.url}/api/skills/notes/versions/${version}/files/assets/logo.bin`, {
        headers: { cookie: ada.cookie() },
      });
      expect(Buffer.from(await logo.arrayBuffer())).toEqual(bytes);
      expect((await call("GET", "/api/listings?source=plain", undefined, eve)).json.listings).toEqual([]);
    });

    it("a git source is read again only when it has changed, and installed skills show the update", async () => {
      git.commit("moving", { "a/SKILL.md": skillMd("a") });
      await add("moving");
      await call("POST", "/api/listings/moving/a/install");
      expect(packsOf("moving")).toHaveLength(1);
      const same = await call("POST", "/api/listings/sources/moving/refresh");
      expect(same).toMatchObject({ status: 200, json: { source: { listings: 1 }, problems: [] } });
      expect(packsOf("moving")).toHaveLength(1);
      git.commit("moving", { "a/SKILL.md": skillMd("a", "Better."), "b/SKILL.md": skillMd("b") });
      const { json } = await call("POST", "/api/listings/sources/moving/refresh");
      expect(json.source).toMatchObject({
        listings: 2,
        commit: git.git("moving", "rev-parse", "main").trim(),
      });
      expect(packsOf("moving")).toHaveLength(2);
      const { listings } = (await call("GET", "/api/listings?source=moving")).json;
      expect(listings[0]).toMatchObject({ name: "a", updateAvailable: true });
    });

    it("a git source is refreshed by the server after some hours, and one that fails keeps what it had", async () => {
      git.commit("aging", { "a/SKILL.md": skillMd("a") });
      git.commit("failing", { "a/SKILL.md": skillMd("a") });
      for (const name of ["aging", "failing"]) await add(name);
      git.commit("aging", { "a/SKILL.md": skillMd("a"), "b/SKILL.md": skillMd("b") });
      git.commit("failing", { "a/SKILL.md": "No front matter." });
      const faults: string[] = [];
      const refresh = () =>
        skillett.app.sources.refreshDue(({ name }) => faults.push(name), new RequestSignal());
      now += 6 * 3_600_000 - 1;
      const before = git.requests.length;
      await refresh();
      expect(git.requests.length).toBe(before);
      expect(await listed("aging")).toEqual(["a"]);
      now += 3_600_000;
      // A server does one after the other; at once, they would refuse each other the repositories of one tenant.
      await refresh();
      await refresh();
      expect(await listed("aging")).toEqual(["a", "b"]);
      expect(faults).toEqual(["failing"]);
      expect(await listed("failing")).toEqual(["a"]);
      const seen = git.requests.length;
      await refresh();
      expect(git.requests.length).toBe(seen);
    });

    it("a git source is read at a branch or tag, and below a folder", async () => {
      git.commit("many", { "old/SKILL.md": skillMd("old") });
      git.git("many", "tag", "-a", "v1.0", "-m", "One");
      git.git("many", "push", "--quiet", "origin", "v1.0");
      git.commit(
        "many",
        { "x/skills/one/SKILL.md": skillMd("one"), "y/two/SKILL.md": skillMd("two") },
        "feature/x",
      );
      const source = { ref: "feature/x", folder: "x/skills" };
      expect((await add("many", source)).json.source).toMatchObject({ ...source, listings: 1 });
      expect(await listed("many")).toEqual(["one"]);
      const again = await call("POST", "/api/listings/sources/many/refresh");
      expect(again.json.source).toMatchObject(source);
      const url = `${git.url}/many.git`;
      await call("POST", "/api/listings/sources", { name: "tagged", url, ref: "v1.0" });
      expect(await listed("tagged")).toEqual(["old"]);
      const one = await call("POST", "/api/listings/sources", {
        name: "single",
        url,
        ref: "feature/x",
        folder: "y/two/",
      });
      expect(one.json.source.folder).toBe("y/two");
      expect(await listed("single")).toEqual(["two"]);
      const browsed = `${git.url}/many.git/tree/feature/x/x/skills/one`;
      const pasted = await call("POST", "/api/listings/sources", { name: "pasted", url: browsed });
      expect(pasted.json.source).toMatchObject({ url, ref: "feature/x", folder: "x/skills/one" });
      for (const [more, at] of [
        [{ ref: "nothing" }, "ref"],
        [{ ref: "--upload-pack=x" }, "ref"],
        [{ ref: "a".repeat(40) }, "ref"],
        [{ folder: "nowhere" }, "folder"],
        [{ folder: "../x" }, "folder"],
      ] as const) {
        const refused = await call("POST", "/api/listings/sources", { name: "wrong", url, ...more });
        expect(refused, JSON.stringify(more)).toMatchObject({ status: 422, json: { issues: [{ at }] } });
      }
    });

    it("a git source leaves out and names links, submodules and files that are kept elsewhere", async () => {
      git.commit("pointing", {
        "a/SKILL.md": skillMd("a"),
        "a/passwd": { link: "/etc/passwd" },
        "a/vendor": { submodule: "1".repeat(40) },
        "a/large.bin": `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12\n`,
        "CLAUDE.md": { link: "README.md" },
        "link/SKILL.md": { link: "../a/SKILL.md" },
      });
      const { status, json, text } = await add("pointing");
      expect(status, text).toBe(201);
      const leftOut = (file: string, what: string) => ({
        file,
        message: expect.stringContaining(`${what}, and left out`),
      });
      expect(json.problems).toMatchObject([
        leftOut("a/large.bin", "in Git LFS"),
        leftOut("a/passwd", "a symbolic link"),
        leftOut("a/vendor", "a submodule"),
        leftOut("link/SKILL.md", "a symbolic link"),
      ]);
      expect(await listed("pointing")).toEqual(["a"]);
      const { files } = (await call("GET", "/api/listings/pointing/a")).json;
      expect(files.map(({ path }: { path: string }) => path)).toEqual(["SKILL.md"]);
    });

    it("a private git source is read with a token, which nobody sees", async () => {
      git.commit("private", { "a/SKILL.md": skillMd("a") });
      git.lock("x-access-token:ghp_0123456789");
      try {
        const without = await add("private");
        expect(without).toMatchObject({ status: 422, json: { issues: [{ at: "url" }] } });
        expect(without.text).toContain("401");
        const reply = await add("private", { token: "ghp_0123456789" });
        expect(reply.status, reply.text).toBe(201);
        expect(await listed("private")).toEqual(["a"]);
        git.commit("private", { "a/SKILL.md": skillMd("a"), "b/SKILL.md": skillMd("b") });
        const again = await call("POST", "/api/listings/sources/private/refresh");
        expect(again.json.source, again.text).toMatchObject({ listings: 2 });
        const { text } = await call("GET", "/api/listings/sources");
        const rows = await skillett.app.database.kysely.selectFrom("listing_sources").selectAll().execute();
        const box = rows.find(({ name }) => name === "private")?.box;
        expect(box).toEqual(expect.any(String));
        for (const shown of [reply.text, again.text, text, JSON.stringify(rows)])
          expect(shown).not.toContain("ghp_");
      } finally {
        git.lock(null);
      }
    });

    it("a git source that has no skills or cannot be read is refused with a reason", async () => {
      git.commit("bare-of-skills", { "README.md": "Nothing." });
      expect((await add("bare-of-skills")).text).toContain("has no skill in it");
      expect((await add("not-there")).text).toContain("404");
      for (const url of ["git@github.com:owner/repo.git", "ssh://git@host/repo.git", "git://host/repo.git"]) {
        const refused = await call("POST", "/api/listings/sources", { name: "ssh", url });
        expect(refused).toMatchObject({ status: 422, json: { issues: [{ at: "url" }] } });
        expect(refused.text).toContain("https://");
      }
      const secret = await call("POST", "/api/listings/sources", {
        ...{ name: "inline", url: "https://user:hunter2@github.com/owner/repo" },
      });
      expect(secret.status).toBe(422);
      expect(secret.text).not.toContain("hunter2");
      const { sources } = (await call("GET", "/api/listings/sources")).json;
      const names = sources.map(({ name }: { name: string }) => name);
      for (const name of ["bare-of-skills", "not-there", "ssh", "inline"]) expect(names).not.toContain(name);
    });

    it("a git source at an address that is not allowed, or that leads to one, is refused and nothing is asked there", async () => {
      git.commit("inside", { "a/SKILL.md": skillMd("a") });
      const leading = createServer(({ url = "" }, response) => {
        response.writeHead(302, { location: git.url + url }).end();
      });
      const { host } = new URL(await listen(leading));
      const env = { SKILLETT_SIGN_UP: "open", SKILLETT_ALLOW_HOSTS: host };
      const closed = await startSkillett(engine, { env });
      try {
        const bob = await signUp(closed, "Bob");
        const before = git.requests.length;
        for (const from of [git.url, `http://${host}`]) {
          const source = { name: "inside", url: `${from}/inside.git`, token: "ghp_0123456789" };
          const reply = await bob.call("POST", "/api/listings/sources", source);
          expect(reply).toMatchObject({ status: 502, json: { code: "upstream_unreachable" } });
          expect(reply.text).toContain(`Requests to ${new URL(git.url).host} are not allowed`);
        }
        expect(git.requests.length).toBe(before);
        // Where both are allowed, the token still goes to the one that was named alone.
        const source = { url: `http://${host}/inside.git`, token: "ghp_0123456789" };
        expect((await add("inside", source)).text).toContain("it has moved");
        const led = git.requests.slice(before).map(({ authorization }) => authorization);
        expect(new Set(led)).toEqual(new Set([undefined]));
      } finally {
        await closed.close();
        await closeServer(leading);
      }
    });
  });
});
