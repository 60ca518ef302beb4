import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { root } from "./sources.js";

/** The commit since which messages are held to this. */
const since = "f3c1b4bd908975e05da6605b705cff34c2b39231";

const types = ["build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"];
/** `fix(cli): …`; without a scope where a change is of all folders or of none. @see https://www.conventionalcommits.org */
const subject = new RegExp(`^(${types.join("|")})(\\([a-z0-9/-]+(,[a-z0-9/-]+)*\\))?!?: \\S`);
/** Lines at the end that name people or changes, and say nothing of why. */
const trailer = /^[A-Z][A-Za-z-]+-(by|to|id): \S/i;

interface Commit {
  id: string;
  subject: string;
  body: string;
}

it.skipIf(!isKnown(since))("commits say what they change in their subject, and why in their body", () => {
  const wrong = commits(`${since}..HEAD`).flatMap((commit) =>
    problemsOf(commit).map((it) => `${it}: ${nameOf(commit)}`),
  );
  expect(wrong).toEqual([]);
});

it.each([
  ["fix: all of it", "Because.", []],
  ["fix(cli): a flag", "Because it\nwas wrong.\n", []],
  ["refactor(cli,skills)!: rooms", "Because.", []],
  ["feat(store): a column", "", ["has no body"]],
  ["feat(store): a column", "Signed-off-by: Ada <ada@example.com>\n", ["has no body"]],
  ["feat(store): a column", "Note: others had one.", []],
  ["wip", "Because.", ["is not type(scope): subject"]],
  ["Fix(cli): a flag", "Because.", ["is not type(scope): subject"]],
  ["fix(cli):a flag", "", ["is not type(scope): subject", "has no body"]],
])("a commit %j with the body %j has the problems %j", (line, body, problems) => {
  expect(problemsOf({ id: "", subject: line, body })).toEqual(problems);
});

function problemsOf({ subject: line, body }: Commit): string[] {
  const says = body.split("\n").some((it) => it.trim() !== "" && !trailer.test(it));
  return [...(subject.test(line) ? [] : ["is not type(scope): subject"]), ...(says ? [] : ["has no body"])];
}

const nameOf = ({ id, subject: line }: Commit) => `${id.slice(0, 10)} ${line}`;

/** A fresh archive has no history, and a shallow clone may end before that commit. */
function isKnown(commit: string): boolean {
  return git("merge-base", "--is-ancestor", commit, "HEAD").status === 0;
}

/** Merges are left out: what they bring has messages of its own. */
function commits(range: string): Commit[] {
  const { stdout } = git("log", "--no-merges", "-z", "--format=%H%n%s%n%b", range);
  return stdout
    .split("\0")
    .filter((text) => text !== "")
    .map((text) => {
      const [id = "", line = "", ...body] = text.split("\n");
      return { id, subject: line, body: body.join("\n") };
    });
}

function git(...args: string[]) {
  return spawnSync("git", args, { cwd: root, encoding: "utf8" });
}
