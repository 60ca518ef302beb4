import { expect, test } from "vitest";
import { type Download, toFolder } from "#cli/skill/downloaded.js";

const download = (skillMd: string, more: Partial<Download> = {}): Download => ({
  slug: "my-skill",
  files: [{ file_path: "SKILL.md", content: skillMd }],
  ...more,
});
const facts = { server: "https://skillett.test" };

test.each([
  ["names it otherwise", "---\nname: My Skill\ndescription: x\n---\n"],
  ["has no name", "---\ndescription: x\n---\n"],
  ["is in braces", "---\n{ name: other, description: x }\n---\n"],
])("a skill lies in the folder that the server names where SKILL.md %s", (_how, skillMd) => {
  const folder = toFolder(download(skillMd, { directory: "my-skill" }), facts);
  expect(folder).toMatchObject({ name: "my-skill", kind: "skill", files: [{ bytes: Buffer.from(skillMd) }] });
});

test("a folder that the server does not name has the name in SKILL.md", () => {
  expect(toFolder(download("---\nname: other\n---\n"), facts)).toMatchObject({
    name: "other",
    kind: "integration",
  });
  expect(() => toFolder(download("---\ndescription: x\n---\n"), facts)).toThrow("no SKILL.md with a name");
});

test.each(["..", "a/b", "A", ""])("the folder %j is not written", (directory) => {
  expect(() => toFolder(download("---\nname: a\n---\n", { directory }), facts)).toThrow("cannot be the name");
});
