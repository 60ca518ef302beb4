import { expect, test } from "vitest";
import { readSkillMd } from "#cli/skill/front-matter.js";

const page = (front: string, body = "Body.\n") => `---\n${front}---\n${body}`;

test.each([
  ["name: notes\n", "notes"],
  ["name: 'notes'\n", "notes"],
  ['"name": "notes"   # own\n', "notes"],
  ["# about\nname: notes\ndescription: a\n", "notes"],
])("the front matter %j has a name", (front, name) => {
  expect(readSkillMd(page(front))).toEqual({ name, version: null });
});

test.each([
  ["metadata:\n  author: a\n  version: 1.2.0 # now\n", "1.2.0"],
  ['metadata: { version: "2.0.0-rc.1", author: a }\n', "2.0.0-rc.1"],
  ["description: version 3\n", null],
])("the front matter %j has the version %j", (front, version) => {
  expect(readSkillMd(page(`name: notes\n${front}`))?.version).toBe(version);
});

test("front matter is read with any line ends and a byte order mark", () => {
  const text = "\uFEFF---\r\nname: notes\r\ndescription: |\r\n  a\r\n\r\n  b: c\r\n---\r\nBody.\r\n";
  expect(readSkillMd(text)).toEqual({ name: "notes", version: null });
});

test("lists at the margin and text of several lines go with their field", () => {
  const front = "hooks:\n- name: a\n- b\n\nname: notes\nversion: 1\n";
  expect(readSkillMd(page(front))).toEqual({ name: "notes", version: null });
});

test.each(["Body.\n", page("description: a\n"), page("{ name: notes }\n"), "---\nname: notes\n", page("")])(
  "the text %j has no name of a skill",
  (text) => expect(readSkillMd(text)).toBeUndefined(),
);
