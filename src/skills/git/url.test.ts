import { expect, test } from "vitest";
import { gitPlace, splitRef } from "#skills/git/url.js";

const place = (url: string, more: object = {}) => ({ url, ref: null, folder: null, ...more });

test.each([
  ["https://github.com/owner/repo", place("https://github.com/owner/repo")],
  ["https://github.com/owner/repo/", place("https://github.com/owner/repo")],
  ["https://github.com/owner/repo.git", place("https://github.com/owner/repo.git")],
  ["owner/repo", place("https://github.com/owner/repo")],
  ["https://git.example.com/team/sub/repo.git", place("https://git.example.com/team/sub/repo.git")],
  [
    "https://github.com/owner/repo/tree/main/skills/notes",
    place("https://github.com/owner/repo", { refAndFolder: "main/skills/notes" }),
  ],
  [
    "https://github.com/owner/repo/blob/main/skills/notes/SKILL.md",
    place("https://github.com/owner/repo", { refAndFolder: "main/skills/notes" }),
  ],
  [
    "https://gitlab.com/group/sub/repo/-/tree/feature/x/a%20b",
    place("https://gitlab.com/group/sub/repo", { refAndFolder: "feature/x/a b" }),
  ],
  [
    "https://codeberg.org/owner/repo/src/branch/main/skills",
    place("https://codeberg.org/owner/repo", { refAndFolder: "main/skills" }),
  ],
])("the address %s is a repository", (url, expected) => {
  expect(gitPlace({ url })).toEqual(expected);
});

test.each(["https://skills.example.com", "https://skills.example.com/team/skills", "skills", "", "a/b/c"])(
  "the address %s is no repository by itself",
  (url) => {
    expect(gitPlace({ url })).toBeUndefined();
  },
);

test("a ref or a folder makes any address a repository", () => {
  const url = "https://git.example.com/team/repo";
  expect(gitPlace({ url, ref: "main", folder: "./a//b/" })).toEqual(
    place(url, { ref: "main", folder: "a/b" }),
  );
});

test.each([
  { url: "git@github.com:owner/repo.git" },
  { url: "ssh://git@github.com/owner/repo" },
  { url: "file:///etc/repo.git" },
  { url: "https://user:secret@github.com/owner/repo" },
  { url: "https://github.com/owner/repo?token=secret" },
  { url: "https://github.com/owner/repo", ref: "a..b" },
  { url: "https://github.com/owner/repo", ref: "-x" },
  { url: "https://github.com/owner/repo", folder: "a/../../b" },
  { url: "https://github.com/owner/repo/tree/main/%zz" },
  { url: "https://github.com/owner/repo/tree/%E0%A4%A" },
  { url: "https://github.com/owner/repo/tree/main%0Aref-prefix%20refs/heads" },
])("a source of %j is refused without repeating a secret", (given) => {
  expect(() => gitPlace(given)).toThrow(expect.objectContaining({ code: "bad_request" }));
  try {
    gitPlace(given);
  } catch (error) {
    expect((error as Error).message).not.toContain("secret");
  }
});

test("the longest branch that an address begins with counts", () => {
  const refs = ["main", "feature", "feature/x"];
  expect(splitRef("feature/x/skills", refs)).toEqual({ ref: "feature/x", folder: "skills" });
  expect(splitRef("feature/y", refs)).toEqual({ ref: "feature", folder: "y" });
  expect(splitRef("main", refs)).toEqual({ ref: "main", folder: null });
  expect(splitRef("maintenance", refs)).toBeUndefined();
});
