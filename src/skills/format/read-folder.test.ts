import { describe, expect, test } from "vitest";
import { readSkillFolder } from "#skills/format/read-folder.js";
import type { SkillFile } from "#skills/format/skill-folder.js";

const file = (path: string, content: string | Buffer = "", executable = false): SkillFile => ({
  path,
  bytes: Buffer.from(content as string),
  executable,
});

const md = (frontMatter: string, body = "Body.") => `---\n${frontMatter}\n---\n${body}\n`;
const read = (content: string | Buffer, directory: string | null = "demo", ...more: SkillFile[]) =>
  readSkillFolder(directory, [file("SKILL.md", content), ...more]);
const strictly = (content: string | Buffer, directory: string | null = "demo") =>
  readSkillFolder(directory, [file("SKILL.md", content)], { strict: true });
const said = (content: string | Buffer, directory: string | null = "demo", ...more: SkillFile[]) =>
  read(content, directory, ...more).problems.map(({ line, message, severity }) => [severity, line, message]);
const base = "name: demo\ndescription: Does things.";

test("a whole folder is read with all its facts", () => {
  const script = file("scripts/a.sh", "#!/bin/sh\n", true);
  const { folder, problems } = read(
    md(
      `${base}\nlicense: MIT\nmetadata:\n  version: "1.0"\n  author: me\n  category: ops\n  tags: a, b a\n  skillett-endpoints: github.create_issue google-calendar.list_events`,
      "# Demo\n",
    ),
    "demo",
    script,
    file("LICENSE"),
  );
  expect(problems.map(({ line, message }) => [line, message])).toEqual([
    [6, "metadata.version is read as 1.0.0: write a semantic version, 1.0.0"],
  ]);
  expect(folder).toMatchObject({
    name: "demo",
    description: "Does things.",
    instructions: "# Demo",
    toolIds: ["github.create_issue", "google-calendar.list_events"],
    category: "ops",
    tags: ["a", "b"],
    version: "1.0.0",
    author: "me",
  });
  expect(folder?.frontMatter).toMatchObject({ license: "MIT", metadata: { version: "1.0" } });
  expect(folder?.files.map(({ path }) => path)).toEqual(["SKILL.md", "LICENSE", "scripts/a.sh"]);
});

describe("folders that the reference validator takes", () => {
  const taken: [name: string, content: string, directory: string | null][] = [
    ["a number as name", md("name: 42\ndescription: true"), "42"],
    ["letters of any script", md("name: übersicht-図\ndescription: x"), "übersicht-図"],
    ["a name in another normalization", md("name: u\u0308bersicht\ndescription: x"), "übersicht"],
    ["a name that is longer in UTF-16", md(`name: ${"𐐨".repeat(64)}\ndescription: x`), "𐐨".repeat(64)],
    ["1024 characters beyond the BMP", md(`name: demo\ndescription: ${"📈".repeat(1024)}`), "demo"],
    ["CRLF", md(base).replaceAll("\n", "\r\n"), "demo"],
    ["block text", md("name: demo\ndescription: >-\n  a\n  b"), "demo"],
    ["comments", md(`# a comment\n${base} # more`), "demo"],
    ["no folder name", md(base), null],
    ["no body", `---\n${base}\n---`, "demo"],
    ["a fence with more dashes", `---\n${base}\n-----\nBody`, "demo"],
  ];
  test.each(taken)("SKILL.md with %s is taken without a warning", (_name, content, directory) => {
    expect(strictly(content, directory)).toMatchObject({ folder: {}, problems: [] });
    expect(said(content, directory)).toEqual([]);
  });

  test("a file named skill.md is taken for SKILL.md", () => {
    const { folder, problems } = readSkillFolder("demo", [file("a.txt"), file("skill.md", md(base))]);
    expect(problems).toEqual([]);
    expect(folder?.files.map(({ path }) => path)).toEqual(["skill.md", "a.txt"]);
  });

  test("lists in metadata and allowed-tools are taken with a warning", () => {
    const text = md(`${base}\nallowed-tools:\n  - Read\nmetadata:\n  tags:\n    - a\n    - b\n  odd: x`);
    expect(said(text)).toEqual([
      ["warning", 4, expect.stringContaining("allowed-tools should be names separated by spaces")],
      ["warning", 7, expect.stringContaining("metadata.tags is a list or a map")],
      ["warning", 10, expect.stringContaining("metadata.odd means nothing to Skillett")],
    ]);
    expect(read(text).folder?.tags).toEqual(["a", "b"]);
  });
});

