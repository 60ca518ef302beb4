import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "#cli/skill/file-state.js";
import { pointerSkill } from "#cli/skill/pointer-skill.js";
import { startServer } from "#support/cli.js";
import { done, grant, newKey, user } from "#support/cli-login.js";
import { createProject, file, type Shelf, skillMd } from "#support/cli-pull.js";

let shelf: Shelf;
let project: Awaited<ReturnType<typeof createProject>>;
beforeEach(async () => {
  shelf = { files: {}, assigned: [] };
  project = await createProject(shelf);
});
afterEach(() => project.close());

const nothing = { written: [], unchanged: [], removed: [], kept: [] };
const claude = ".claude/skills/skillett/SKILL.md";
const cursor = ".agents/skills/skillett/SKILL.md";

test("the pointer skill goes to every platform that is found", async () => {
  for (const name of [".cursor", ".claude"]) mkdirSync(join(project.root, name));
  const first = await project.run(["init"]);
  expect(first).toMatchObject({ code: 0, json: { ...nothing, written: [claude, cursor] } });
  expect(project.read(claude)).toBe(pointerSkill.content);
  expect(project.lock()[".agents/skills/skillett"]).toMatchObject({ server: null, kind: "pointer" });
  expect((await project.run(["init"])).json).toEqual({ ...nothing, unchanged: [claude, cursor] });
});

test("--platform chooses one platform, and --user the home folder", async () => {
  mkdirSync(join(project.root, ".claude"));
  const one = await project.run(["init", "--platform", "windsurf"]);
  expect(one.json.written).toEqual([cursor]);
  const home = join(project.root, "home");
  const user = await project.run(["init", "--user", "--platform", "amp"], { env: { HOME: home } });
  expect(user.json.written).toEqual([".config/agents/skills/skillett/SKILL.md"]);
  expect(project.read("home/.config/agents/skills/skillett/SKILL.md")).toBe(pointerSkill.content);
});

test("a pointer skill that an older version put among the rules of Windsurf moves", async () => {
  const old = ".windsurf/rules/skillett/SKILL.md";
  project.write(old, "Old pointer.");
  const files = { "SKILL.md": digestOf(Buffer.from("Old pointer.")) };
  const folder = {
    server: "https://old.example.com",
    slug: "skillett",
    version: null,
    kind: "pointer",
    files,
  };
  const folders = { ".windsurf/rules/skillett": folder };
  project.write(".skillett/lock.json", JSON.stringify({ version: 1, folders }));
  expect((await project.run(["init"])).json).toEqual({ ...nothing, written: [cursor], removed: [old] });
  expect(Object.keys(project.lock())).toEqual([".agents/skills/skillett"]);
});

test("skillett init needs no server, unless a profile is named", async () => {
  const env = {
    SKILLETT_URL: "",
    SKILLETT_API_KEY: "",
    SKILLETT_CONFIG_FILE: join(project.root, "none.json"),
  };
  expect((await project.run(["init", "--platform", "zed"], { env })).json.written).toHaveLength(1);
  const named = await project.run(["init", "--platform", "zed", "--profile", "work"], { env });
  expect(named.code).toBe(64);
});

test("the server's fuller pointer skill is taken, and a person's changes to it are kept", async () => {
  mkdirSync(join(project.root, ".claude"));
  shelf.files.skillett = [file("SKILL.md", skillMd("skillett", "Fuller.")), file("references/A.md", "A\n")];
  await project.run(["init"]);
  expect(project.read(claude)).toContain("Fuller.");
  project.write(claude, "Mine.");
  const again = await project.run(["init"]);
  expect(again).toMatchObject({ code: 1, json: { kept: [claude] } });
  expect(again.stderr).toContain("skillett init --force");
  expect((await project.run(["init", "--force"])).json.written).toEqual([claude]);
});

test("a skill of the server that is named otherwise is not taken for the pointer skill", async () => {
  shelf.files.skillett = [file("SKILL.md", skillMd("other"))];
  await project.run(["init", "--platform", "cursor"]);
  expect(project.read(cursor)).toBe(pointerSkill.content);
});

test("skillett pull --all leaves the pointer skill alone, assigned or not", async () => {
  mkdirSync(join(project.root, ".cursor"));
  await project.run(["init"]);
  expect((await project.run(["pull", "--all"])).json).toEqual(nothing);
  shelf.files.skillett = [file("SKILL.md", skillMd("skillett"))];
  shelf.assigned = ["skillett"];
  expect((await project.run(["pull", "--all"])).json.written).toHaveLength(1);
  shelf.assigned = [];
  expect((await project.run(["pull", "--all"])).json).toEqual(nothing);
});

async function logIn(args: string[] = []) {
  const server = await startServer(({ url }) => {
    if (url === "/auth/device/code") return { json: grant };
    if (url === "/auth/device/token") return done;
    return { status: 404, json: { error: "not_found", message: "No.", retryable: false, request_id: "r" } };
  });
  const env = {
    SKILLETT_URL: "",
    SKILLETT_API_KEY: "",
    SKILLETT_CONFIG_FILE: join(project.root, "config.json"),
  };
  try {
    return await project.run(["login", "--url", server.url, "--no-browser", ...args], { env });
  } finally {
    await server.close();
  }
}

test("a login installs the pointer skill where agents are at work, without a word on stdout", async () => {
  mkdirSync(join(project.root, ".claude"));
  const { code, json, stderr } = await logIn();
  expect({ code, json }).toMatchObject({ code: 0, json: { status: "logged_in", user } });
  expect(stderr).toContain("Agents find Skillett in .claude/skills/skillett.");
  expect(project.read(claude)).toBe(pointerSkill.content);
  expect(project.read(".skillett/lock.json")).not.toContain(newKey);
});

test.each([
  [[".claude"], ["--no-init"]],
  [[], []],
])("a login with %j in the project and the flags %j installs nothing", async (found, args) => {
  for (const name of found) mkdirSync(join(project.root, name));
  expect((await logIn(args)).code).toBe(0);
  expect(existsSync(join(project.root, claude))).toBe(false);
  expect(existsSync(join(project.root, ".skillett"))).toBe(false);
});

test("a broken lock file does not stop a login", async () => {
  mkdirSync(join(project.root, ".claude"));
  project.write(".skillett/lock.json", "{");
  const { code, stderr } = await logIn();
  expect(code).toBe(0);
  expect(stderr).toContain("is broken");
});
