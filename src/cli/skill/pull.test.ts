import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProject, createShelf, file, type Shelf, skillMd } from "#support/cli-pull.js";

let shelf: Shelf;
let project: Awaited<ReturnType<typeof createProject>>;
beforeEach(async () => {
  shelf = createShelf();
  project = await createProject(shelf);
});
afterEach(() => project.close());

const nothing = { written: [], unchanged: [], removed: [], kept: [] };
const notes = [".claude/skills/notes/SKILL.md", ".claude/skills/notes/references/LONG.md"];
const triage = ".claude/skills/triage/SKILL.md";

test.each([
  [[".claude"], [], ".claude/skills"],
  [[".cursor"], [], ".agents/skills"],
  [[".windsurf"], [], ".agents/skills"],
  [[".agents"], [], ".agents/skills"],
  [[".agents", ".cursor", ".gemini"], [], ".agents/skills"],
  [[".kiro"], [], ".kiro/skills"],
  [[".claude", ".cursor"], ["--platform", "cursor"], ".agents/skills"],
  [[], ["--platform", "junie"], ".junie/skills"],
  [[".claude"], ["--dir", "docs/skills"], "docs/skills"],
])("an integration pulled with %j in the project and %j goes to %s", async (found, args, directory) => {
  for (const name of found) mkdirSync(join(project.root, name));
  const { code, json, stderr } = await project.run(["pull", "github", ...args]);
  const written = ["SKILL.md", "endpoints/issues/create_issue.md"].map(
    (path) => `${directory}/skillett-github/${path}`,
  );
  expect({ code, json, stderr }).toEqual({ code: 0, json: { ...nothing, written }, stderr: "" });
  expect(project.read(written[0]!)).toBe(skillMd("skillett-github"));
  expect(project.lock()[`${directory}/skillett-github`]).toEqual({
    server: project.url,
    slug: "github",
    version: "1.2.0",
    kind: "integration",
    files: {
      "SKILL.md": expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      "endpoints/issues/create_issue.md": expect.stringMatching(/^sha256:/),
    },
  });
});

test("a second pull leaves the same files alone, brings new ones and removes dropped ones", async () => {
  const args = ["pull", "notes", "--platform", "claude"];
  expect((await project.run(args)).json).toEqual({ ...nothing, written: notes });
  expect((await project.run(args)).json).toEqual({ ...nothing, unchanged: notes });
  shelf.files.notes = [file("SKILL.md", skillMd("notes", "Do it well."))];
  expect((await project.run(args)).json).toEqual({
    ...nothing,
    written: [notes[0]],
    removed: [notes[1]],
  });
  expect(project.read(notes[0]!)).toContain("Do it well.");
  expect(existsSync(join(project.root, ".claude/skills/notes/references"))).toBe(false);
});

test("skillett pull --all brings assigned skills, removes the others, and keeps those pulled by name", async () => {
  mkdirSync(join(project.root, ".claude"));
  await project.run(["pull", "github"]);
  const first = await project.run(["pull", "--all"]);
  expect(first).toMatchObject({ code: 0, json: { ...nothing, written: [...notes, triage] } });
  expect(project.lock()[".claude/skills/triage"].version).toBe("3.0.0");
  shelf.assigned = ["notes"];
  delete shelf.files.triage;
  expect((await project.run(["pull", "--all"])).json).toEqual({
    ...nothing,
    unchanged: notes,
    removed: [triage],
  });
  expect(existsSync(join(project.root, ".claude/skills/triage"))).toBe(false);
  expect(Object.keys(project.lock())).toEqual([".claude/skills/notes", ".claude/skills/skillett-github"]);
});

