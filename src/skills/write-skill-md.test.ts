import { expect, test } from "vitest";
import { readSkillFolder } from "#skills/folder.js";
import { type SkillMdFacts, writeSkillMd } from "#skills/write-skill-md.js";

const plain = { name: "demo", description: "Does things.", instructions: "# Demo" };

function readBack(skill: SkillMdFacts) {
  const bytes = Buffer.from(writeSkillMd(skill));
  const { folder, problems } = readSkillFolder(skill.name, [{ path: "SKILL.md", bytes, executable: false }]);
  expect(problems).toEqual([]);
  return folder!;
}

test("is plain where it can be", () => {
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
])("the description %j comes back", (description) => {
  expect(readBack({ ...plain, description }).description).toBe(description);
});

test("fields that are not named are kept, others replaced or removed", () => {
  const before = readBack({
    ...plain,
    category: "ops",
    toolIds: ["github.create_issue"],
    frontMatter: { license: "MIT", "allowed-tools": "Read", metadata: { author: "me", version: "1.0.0" } },
  });
  const after = readBack({
    ...plain,
    description: "Other.",
    category: null,
    toolIds: [],
    frontMatter: before.frontMatter,
  });
  expect(after.frontMatter).toEqual({
    name: "demo",
    description: "Other.",
    license: "MIT",
    "allowed-tools": "Read",
    metadata: { author: "me", version: "1.0.0" },
  });
  const same = readBack({ ...plain, frontMatter: before.frontMatter });
  expect(same.frontMatter).toEqual(before.frontMatter);
});

test("metadata that is empty is left out", () => {
  expect(writeSkillMd({ ...plain, category: null, frontMatter: { metadata: "" } })).not.toContain("metadata");
});
