import { packTar } from "modern-tar";
import { describe, expect, test } from "vitest";
import { SkillettError } from "#core/errors.js";
import { inspectArchive, readArchive } from "#skills/archive/read-archive.js";
import { type RawEntry, rawZip } from "#support/raw-zip.js";

const skillMd = (name: string) => `---\nname: ${name}\ndescription: Does things.\n---\nBody.\n`;
const main: RawEntry = { name: "demo/SKILL.md", content: skillMd("demo") };
const mebibyte = 1024 * 1024;

/** Where something is wrong, and what. */
async function refusal(...entries: RawEntry[]): Promise<[at: string, message: string][]> {
  const error = await readArchive(rawZip(...entries)).catch((error: SkillettError) => error);
  if (!(error instanceof SkillettError)) return expect.unreachable("was taken");
  return error.issues!.map(({ at, message }) => [at, message]);
}

describe("skills of an archive", () => {
  const found = async (...entries: RawEntry[]) =>
    (await readArchive(rawZip(...entries))).skills.map(({ directory, folder }) => [
      directory,
      folder.files.map(({ path }) => path),
    ]);

  test("a skill at the top of an archive has the slug of its name", async () => {
    expect(await found({ name: "SKILL.md", content: skillMd("demo") }, { name: "a/b" })).toEqual([
      ["demo", ["SKILL.md", "a/b"]],
    ]);
  });

  test("a skill in one folder has the slug of that folder", async () => {
    expect(await found(main, { name: "demo/x" }, { name: "README.md" })).toEqual([
      ["demo", ["SKILL.md", "x"]],
    ]);
    const { skills } = await readArchive(rawZip({ name: "Other One/SKILL.md", content: skillMd("Demo") }));
    expect(skills).toMatchObject([{ directory: "Other One", folder: { slug: "other-one", name: "Demo" } }]);
  });

  test("many skills are found at any depth, and a SKILL.md inside of a skill is a file of it", async () => {
    const other = { name: "x/y/other/skill.md", content: skillMd("other") };
    const inner = { name: "demo/assets/inner/SKILL.md", content: skillMd("inner") };
    expect(await found(main, inner, other)).toEqual([
      ["demo", ["SKILL.md", "assets/inner/SKILL.md"]],
      ["other", ["skill.md"]],
    ]);
  });

  test("files that file managers and version control leave are left out", async () => {
    const junk = ["__MACOSX/demo/._SKILL.md", "demo/.DS_Store", "demo/.git/config", "demo/._x"];
    expect(await found(main, ...junk.map((name) => ({ name })))).toEqual([["demo", ["SKILL.md"]]]);
  });

  test("names of files may be in undeclared UTF-8 or in the old code page", async () => {
    const names = [Buffer.from("demo/ä"), Buffer.from([...Buffer.from("demo/"), 0x81])];
    const [skill] = await found(main, ...names.map((name) => ({ name, flags: 0 })));
    expect(skill).toEqual(["demo", ["SKILL.md", "ä", "ü"]]);
  });

  test("an archive without a skill is refused", async () => {
    expect(await refusal({ name: "a/README.md" })).toEqual([
      ["archive", "has no skill in it: a skill is a folder with a SKILL.md"],
    ]);
    expect(await refusal({ name: "a/SKILL.MD" })).toEqual([
      ["a/SKILL.md", "is missing: rename SKILL.MD to SKILL.md"],
    ]);
  });
});

