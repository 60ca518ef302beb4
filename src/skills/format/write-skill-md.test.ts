import { describe, expect, test } from "vitest";
import { readSkillFolder } from "#skills/format/read-folder.js";
import {
  editSkillMd,
  type SkillMdEdit,
  type SkillMdFacts,
  writeSkillMd,
} from "#skills/format/write-skill-md.js";

const plain = { name: "demo", description: "Does things.", instructions: "# Demo" };

function readBack(skill: SkillMdFacts) {
  const bytes = Buffer.from(writeSkillMd(skill));
  const { folder, problems } = readSkillFolder(skill.name, [{ path: "SKILL.md", bytes, executable: false }]);
  expect(problems).toEqual([]);
  return folder!;
}

test("SKILL.md is written plainly where it can be", () => {
  expect(writeSkillMd({ ...plain, category: "ops", toolIds: ["github.create_issue", "slack.post"] })).toBe(
    "---\nname: demo\ndescription: Does things.\nmetadata:\n  category: ops\n  skillett-endpoints: github.create_issue slack.post\n---\n\n# Demo\n",
  );
});

test.each([
  "Use: always",
  "- a # b",
  "'quoted' \"twice\"",
  "yes",
  "1.0",
  "&a *b !c {d} [e] @f `g` %h",
  "a --- b ----- c",
  "--- begins",
  "two\nlines",
  "--- two\n---\nlines",
  "x".repeat(1024),
  "📈 Übersicht \u2028 end",
  "ends with a colon:",
])("the description %j is read back as it was", (description) => {
  expect(readBack({ ...plain, description }).description).toBe(description);
});

describe("an edit", () => {
  const before = [
    "---",
    "# Kept as it stands.",
    "name:   demo",
    'argument-hint: "[issue]"  # why',
    "user-invocable: false",
    "description: >-",
    "  Does",
    "  things.",
    "allowed-tools: [Read, Bash(git:*)]",
    "metadata: { version: 1.0, category: ops }",
    "model: opus",
    "---",
    "",
    "# Demo  ",
    "",
  ].join("\n");
  const line = (text: string, by: string) => before.replace(text, by);

  test.each<[string, SkillMdEdit, string]>([
    ["nothing", {}, before],
    ["the name", { name: "other" }, line("name:   demo", "name: other")],
    ["a description", { description: "Other: it." }, line(">-\n  Does\n  things.", '"Other: it."')],
    ["instructions", { instructions: "New.\n" }, line("# Demo  \n", "New.\n")],
    [
      "metadata",
      { category: null, toolIds: ["a.b"] },
      line(" { version: 1.0, category: ops }", '\n  version: "1.0"\n  skillett-endpoints: a.b'),
    ],
  ])("an edit of %s leaves all other bytes as they were", (_what, edit, after) => {
    expect(editSkillMd(Buffer.from(before), edit)).toBe(after);
  });

  test.each<[string, string, SkillMdEdit, string]>([
    [
      "adds what was not there",
      "name: a\ndescription: b\n",
      { category: "x" },
      "name: a\ndescription: b\nmetadata:\n  category: x\n",
    ],
    [
      "removes metadata of which nothing is left",
      "name: a\nmetadata:\n  category: x\ndescription: b\n",
      { category: null },
      "name: a\ndescription: b\n",
    ],
    [
      "keeps values that are no YAML",
      "name: a\ndescription: b\nmodel: c: d\n",
      { description: "e" },
      "name: a\ndescription: e\nmodel: c: d\n",
    ],
    [
      "writes front matter in braces anew",
      "{name: a, description: b, model: c}\n",
      { description: "e" },
      "name: a\ndescription: e\nmodel: c\n",
    ],
  ])("an edit of SKILL.md %s", (_what, frontMatter, edit, after) => {
    expect(editSkillMd(Buffer.from(`---\n${frontMatter}---\nBody.\n`), edit)).toBe(
      `---\n${after}---\nBody.\n`,
    );
  });

  test("an edit of a file with a byte order mark and CRLF gives one without", () => {
    const bytes = Buffer.from("\ufeff---\r\nname: a\r\ndescription: b\r\n---\r\nBody.");
    expect(editSkillMd(bytes, { description: "c" })).toBe("---\nname: a\ndescription: c\n---\nBody.");
  });
});