type Case = [name: string, content: string | Buffer, line: number, says: string];
const wordy = (front: string) => md(`${base}\n${front}`);

describe("folders that nobody can use", () => {
  const refused: Case[] = [
    ["no front matter", "# Demo", 1, "must begin with front matter"],
    ["front matter that is not closed", `---\n${base}`, 1, "not closed"],
    ["front matter after a blank line", `\n${md(base)}`, 1, "must begin with front matter"],
    ["UTF-16", Buffer.from(`\ufeff${md(base)}`, "utf16le"), 1, "UTF-16"],
    ["Latin-1", Buffer.from(md("name: demo\ndescription: Übersicht"), "latin1"), 3, "not valid UTF-8"],
    ["NUL", md(base, "a\nb\0"), 6, "NUL"],
    ["a control character", md("name: demo\ndescription: a\x07b"), 3, "control character"],
    ["no description", md("name: demo"), 2, "description is missing"],
    ["an empty description", md("name: demo\ndescription:"), 3, "description is missing"],
    ["a description of 8193", md(`name: demo\ndescription: ${"x".repeat(8193)}`), 3, "over 8192 characters"],
    ["no fields", md(""), 2, "must be fields"],
    ["a list", md("- name: demo"), 2, "must be fields"],
    ["a field twice", wordy("name: demo"), 4, "a field stands twice"],
    ["an endpoint without integration", wordy("metadata:\n  skillett-endpoints: a.b create"), 5, '"create"'],
    ["a bottomless list", wordy(`license:\n  ${"- ".repeat(15_000)}`), 5, "nested over 64 levels"],
    ["a bottomless list in brackets", wordy(`license: ${"[".repeat(15_000)}`), 4, "nested over 64 levels"],
  ];
  test.each(refused)("SKILL.md with %s is refused", (_name, content, line, says) => {
    for (const { folder, problems } of [read(content), strictly(content)]) {
      expect(folder).toBeNull();
      const error = problems.find(({ severity }) => severity === "error");
      expect(error).toMatchObject({ file: "SKILL.md", line, message: expect.stringContaining(says) });
    }
  });

  test("aliases that unfold without end are refused", () => {
    const bomb = Array.from({ length: 30 }, (_x, i) => `  a${i + 1}:\n    - *a${i}\n    - *a${i}`).join("\n");
    const { folder, problems } = read(md(`${base}\nmetadata:\n  a0: &a0 x\n${bomb}`));
    expect(folder).toBeNull();
    expect(problems[0]?.message).toContain("anchor");
    expect(problems.some(({ message }) => message.includes("alias"))).toBe(true);
  });

  test("aliases that unfold to more than anybody writes are text", () => {
    const long = `x: &long ${"y".repeat(10_000)}\nz: [${Array(15).fill("*long").join(", ")}]`;
    const { frontMatter } = read(md(`${base}\n${long}`)).folder!;
    expect(frontMatter.z).toMatch(/^\[\*long, /);
    expect(JSON.stringify(frontMatter).length).toBeLessThan(11_000);
  });

  test("a category and a name are measured in characters, and neither is cut within one", () => {
    const withCategory = (length: number) =>
      read(md(`${base}\nmetadata:\n  category: ${"🦊".repeat(length)}`)).folder!.category;
    expect([withCategory(64), withCategory(65)]).toEqual(["🦊".repeat(64), null]);
    const { name } = read(md(`name: a${"🦊".repeat(300)}\ndescription: Long.`)).folder!;
    expect(name).toBe(`a${"🦊".repeat(199)}`);
  });

  test("front matter over 32,768 characters is refused", () => {
    expect(said(md(`${base}\n# ${"x".repeat(40_000)}`))[0]![2]).toContain("over 32768 characters");
  });

  test("a folder without SKILL.md is refused, with the file to rename", () => {
    const [problem] = readSkillFolder("demo", [file("Skill.md", md(base))]).problems;
    expect(problem).toMatchObject({ file: "SKILL.md", message: expect.stringContaining("rename Skill.md") });
  });

  test.each([
    "../x",
    "/x",
    "C:/x",
    "C:",
    "a\\b",
    "a//b",
    "./a",
    "a\0b",
    "a\nb",
    "x".repeat(300),
    `${"ab/".repeat(200)}c`,
  ])("a folder with the path %j is refused", (path) => {
    const { folder, problems } = read(md(base), "demo", file(path));
    expect([folder, problems.length]).toEqual([null, 1]);
  });

  test.each([
    [["a.md", "A.md"], "case"],
    [["ä", "a\u0308"], "normalization"],
    [["x/a", "X/b"], "case"],
    [["a", "a"], "twice"],
    [["a", "a/b"], "file and a folder"],
    [["skill.md", "b"], "case"],
  ])("a folder with the paths %j is refused", (paths, says) => {
    const { folder, problems } = read(md(base), "demo", ...paths.map((path) => file(path)));
    expect(folder).toBeNull();
    expect(problems.map(({ message }) => message).join()).toContain(says);
  });
});

describe("names that some system cannot hold", () => {
  test.each([
    ["con", "device"],
    ["references/CON.md", "device"],
    ["aux.tar.gz/x", "device"],
    ["lpt1 .txt", "device"],
    ["com¹", "device"],
    ["a:b", "has :"],
    ["a<b>.txt", "has <"],
    ["x?.md", "has ?"],
    ['say "x".md', 'has "'],
    ["a|b*", "has |"],
    ["dot./x", "full stop or a space"],
    ["space ", "full stop or a space"],
    [`${"abcdefghi/".repeat(20)}z`, "201 characters"],
  ])("a path of %j is warned of, and the skill is taken", (path, says) => {
    const { folder, problems } = read(md(base), "demo", file(path));
    expect(folder).not.toBeNull();
    expect(problems).toEqual([
      {
        file: path.length > 120 ? `${path.slice(0, 120)}…` : path,
        line: null,
        message: expect.stringContaining(says),
        severity: "warning",
      },
    ]);
  });

  test.each(["console.md", "com10", "common/a.md", ".env.example", "a b.md", "übung.md"])(
    "a path of %j is not warned of",
    (path) => {
      expect(said(md(base), "demo", file(path))).toEqual([]);
    },
  );
});

describe("advice", () => {
  test("a body that is too long is warned of", () => {
    expect(said(md(base, "x\n".repeat(501).trimEnd()))).toEqual([
      ["warning", 505, expect.stringContaining("body has 501 lines")],
    ]);
    expect(said(md(base, "x\n".repeat(500).trimEnd()))).toEqual([]);
  });

  test("links to files that are not there are warned of", () => {
    const body = [
      "[a](references/a.md#top) [b](missing.md) `[c](code.md)` [d](https://x.test/y) [e](#e)",
      "```\n[f](fenced.md)\n```",
      "![g](../outside.png) [h](references/) [again](./missing.md)",
    ].join("\n");
    expect(said(md(base, body), "demo", file("references/a.md"))).toEqual([
      ["warning", 5, "links to missing.md, which is not in the folder: add it, or remove the link"],
      ["warning", 9, "links to ../outside.png, outside of the skill: it will not be there"],
    ]);
  });

  test("deep references and scripts without a shebang are warned of", () => {
    const { folder, problems } = read(
      md(base),
      "demo",
      file("references/deep/a.md"),
      file("references/deep/b.md"),
      file("scripts/run", "echo", true),
      file("scripts/bin", Buffer.from([0x7f, 0x45, 0]), true),
      file("scripts/module.py", "x = 1"),
    );
    expect(folder).not.toBeNull();
    expect(problems.map((problem) => problem.file)).toEqual(["references/deep", "scripts/run"]);
  });

  test("a skill within the skill is warned of", () => {
    expect(said(md(base), "demo", file("examples/inner/SKILL.md"))).toEqual([
      ["warning", null, expect.stringContaining("move its folder out")],
    ]);
  });

  test("three dashes inside plain text are warned of", () => {
    expect(said(md("name: demo\ndescription: a --- b"))).toEqual([
      ["warning", 3, expect.stringContaining("write a single dash")],
    ]);
    expect(read(md("name: demo\ndescription: a --- b")).folder?.description).toBe("a --- b");
  });

  test("advice takes linear time, whatever the body", () => {
    const { folder } = read(
      md(base, `${"[".repeat(1_000_000)}\n${"[a](".repeat(200_000)}\n${"[ab](c".repeat(700)}`),
    );
    expect(folder).not.toBeNull();
  }, 5000);
});