describe("files outside of every skill", () => {
  const odd: [string, Partial<RawEntry> & { name: string }][] = [
    ["a symbolic link", { name: "CLAUDE.md", mode: 0o120777, content: "AGENTS.md" }],
    ["a device", { name: "dev/x", mode: 0o020666 }],
    ["a large file", { name: "assets/film", content: Buffer.alloc(10 * mebibyte + 1) }],
    ["an encrypted file", { name: "x", flags: 0x0801 }],
    ["a damaged file", { name: "x", content: "y", crc: 1 }],
    ["a control character", { name: "docs/a\nb" }],
    ["a long name", { name: `docs/${"y".repeat(300)}` }],
    ["an empty part", { name: "docs//a" }],
    ["a name twice", { name: "readme" }],
  ];
  test.each(odd)("%s outside of every skill is of no concern", async (_name, entry) => {
    const { skills, problems } = await readArchive(
      rawZip(main, { name: "readme" }, { name: "README" }, entry),
    );
    expect(skills.map(({ place }) => place)).toEqual(["demo"]);
    expect(problems).toEqual([]);
  });

  test("a link outside of every skill in a tar is of no concern, nor is the count of files there", async () => {
    const others = Array.from({ length: 6000 }, (_x, at) => ({ name: `docs/${at}` }));
    const link = { name: "CLAUDE.md", type: "symlink" as const, linkname: "../../AGENTS.md" };
    const toTar = ({ content = "", ...header }: { name: string; content?: string }) => ({
      header: { ...header, size: content.length },
      body: content,
    });
    const { skills } = await readArchive(
      Buffer.from(
        await packTar([link, ...others, { name: "demo/SKILL.md", content: skillMd("demo") }].map(toTar)),
      ),
    );
    expect(skills.map(({ place }) => place)).toEqual(["demo"]);
  });
});

describe("skills of which one is wrong", () => {
  const good: RawEntry = { name: "kit/good/SKILL.md", content: skillMd("good") };
  const bad = (content: string, ...more: RawEntry[]): RawEntry[] => [
    { name: "kit/bad/SKILL.md", content },
    ...more,
  ];
  test.each<[string, RawEntry[], string]>([
    [
      "no description",
      bad(skillMd("bad").replace("Does things.", "")),
      "kit/bad/SKILL.md:3 description is missing",
    ],
    ["no front matter", bad("# Bad"), "kit/bad/SKILL.md:1 must begin with front matter"],
    ["a link", bad(skillMd("bad"), { name: "kit/bad/x", mode: 0o120777 }), "kit/bad/x is a symbolic link"],
    [
      "a link as SKILL.md",
      [{ name: "kit/bad/SKILL.md", mode: 0o120777 }],
      "kit/bad/SKILL.md is a symbolic link",
    ],
    ["a device", bad(skillMd("bad"), { name: "kit/bad/x", mode: 0o020666 }), "kit/bad/x is a device"],
    [
      "a large file",
      bad(skillMd("bad"), { name: "kit/bad/x", content: Buffer.alloc(10 * mebibyte + 1) }),
      "kit/bad/x has 10485761 bytes",
    ],
    ["an odd path", bad(skillMd("bad"), { name: "kit/bad/a\tb" }), "control character"],
    ["paths that clash", bad(skillMd("bad"), { name: "kit/bad/a" }, { name: "kit/bad/A" }), "in case"],
    [
      "another spelling",
      [{ name: "kit/bad/SKILL.MD", content: skillMd("bad") }],
      "rename SKILL.MD to SKILL.md",
    ],
  ])("a skill with %s is named with the reason, and the others come in", async (_name, entries, reason) => {
    const { skills, skipped, problems } = await readArchive(rawZip(...entries, good));
    expect(skills.map(({ place }) => place)).toEqual(["kit/good"]);
    expect(skipped).toEqual([{ folder: "kit/bad", reason: expect.stringContaining(reason) }]);
    expect(problems).toContainEqual(expect.objectContaining({ severity: "error" }));
    await expect(readArchive(rawZip(...entries))).rejects.toMatchObject({ code: "bad_request" });
  });

  test.each(["../x", "/x", "C:/x", "kit\\..\\x", "other/../../x"])("%j refuses all skills", async (name) => {
    expect(await refusal(good, { name })).toHaveLength(1);
  });

  test("a skill that deviates from the format comes in, unless the rules are asked for", async () => {
    const bytes = rawZip(good, ...bad(skillMd("Bad")));
    expect((await inspectArchive(bytes)).skills).toHaveLength(2);
    const strict = await inspectArchive(bytes, { strict: true });
    expect([strict.skills.length, strict.skipped.map(({ folder }) => folder)]).toEqual([1, ["kit/bad"]]);
  });
});