test("a changed file is neither overwritten nor removed, unless forced", async () => {
  mkdirSync(join(project.root, ".claude"));
  await project.run(["pull", "--all"]);
  project.write(notes[0]!, "Mine.");
  project.write(triage, "Mine too.");
  shelf.assigned = ["notes"];
  shelf.files.notes = [file("SKILL.md", skillMd("notes", "New.")), file("references/LONG.md", "Longer.\n")];
  for (const _ of ["once", "twice"]) {
    const { code, json, stderr } = await project.run(["pull", "--all"]);
    expect(code).toBe(1);
    expect(json.kept).toEqual([notes[0], triage]);
    for (const path of [notes[0], triage, "skillett pull --all --force"]) expect(stderr).toContain(path);
  }
  expect([project.read(notes[0]!), project.read(triage)]).toEqual(["Mine.", "Mine too."]);
  expect(project.read(notes[1]!)).toBe("Longer.\n");
  expect(await project.run(["pull", "--all", "--force"])).toMatchObject({
    code: 0,
    json: { ...nothing, written: [notes[0]], unchanged: [notes[1]], removed: [triage] },
  });
  expect(project.read(notes[0]!)).toContain("New.");
});

test("a file that was here before is kept, and one of the same bytes is taken over", async () => {
  project.write(notes[0]!, "Written by hand.");
  project.write(notes[1]!, "Long.\n");
  const { code, json } = await project.run(["pull", "notes"]);
  expect({ code, json }).toEqual({ code: 1, json: { ...nothing, unchanged: [notes[1]], kept: [notes[0]] } });
});

test("files a person adds to the folder of a skill stay", async () => {
  mkdirSync(join(project.root, ".claude"));
  await project.run(["pull", "--all"]);
  project.write(".claude/skills/triage/MY-NOTES.md", "Mine.");
  shelf.assigned = [];
  expect((await project.run(["pull", "--all"])).json.removed).toEqual([...notes, triage]);
  expect(project.read(".claude/skills/triage/MY-NOTES.md")).toBe("Mine.");
});

test("skillett pull --dry-run changes nothing and says what would be written", async () => {
  mkdirSync(join(project.root, ".claude"));
  const dry = await project.run(["pull", "--all", "--dry-run"]);
  expect(dry.json).toEqual({ dry_run: true, ...nothing, written: [...notes, triage] });
  expect(existsSync(join(project.root, ".skillett"))).toBe(false);
  expect(existsSync(join(project.root, ".claude/skills"))).toBe(false);
});

test("bytes come as they are, scripts stay executable, and a mode that a person has set stays", async () => {
  const bytes = Buffer.from([0, 255, 254, 10, 13, 128]);
  shelf.files.triage!.push(
    { file_path: "assets/logo.bin", content: bytes.toString("base64"), encoding: "base64" },
    { file_path: "scripts/run.sh", content: "#!/bin/sh\n", executable: true },
    { file_path: "scripts/own.sh", content: "#!/bin/sh\n" },
  );
  const at = (path: string) => join(project.root, ".agents/skills/triage", path);
  await project.run(["pull", "triage", "--platform", "agents"]);
  expect(readFileSync(at("assets/logo.bin"))).toEqual(bytes);
  expect(statSync(at("scripts/run.sh")).mode & 0o100).toBe(0o100);
  expect(statSync(at("scripts/own.sh")).mode & 0o100).toBe(0);
  chmodSync(at("scripts/own.sh"), 0o700);
  shelf.files.triage!.at(-1)!.content = "#!/bin/sh -e\n";
  expect((await project.run(["pull", "triage", "--platform", "agents"])).json.written).toHaveLength(1);
  expect(statSync(at("scripts/own.sh")).mode & 0o777).toBe(0o700);
});

test("fields of SKILL.md that are not of the standard stay, since other clients read them", async () => {
  const own =
    '---\r\nname: "triage" # as the folder\r\nargument-hint: [issue]\r\ndescription: x\r\n---\r\nBody.';
  shelf.files.triage = [file("SKILL.md", own)];
  await project.run(["pull", "triage", "--platform", "agents"]);
  expect(project.read(".agents/skills/triage/SKILL.md")).toBe(own);
});

