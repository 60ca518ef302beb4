import { createServer, type Server } from "node:http";
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
      const at = Object.fromEntries(files.map((file: { path: string }) => [file.path, file]));
      expect(at["assets/logo.bin"].size).toBe(bytes.length);
      expect(at["scripts/run.sh"].executable).toBe(true);
      expect((await call("POST", "/api/listings/plain/notes/install")).status).toBe(201);
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
      await refresh();
      expect(await listed("aging")).toEqual(["a"]);
      now += 7 * 3_600_000;
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
      const told = json.problems.filter(({ message }: { message: string }) => message.includes("left out"));
      expect(told.map(({ file }: { file: string }) => file)).toEqual([
        ...["a/large.bin", "a/passwd", "a/vendor", "link/SKILL.md"],
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
        expect((await call("POST", "/api/listings/sources/private/refresh")).status).toBe(200);
        const rows = await skillett.app.database.kysely.selectFrom("listing_sources").selectAll().execute();
        expect(reply.text + JSON.stringify(rows)).not.toContain("ghp_");
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
      expect((await call("GET", "/api/listings/sources")).text).not.toContain('"ssh"');
    });

    it("a git source at an address that is not allowed is refused", async () => {
      const closed = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" } });
      try {
        const bob = await signUp(closed, "Bob");
        const reply = await bob.call("POST", "/api/listings/sources", {
          ...{ name: "inside", url: `${git.url}/plain.git` },
        });
        expect(reply.status).toBeGreaterThanOrEqual(400);
        expect(reply.text).toMatch(/public|allowed|reach/);
      } finally {
        await closed.close();
      }
    });
  });
});

onEachEngine("servers that do not speak git", (engine) => {
  let skillett: Skillett;
  let server: Server;
  let url: string;
  let ada: Person;
  let answer: { status?: number; type?: string; body: string | Buffer };
  beforeAll(async () => {
    server = createServer((_request, response) => {
      response
        .writeHead(answer.status ?? 200, { "content-type": answer.type ?? "text/html" })
        .end(answer.body);
    });
    url = await listen(server);
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SIGN_UP: "open", SKILLETT_ALLOW_HOSTS: "127.0.0.1" },
    });
    ada = await signUp(skillett, "Ada");
  });
  afterAll(async () => {
    await skillett?.close();
    await closeServer(server);
  });

  const pkt = (text: string) => (text.length + 4).toString(16).padStart(4, "0") + text;
  const type = "application/x-git-upload-pack-advertisement";
  it.each([
    ["a page", { body: "<html>Sign in</html>" }],
    ["nothing", { body: "" }],
    ["half a line", { type, body: "00ff# service" }],
    ["no refs", { type, body: `${pkt("# service=git-upload-pack\n")}00000000` }],
    ["17 MB", { type, body: Buffer.alloc(17 * 1024 * 1024, "0") }],
    ["a redirect in a circle", { status: 302, body: "" }],
    ["a fault", { status: 500, body: "boom" }],
  ])("a server that answers git with %s is refused as a source", async (_, given) => {
    answer = given;
    const reply = await ada.call("POST", "/api/listings/sources", {
      name: "odd",
      url: `${url}/x.git`,
    });
    expect([413, 422], reply.text).toContain(reply.status);
    expect(reply.json.retryable).not.toBe(true);
  });
});
