import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "#cli/skill/file-state.js";
import { createProject, createShelf, file, type Shelf, skillMd } from "#support/cli-pull.js";

let shelf: Shelf;
let project: Awaited<ReturnType<typeof createProject>>;
beforeEach(async () => {
  shelf = createShelf();
  project = await createProject(shelf);
});
afterEach(() => project.close());

const nothing = { written: [], unchanged: [], removed: [], kept: [] };

test("every client that is found gets a skill where it reads, and stderr says where", async () => {
  for (const name of [".claude", ".cursor", ".junie"]) mkdirSync(join(project.root, name));
  const { code, json, stderr } = await project.run(["pull", "triage"]);
  const folders = [".claude/skills", ".agents/skills", ".junie/skills"];
  expect({ code, json }).toEqual({
    code: 0,
    json: { ...nothing, written: folders.map((folder) => `${folder}/triage/SKILL.md`) },
  });
  for (const words of ["Claude Code (.claude/skills)", "Cursor (.agents/skills)", "Junie", "--platform"])
    expect(stderr).toContain(words);
  shelf.assigned = [];
  await project.run(["pull", "--all", "--platform", "claude"]);
  for (const folder of folders) expect(existsSync(join(project.root, folder, "triage"))).toBe(false);
});

test.each([
  ["pull", "triage"],
  ["pull", "--all"],
  ["init", ""],
])("skillett %s %s writes nothing and says so where no client is found", async (...args) => {
  const { code, stdout, stderr } = await project.run(args.filter(Boolean));
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  expect(stderr).toContain("No client of agents is found");
  expect(stderr).toContain("--platform agents");
  expect(readdirSync(project.root)).toEqual([]);
  expect(project.received).toEqual([]);
});

test("a client of the home folder is written for where the project has none", async () => {
  const home = join(project.root, "home");
  mkdirSync(join(home, ".codex"), { recursive: true });
  const { json, stderr } = await project.run(["pull", "triage"], { env: { HOME: home } });
  expect(json.written).toEqual([".agents/skills/triage/SKILL.md"]);
  expect(stderr).toContain("Codex (.agents/skills), found in your home folder");
});

test("skillett pull --user writes into the home folder, with a lock file of its own", async () => {
  const home = join(project.root, "home");
  mkdirSync(join(home, ".config/amp"), { recursive: true });
  mkdirSync(join(home, ".claude"));
  const env = { HOME: home };
  const { code, json } = await project.run(["pull", "triage", "--user"], { env });
  expect({ code, json }).toEqual({
    code: 0,
    json: {
      ...nothing,
      written: [".config/agents/skills/triage/SKILL.md", ".claude/skills/triage/SKILL.md"],
    },
  });
  expect(project.read("home/.skillett/lock.json")).toContain(".config/agents/skills/triage");
  expect(existsSync(join(project.root, ".skillett"))).toBe(false);
  const moved = { HOME: home, CLAUDE_CONFIG_DIR: join(home, "claude-config") };
  const args = ["pull", "triage", "--user", "--platform", "claude"];
  expect((await project.run(args, { env: moved })).json.written).toEqual([
    "claude-config/skills/triage/SKILL.md",
  ]);
  const away = await project.run(args, { env: { HOME: home, CLAUDE_CONFIG_DIR: "/srv/claude" } });
  expect(away).toMatchObject({ code: 64, stdout: "" });
  expect(away.stderr).toContain("CLAUDE_CONFIG_DIR leads out");
});

/** As versions wrote that took rules for skills. */
function writeUnread(content: string, written = content) {
  project.write(".cursor/rules/triage/SKILL.md", content);
  const files = { "SKILL.md": digestOf(Buffer.from(written)) };
  const folder = { server: project.url, slug: "triage", version: "3.0.0", kind: "skill", files };
  const folders = { ".cursor/rules/triage": folder };
  project.write(".skillett/lock.json", JSON.stringify({ version: 1, folders }));
}

test("a skill that an older version wrote into rules moves to where it is read", async () => {
  writeUnread(skillMd("triage"));
  project.write(".cursor/rules/own.mdc", "Mine.");
  const other = await project.run(["pull", "notes"]);
  expect(other.stderr).toContain("Cursor does not read .cursor/rules/triage");
  expect(other.stderr).toContain("skillett pull triage");
  const dry = await project.run(["pull", "triage", "--dry-run"]);
  expect(dry.json).toMatchObject({ dry_run: true, removed: [".cursor/rules/triage/SKILL.md"] });
  expect((await project.run(["pull", "triage"])).json).toEqual({
    ...nothing,
    written: [".agents/skills/triage/SKILL.md"],
    removed: [".cursor/rules/triage/SKILL.md"],
  });
  expect(existsSync(join(project.root, ".cursor/rules/triage"))).toBe(false);
  expect(project.read(".cursor/rules/own.mdc")).toBe("Mine.");
  expect(Object.keys(project.lock())).not.toContain(".cursor/rules/triage");
});

test("a skill in rules that somebody has changed stays, and is reported", async () => {
  writeUnread("Mine.", skillMd("triage"));
  const { code, json, stderr } = await project.run(["pull", "--all"]);
  expect(code).toBe(1);
  expect(json).toMatchObject({ kept: [".cursor/rules/triage/SKILL.md"] });
  expect(json.written).toContain(".agents/skills/triage/SKILL.md");
  expect(stderr).toContain(".cursor/rules/triage/SKILL.md");
  expect(project.read(".cursor/rules/triage/SKILL.md")).toBe("Mine.");
});

test("a skill in rules that Skillett did not write is left alone", async () => {
  project.write(".cursor/rules/triage/SKILL.md", skillMd("triage"));
  expect((await project.run(["pull", "triage"])).json).toMatchObject({ removed: [], kept: [] });
  expect(project.read(".cursor/rules/triage/SKILL.md")).toBe(skillMd("triage"));
});

test.each([
  ["con.md", "device"],
  ["docs/AUX", "device"],
  ["a:b", ":"],
  ["x?.md", "?"],
  ["end./a.md", "full stop"],
  ["end /a.md", "space"],
])(
  "a skill with the path %j is written all the same, with a warning for those who use Windows",
  async (path, words) => {
    mkdirSync(join(project.root, ".claude"));
    await project.run(["pull", "--all"]);
    shelf.files.notes!.push(file(path, "Text."));
    const { code, json, stderr } = await project.run(["pull", "--all"]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ written: [`.claude/skills/notes/${path}`] });
    for (const word of ["notes:", JSON.stringify(path), words, "Windows"]) expect(stderr).toContain(word);
    expect(project.read(`.claude/skills/notes/${path}`)).toBe("Text.");
  },
);

test.each([["pull", "triage"], ["init"]])("a lock file elsewhere is not used by %s", async (...args) => {
  const elsewhere = mkdtempSync(join(tmpdir(), "skillett-elsewhere-"));
  try {
    mkdirSync(join(project.root, ".claude"));
    symlinkSync(elsewhere, join(project.root, ".skillett"));
    const { code, stderr } = await project.run(args.filter(Boolean));
    expect(code).toBe(64);
    expect(stderr).toContain(".skillett/lock.json leads out");
    expect(readdirSync(elsewhere)).toEqual([]);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});
