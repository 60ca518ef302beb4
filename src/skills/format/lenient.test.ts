import { describe, expect, test } from "vitest";
import { readSkillFolder } from "#skills/format/read-folder.js";

const md = (frontMatter: string, body = "Body.") => `---\n${frontMatter}\n---\n${body}\n`;
const files = (content: string | Buffer) => [
  { path: "SKILL.md", bytes: Buffer.from(content as string), executable: false },
];
const read = (content: string | Buffer, directory: string | null = "demo") =>
  readSkillFolder(directory, files(content));
const strictly = (content: string | Buffer, directory: string | null = "demo") =>
  readSkillFolder(directory, files(content), { strict: true });
const said = (content: string, directory: string | null) =>
  read(content, directory).problems.map(({ line, message, severity }) => [severity, line, message]);
const base = "name: demo\ndescription: Does things.";

type Case = [name: string, content: string | Buffer, line: number, says: string];
const wordy = (front: string) => md(`${base}\n${front}`);

describe("deviations from the format", () => {
  const deviations: Case[] = [
    ["a byte order mark", `\ufeff${md(base)}`, 1, "byte order mark"],
    ["no name", md("description: x"), 2, "name is missing"],
    ["an empty name", md("name:\ndescription: x"), 2, "name is missing"],
    ["a list as name", md("name:\n  - x\ndescription: x"), 2, "name is missing"],
    ["a description of 1025", md(`name: demo\ndescription: ${"x".repeat(1025)}`), 3, "has 1025 characters"],
    ["a compatibility of 501", wordy(`compatibility: ${"x".repeat(501)}`), 4, "has 501 characters"],
    ["a list as compatibility", wordy("compatibility:\n  - x"), 4, "must be text"],
    ["a map as allowed-tools", wordy("allowed-tools:\n  a: b"), 4, "allowed-tools should be"],
    ["another field", wordy("version: 1.0.0"), 4, "version is not a field of the format"],
    ["a colon in plain text", md("name: demo\ndescription: Use: always"), 3, "must stand in quotes"],
    ["a colon that goes on", md("name: demo\ndescription: Use: a\n  b: c\n\n  d"), 3, "must stand in quotes"],
    ["a value that begins with @", wordy("license: @me"), 4, "must stand in quotes"],
    ["a value that begins with %", wordy("license: %me"), 4, "must stand in quotes"],
    ["a list in the line of its field", wordy("license: - me"), 4, "special characters in quotes"],
    ["an alias of nothing", wordy("license: *me"), 4, "alias"],
    ["quotes within quotes", wordy("license: 'It's mine'"), 4, "special characters in quotes"],
    ["text after quotes", wordy('license: "It" is mine'), 4, "special characters in quotes"],
    ["a quote that is not closed", md("name: demo\ndescription: 'x"), 4, "not valid YAML"],
    ["a bracket that is not closed", wordy("argument-hint: [x"), 4, "is not a field"],
    ["a tab", wordy("metadata:\n\tversion: 1.0.0"), 5, "tab"],
    ["a list in brackets", wordy("metadata:\n  tags: [a, b]"), 5, "{…} or […]"],
    ["a map in braces", wordy("metadata: {version: 1.0.0}"), 4, "{…} or […]"],
    ["a description in brackets", md("name: demo\ndescription: [a] b"), 3, "{…} or […]"],
    ["a description that is a list", md("name: demo\ndescription: [a, b]"), 3, "{…} or […]"],
    ["an anchor", md("name: &a demo\ndescription: x"), 2, "anchor"],
    ["an alias", md("name: &a demo\ndescription: *a"), 2, "anchor"],
    ["a tag", md("name: !!str demo\ndescription: x"), 2, "tag"],
    ["a tag of a list", wordy("license: !!seq\n  - a"), 5, "tag"],
    ["--- in quotes", md(`name: demo\ndescription: "a --- b"`), 3, "write a single dash"],
  ];
  test.each(deviations)("SKILL.md with %s is only refused when strict", (_name, content, line, says) => {
    const lenient = read(content);
    expect(lenient.folder).toMatchObject({
      slug: "demo",
      files: [{ bytes: Buffer.from(content as string) }],
    });
    expect(lenient.problems.map(({ severity }) => severity)).not.toContain("error");
    const { folder, problems } = strictly(content);
    expect(folder).toBeNull();
    expect(problems.map(({ file, message }) => [file, message])).toEqual(
      lenient.problems.map(({ file, message }) => [file, message]),
    );
    const problem = problems.find(({ message }) => message.includes(says));
    expect(problem, JSON.stringify(problems)).toMatchObject({ file: "SKILL.md", severity: "error", line });
  });

  test.each([
    ["Use: always", "Use: always"],
    ["Use: a\n  b: c", "Use: a b: c"],
    ["'It's mine'", "It's mine"],
    ['"It" is mine', '"It" is mine'],
    ["@me and \\ me", "@me and \\ me"],
    ["[a] b", "[a] b"],
    ["[a, b]", "[a, b]"],
    ["a # b", "a"],
  ])("the description %j is read as %j", (written, read_) => {
    expect(read(md(`name: demo\ndescription: ${written}`)).folder?.description).toBe(read_);
  });

  test("fields that clients read are kept as they are, text in all of them", () => {
    const fields = [
      "argument-hint: '[issue]'",
      "disable-model-invocation: true",
      "user-invocable: no",
      "model: opus",
      "allowed-tools: [Read, 'Bash(git:*)']",
      "context: fork",
      "hooks: { PreToolUse: [{ matcher: Bash, hooks: [{ type: command, timeout: 10 }] }] }",
      "metadata: { version: 1.0, openclaw: { emoji: x } }",
    ].join("\n");
    expect(read(wordy(fields)).folder).toMatchObject({
      version: "1.0.0",
      frontMatter: {
        "argument-hint": "[issue]",
        "disable-model-invocation": "true",
        "user-invocable": "no",
        model: "opus",
        "allowed-tools": ["Read", "Bash(git:*)"],
        context: "fork",
        hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", timeout: "10" }] }] },
        metadata: { version: "1.0", openclaw: { emoji: "x" } },
      },
    });
  });
});