describe("a marketplace", () => {
  const at = (folder: string) => ({
    name: `${folder}/SKILL.md`,
    content: skillMd(folder.split("/").at(-1)!),
  });
  const folders = ["repo/skills/a", "repo/skills/b", "repo/plugins/p/skills/c"].map(at);
  const inspect = async (plugins: unknown) => {
    const content = typeof plugins === "string" ? plugins : JSON.stringify({ plugins });
    const marketplace = { name: "repo/.claude-plugin/marketplace.json", content };
    const { skills, problems } = await inspectArchive(rawZip(marketplace, ...folders));
    return [skills.map(({ directory }) => directory), problems.map((p) => [p.severity, p.message])];
  };
  const left = (...places: string[]) => [
    "warning",
    `does not list ${places.map((place) => `repo/${place}`).join(", ")}: left out`,
  ];

  test.each([
    [[{ source: "./" }], ["a", "b", "c"], []],
    [[{ source: "./", skills: ["./skills/a", "skills/b/"] }], ["a", "b"], [left("plugins/p/skills/c")]],
    [
      [
        { source: "./", skills: "./skills/" },
        { source: "./", skills: ["./skills/a"] },
      ],
      ["a", "b"],
      [left("plugins/p/skills/c")],
    ],
    [[{ source: "./plugins/p" }], ["c"], [left("skills/a", "skills/b")]],
    [[{ source: "./plugins/p", skills: ["./skills/c"] }], ["c"], [left("skills/a", "skills/b")]],
  ])("a marketplace with the plugins %j chooses the skills %j", async (plugins, skills, problems) => {
    expect(await inspect(plugins)).toEqual([skills, problems]);
  });

  test("parts of a marketplace that are not skills, or lie elsewhere, are reported", async () => {
    const plugins = [
      { name: "p", source: "./", hooks: {} },
      { name: "q", source: { source: "github", repo: "a/b" } },
    ];
    expect(await inspect(plugins)).toEqual([
      ["a", "b", "c"],
      [
        ["warning", "plugin p has hooks: only its skills are imported"],
        ["warning", "plugin q lies elsewhere: import it from there"],
      ],
    ]);
  });

  test.each([
    ["{", "is not valid JSON"],
    ["[]", "must have a list of plugins"],
    [[{ name: "p", source: "./", skills: ["./skills/none"] }], "where there is no SKILL.md"],
    [[{ name: "p", source: "./", skills: ["../../x"] }], "where there is no SKILL.md"],
    [[{ name: "p", source: "./", skills: [7] }], "where there is no SKILL.md"],
    [[{ name: "p", source: { source: "github", repo: "a/b" } }], "lists none of the skills"],
  ])("a marketplace of %j leaves out nothing", async (plugins, says) => {
    const [skills, problems] = await inspect(plugins);
    expect(skills).toEqual(["a", "b", "c"]);
    expect(problems).toContainEqual(["warning", expect.stringContaining(says)]);
  });

  test("a marketplace whose source leads out of the archive refuses it", async () => {
    const [skills, problems] = await inspect([{ name: "p", source: "../x" }]);
    expect(skills).toEqual([]);
    expect(problems).toContainEqual(["error", expect.stringContaining("outside of the archive")]);
  });

  test("a marketplace governs the folder that it is for, and none that has another", async () => {
    const marketplace = (folder: string, ...skills: string[]) => ({
      name: `${folder}.claude-plugin/marketplace.json`,
      content: JSON.stringify({ plugins: [{ name: "p", source: "./", skills }] }),
    });
    const places = ["x", "sub/a", "sub/b", "sub/own/c", "sub/own/d"];
    const chosen = async (...entries: RawEntry[]) =>
      (await inspectArchive(rawZip(...entries, ...places.map(at)))).skills.map(({ place }) => place);
    expect(await chosen(marketplace("sub/", "./a"))).toEqual(["x", "sub/a"]);
    expect(await chosen(marketplace("sub/", "./a"), marketplace("sub/own/", "./d"))).toEqual([
      "x",
      "sub/a",
      "sub/own/d",
    ]);
    expect(await chosen(marketplace("", "./x"), marketplace("sub/", "./b"))).toEqual(["x", "sub/b"]);
  });
});
