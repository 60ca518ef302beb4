import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readArchive } from "#skills/archive/read-archive.js";
import { writeZip } from "#skills/archive/zip.js";
import type { SkillFile } from "#skills/format/skill-folder.js";

const run = promisify(execFile);
const fixtures = fileURLToPath(new URL("../../../test/fixtures/skills", import.meta.url));
const alone = ["minimal", "release-notes", "übersicht"];
const inCollection = ["chart-pack", "on-call", "triage", "weekly"];
let work: string;

beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), "skillett-archive-"));
});
afterAll(() => rm(work, { recursive: true }));

/** The folder as it lies on disk, by path. */
async function onDisk(folder: string): Promise<Record<string, readonly [executable: boolean, hex: string]>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const read = async (file: string) => {
    const executable = ((await stat(file)).mode & 0o111) !== 0;
    return [path.relative(folder, file), [executable, (await readFile(file)).toString("hex")]] as const;
  };
  return Object.fromEntries(await Promise.all(files.map(read)));
}

function inMemory(files: SkillFile[]) {
  return Object.fromEntries(
    files.map(({ path, bytes, executable }) => [path, [executable, bytes.toString("hex")]]),
  );
}

const packers: [name: string, pack: (archive: string, folders: string[]) => Promise<unknown>][] = [
  ["tar.gz", (archive, folders) => run("tar", ["-czf", archive, "-C", fixtures, ...folders])],
  [
    "tar of GNU",
    (archive, folders) => run("tar", ["-cf", archive, "--format=gnu", "-C", fixtures, ...folders]),
  ],
  [
    "tar of POSIX",
    (archive, folders) => run("tar", ["-cf", archive, "--format=posix", "-C", fixtures, ...folders]),
  ],
  ["zip", (archive, folders) => run("zip", ["-qr", archive, ...folders], { cwd: fixtures })],
  [
    "zip of Python",
    (archive, folders) => run("python3", ["-m", "zipfile", "-c", archive, ...folders], { cwd: fixtures }),
  ],
];

const available = await Promise.all(
  packers.map(async ([name, pack]) => {
    const dir = await mkdtemp(path.join(tmpdir(), "skillett-packer-"));
    const works = await pack(path.join(dir, "try"), ["minimal"]).then(
      () => true,
      () => false,
    );
    await rm(dir, { recursive: true });
    return works ? [name] : [];
  }),
);

describe.each(packers.filter(([name]) => available.flat().includes(name)))("%s", (_name, pack) => {
  const packed = async (...folders: string[]) => {
    const archive = path.join(await mkdtemp(path.join(work, "in-")), "skills.zip");
    await pack(archive, folders);
    return readFile(archive);
  };

  test("import, export and import leave every byte as it was", async () => {
    const { skills } = await readArchive(await packed(...alone));
    expect(skills.map(({ directory }) => directory).sort()).toEqual(alone);
    for (const { directory, folder } of skills) {
      const disk = await onDisk(path.join(fixtures, directory));
      expect(inMemory(folder.files)).toEqual(disk);
      const again = await readArchive(await writeZip([{ directory, files: folder.files }]));
      expect(again.skills.map((skill) => [skill.directory, inMemory(skill.folder.files)])).toEqual([
        [directory, disk],
      ]);
    }
  });

  test("a collection is imported as its marketplace says", async () => {
    const { skills, problems } = await readArchive(await packed("collection"));
    expect(skills.map(({ directory }) => directory).sort()).toEqual(inCollection);
    expect(problems.map(({ message }) => message)).toEqual([
      "plugin reports has commands: only its skills are imported",
      "plugin elsewhere lies elsewhere: import it from there",
      "does not list collection/drafts/unlisted: left out",
      "is a file of this skill: if it should be a skill of its own, move its folder out",
    ]);
    const chart = skills.find(({ directory }) => directory === "chart-pack")!;
    const place = path.join(fixtures, "collection/plugins/reports/skills/chart-pack");
    expect(inMemory(chart.folder.files)).toEqual(await onDisk(place));
  });
});

test("the facts that a skill says of itself are read", async () => {
  const files = Object.entries(await onDisk(path.join(fixtures, "release-notes"))).map(
    ([path, [executable, hex]]): SkillFile => ({ path, executable, bytes: Buffer.from(hex, "hex") }),
  );
  const { skills, problems } = await readArchive(await writeZip([{ directory: "release-notes", files }]));
  expect(skills[0]!.folder).toMatchObject({
    toolIds: ["github.list_issues", "github.create_issue"],
    category: "engineering",
    tags: ["release", "changelog"],
    version: "1.2.0",
    author: "acme",
  });
  expect(problems.map(({ line }) => line)).toEqual([11]);
});

test("a zip of ours is the same whatever the order of its files, and others can read it", async () => {
  const files: SkillFile[] = ["b/c", "a", "SKILL.md", "b"].map((name) => ({
    path: name === "b" ? "é" : name,
    bytes: Buffer.from(name),
    executable: name === "a",
  }));
  const folders = [{ directory: "demo", files }];
  const zip = await writeZip(folders);
  expect(await writeZip([{ directory: "demo", files: files.toReversed() }])).toEqual(zip);
  const archive = path.join(work, "ours.zip");
  await writeFile(archive, zip);
  await run("unzip", ["-q", archive, "-d", path.join(work, "ours")]);
  expect(await onDisk(path.join(work, "ours/demo"))).toEqual(inMemory(files));
});