describe("the slug", () => {
  test.each<[name: string, directory: string | null, slug: string, says: string]>([
    ["Demo", "demo", "demo", "must be in lower case: demo"],
    ["-demo", "demo", "demo", "dash"],
    ["demo-", "demo", "demo", "dash"],
    ["de--mo", "demo", "demo", "dash"],
    ["de_mo", "demo", "demo", "letters, digits and dashes only"],
    ["de mo", "demo", "demo", "letters, digits and dashes only"],
    ["../demo", "demo", "demo", "letters, digits and dashes only"],
    ["x".repeat(65), "demo", "demo", "has 65 characters"],
    ["other", "demo", "demo", "its folder is demo"],
    ["demo", "My_Demo 2", "my-demo-2", "its folder is My_Demo 2"],
    ["My Demo", null, "my-demo", "it comes in as my-demo"],
    ["demo", "…", "demo", "its folder is …"],
    ["!!!", "demo", "demo", "letters, digits and dashes only"],
  ])("the slug of the name %s in %j is %s", (name, directory, slug, says) => {
    const content = md(`name: "${name}"\ndescription: x`);
    expect(read(content, directory).folder).toMatchObject({ name, slug });
    expect(said(content, directory)).toContainEqual(["warning", 2, expect.stringContaining(says)]);
    expect(strictly(content, directory).folder).toBeNull();
  });

  test("the slug is that of the folder where there is no name, and none where there is neither", () => {
    expect(read(md("description: x"), "Demo").folder).toMatchObject({ name: "Demo", slug: "demo" });
    expect(read(md("description: x"), null).folder).toBeNull();
    expect(read(md("name: …\ndescription: x"), "…").folder).toBeNull();
  });
});
