import { expect, it } from "vitest";
import { readSkillFolder } from "#skills/format/read-folder.js";
import { readInstructions } from "#skills/format/skill-md.js";

const head = "---\nname: notes\ndescription: Notes.\n---";
const ways: Record<string, string> = {
  "as it is written": `${head}\n\n# Notes\n\nDo it.\n`,
  "with lines that end as on Windows": `${head}\n\nOne.\nTwo.\n`.replaceAll("\n", "\r\n"),
  "after a byte order mark": `\ufeff${head}\nDo it.`,
  "with a line of dashes in it": `${head}\nOne.\n\n---\n\nTwo.\n`,
  "after a value that has dashes": "---\nname: notes\ndescription: a --- b\n---\nDo it.\n",
  "after a field that is no YAML": "---\nname: notes\ndescription: Use when: [a] it is\n---\nDo it.\n",
  "after a fence with spaces": "---  \nname: notes\ndescription: Notes.\n---\nDo it.\n",
  "in the line of the closing fence": "---\nname: notes\ndescription: Notes.\n--- Do it.\n",
  "with nothing in it": `${head}\n`,
};

it.each(Object.entries(ways))("instructions %s are the same, whether validated or not", (_way, text) => {
  const bytes = Buffer.from(text);
  const { folder } = readSkillFolder("notes", [{ path: "SKILL.md", bytes, executable: false }]);
  expect(readInstructions(bytes)).toBe(folder!.instructions);
});

it("the instructions of a file that is no SKILL.md are empty", () => {
  expect(readInstructions(Buffer.from("No front matter."))).toBe("");
  expect(readInstructions(Buffer.from([0xff, 0xfe]))).toBe("");
});
