import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Integration } from "#catalog/integration.js";
import { readCatalog } from "#catalog/load/load.js";
import { createOwnListings } from "#skills/listings/own-listings.js";

let root: string;
let now: number;
let told: string[];
const none = new Map();
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "own-skills-"));
  now = 1_000_000;
  told = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(at: string, content = `---\ndescription: For ${at}.\n---\nDo it.\n`): void {
  const file = path.join(root, at);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const open = () =>
  createOwnListings({
    integrations: () => none,
    builtInDir: path.join(root, "built-in"),
    dirs: [path.join(root, "own")],
    version: "1.0.0",
    warn: (text) => told.push(text.replaceAll(root, "")),
    clock: () => now,
  });
type Own = ReturnType<typeof open>;
const refs = async (own: Own) => (await own.list()).map(({ source, name }) => `${source}/${name}`);

test("dot folders and deep ones are read, whatever their names, and folders left out are reported", async () => {
  put("built-in/skillett/SKILL.md");
  put("own/.curated/One Skill/SKILL.md");
  put("own/a/b/c/d/e/f/two/skill.md");
  put("own/a/b/c/d/e/f/two/.hidden/x", "x");
  put("own/1/2/3/4/5/6/7/8/9/10/11/12/13/three/SKILL.md");
  put("own/four/SKILL.MD");
  put("own/five/SKILL.md", "No front matter.");
  put("own/z/two/SKILL.md");
  put("own/node_modules/six/SKILL.md");
  put("own/seven/SKILL.md");
  symlinkSync("/etc/passwd", path.join(root, "own/seven/link"));
  symlinkSync(path.join(root, "built-in"), path.join(root, "own/linked"));
  symlinkSync(path.join(root, "own/five/SKILL.md"), path.join(root, "own/CLAUDE.md"));
  const own = open();
  expect(own.names).toEqual(new Set(["skillett", "own"]));
  expect(await refs(own)).toEqual(["skillett/skillett", "own/one-skill", "own/two"]);
  const leftOut: [at: string, why: string][] = [
    ["1/2/3/4/5/6/7/8/9/10/11/12/13", "it lies over 12 levels deep"],
    ["five", "SKILL.md: must begin with front matter"],
    ["four", "SKILL.md: is missing: rename SKILL.MD to SKILL.md"],
    ["linked", "it is a symbolic link, which is not followed"],
    ["seven", "link: is a symbolic link"],
    ["z/two", "it goes by two, as does /own/a/b/c/d/e/f/two"],
  ];
  for (const [at, why] of leftOut)
    expect(told).toContainEqual(expect.stringContaining(`/own/${at} is left out: ${why}`));
  expect(told).toHaveLength(leftOut.length);
  const two = (await own.list()).find(({ name }) => name === "two")!;
  expect((await two.load()).folder.files.map((file) => file.path)).toEqual(["skill.md", ".hidden/x"]);
});

test("a changed directory is read again when somebody asks a minute later, and its problems are reported once", async () => {
  put("own/one/SKILL.md");
  put("own/bad/SKILL.md", "No front matter.");
  const own = open();
  expect(await refs(own)).toEqual(["own/one"]);
  put("own/one/more.md", "More.");
  put("own/two/SKILL.md");
  const before = await own.list();
  now += 61_000;
  // The old listings are returned; the directory is read in the background.
  expect(await own.list()).toEqual(before);
  await expect.poll(() => refs(own)).toEqual(["own/one", "own/two"]);
  const [one] = await own.list();
  expect(one!.digest).not.toBe(before[0]!.digest);
  expect(told.filter((text) => text.includes("/own/bad"))).toHaveLength(1);
});

test("a skill that has not changed is not read again", async () => {
  put("own/one/SKILL.md");
  put("own/two/SKILL.md");
  const own = open();
  const [one, two] = await own.list();
  utimesSync(path.join(root, "own/two/SKILL.md"), 1, 1);
  now += 61_000;
  await expect.poll(async () => (await own.list())[1]).not.toBe(two);
  expect((await own.list())[0]).toBe(one);
});

test("a directory that cannot be read is reported, and offers nothing", async () => {
  expect(await refs(open())).toEqual([]);
  for (const dir of ["built-in", "own"])
    expect(told).toContainEqual(expect.stringContaining(`/${dir} is left out: it cannot be read`));
});

test("the skills of integrations follow the shared ones when those are replaced", async () => {
  const { integrations } = readCatalog(["integrations"]);
  let shared: ReadonlyMap<string, Integration> = new Map([...integrations].slice(0, 2));
  const own = createOwnListings({
    integrations: () => shared,
    builtInDir: path.join(root, "built-in"),
    dirs: [],
    version: "1.0.0",
    warn: (text) => told.push(text),
    clock: () => now,
  });
  const names = async () => (await own.list()).map(({ name }) => name);
  expect(await names()).toEqual([...shared.keys()].map((slug) => `skillett-${slug}`));
  shared = new Map([...integrations].slice(1, 3));
  expect(await names()).toEqual([...shared.keys()].map((slug) => `skillett-${slug}`));
  const [first] = await own.list();
  expect((await first!.load()).folder.files.length).toBeGreaterThan(1);
});