test.each([
  "../evil.md",
  "/etc/evil",
  "a/../../evil",
  "a//b",
  "./a",
  "a\\b",
  "C:/evil",
  "a\u0000b",
  "a\nb",
  "",
  "skill.MD",
  "SKILL.md/inner",
])("a skill with the path %j is not written, nor anything else", async (path) => {
  shelf.files.notes!.push(file(path, "Evil."));
  const { code, stdout, stderr } = await project.run(["pull", "--all", "--platform", "agents"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("for notes is not written");
  expect(readdirSync(project.root)).toEqual([]);
});

test.each(["..", "a/b", "-a", "A", ".git", "", "a".repeat(65)])("no skill is written as %j", async (name) => {
  shelf.files.notes = [file("SKILL.md", skillMd(name))];
  expect((await project.run(["pull", "notes", "--platform", "agents"])).code).toBe(2);
  expect(existsSync(join(project.root, ".skillett"))).toBe(false);
});

test("nothing is written through a symbolic link in the folder", async () => {
  mkdirSync(join(project.root, "elsewhere"));
  mkdirSync(join(project.root, ".claude/skills/notes"), { recursive: true });
  symlinkSync(join(project.root, "elsewhere"), join(project.root, ".claude/skills/notes/references"));
  project.write("elsewhere/page.md", "Theirs.");
  symlinkSync(join(project.root, "elsewhere/page.md"), join(project.root, notes[0]!));
  expect((await project.run(["pull", "notes"])).json).toEqual({ ...nothing, kept: notes });
  const forced = await project.run(["pull", "notes", "--force"]);
  expect(forced).toMatchObject({ code: 1, json: { ...nothing, written: [notes[0]], kept: [notes[1]] } });
  expect(forced.stderr).toContain("Move it away");
  expect(existsSync(join(project.root, "elsewhere/LONG.md"))).toBe(false);
  expect(project.read("elsewhere/page.md")).toBe("Theirs.");
});

test("a link of the project may lead elsewhere within it, but not out of it", async () => {
  mkdirSync(join(project.root, ".agents/skills"), { recursive: true });
  mkdirSync(join(project.root, ".claude"));
  symlinkSync("../.agents/skills", join(project.root, ".claude/skills"));
  const args = ["pull", "triage", "--platform", "claude"];
  expect((await project.run(args)).code).toBe(0);
  expect(project.read(".agents/skills/triage/SKILL.md")).toBe(skillMd("triage"));
  for (const [target, words] of [
    ["/tmp", "leads out"],
    ["/tmp/skillett-that-is-not-there", "leads nowhere"],
  ] as const) {
    rmSync(join(project.root, ".claude/skills"));
    symlinkSync(target, join(project.root, ".claude/skills"));
    const out = await project.run(args);
    expect(out.code).toBe(64);
    expect(out.stderr).toContain(words);
  }
});

test.each([
  [["pull"], "--all"],
  [["pull", "notes", "--all"], "--all"],
  [["pull", "notes", "--dir", "../out"], "--dir"],
  [["pull", "notes", "--dir", "."], "--dir"],
  [["pull", "notes", "--dir", "a", "--platform", "claude"], "--dir"],
  [["pull", "notes", "--platform", "claude-desktop"], "upload it in its settings"],
  [["pull", "notes", "--platform", "emacs"], "windsurf, zed, agents"],
])("the command line %j is refused before anything is sent", async (args, words) => {
  const { code, stderr } = await project.run(args);
  expect(code).toBe(64);
  expect(stderr).toContain(words);
  expect(project.received).toEqual([]);
});

test("a skill that the server does not have is reported in the server's words", async () => {
  const { code, json } = await project.run(["pull", "nothing", "--platform", "agents"]);
  expect({ code, error: json.error }).toEqual({ code: 1, error: "not_found" });
});

test.each([
  "{",
  '{"version":2,"folders":{}}',
  '{"version":1,"folders":{"../x":{"server":null,"slug":"x","version":null,"kind":"skill","files":{}}}}',
  '{"version":1,"folders":{"x":{"server":null,"slug":"x","version":null,"kind":"skill","files":{"../../y":"sha256:0"}}}}',
])("a lock file that is none of Skillett's stops everything: %s", async (content) => {
  project.write(".skillett/lock.json", content);
  const { code, stderr } = await project.run(["pull", "--all", "--platform", "agents"]);
  expect(code).toBe(64);
  expect(stderr).toContain(".skillett/lock.json is broken");
});
