import { expect, test } from "vitest";
import { buildParams, flagNames, parseFlags } from "#cli/run/flags.js";
import type { ParamsSchema } from "#cli/run/params-schema.js";

const schema: ParamsSchema = {
  required: ["repo", "title"],
  properties: {
    repo: { type: "string" },
    title: { type: "string" },
    draft: { type: "boolean" },
    per_page: { type: "integer" },
    maxResults: { type: "integer" },
    ratio: { type: "number" },
    labels: { type: "array", items: { type: "string" } },
    ids: { type: "array", items: { type: "integer" } },
    files: { type: "array", items: { type: "object", properties: { path: { type: "string" } } } },
    committer: {
      type: "object",
      properties: { name: { type: "string" }, age: { type: "integer" }, bot: { type: "boolean" } },
    },
    env: { type: "object", additionalProperties: { type: "string" } },
    open: { type: "object" },
    body: { type: ["string", "null"] },
    milestone: { type: ["integer", "null"] },
    locked: { anyOf: [{ type: "boolean" }, { type: "null" }] },
    name_or_id: { oneOf: [{ type: "string" }, { type: "integer" }] },
    id_or_name: { type: ["integer", "string"] },
    state: { enum: ["open", "closed"] },
    anything: {},
  },
};

function read(...args: string[]) {
  const { params, problems, run } = parseFlags(args, schema);
  return { params: buildParams(params, {}, problems), problems, run };
}

test.each<[string[], Record<string, unknown>]>([
  [["--title", "123"], { title: "123" }],
  [["--title", "a, b"], { title: "a, b" }],
  [["--title=--x"], { title: "--x" }],
  [["--title=a=b"], { title: "a=b" }],
  [["--title="], { title: "" }],
  [["--title", ""], { title: "" }],
  [["--title", "true"], { title: "true" }],
  [["--title", "- item"], { title: "- item" }],
  [["--title", "--draft is broken"], { title: "--draft is broken" }],
  [["--title", "- have a help"], { title: "- have a help" }],
  [["--title", "-h"], { title: "-h" }],
  [["--title", "-5"], { title: "-5" }],
  [["--draft"], { draft: true }],
  [["--no-draft"], { draft: false }],
  [["--draft=false"], { draft: false }],
  [["--draft=true"], { draft: true }],
  [["--per_page", "50"], { per_page: 50 }],
  [["--per-page", "-5"], { per_page: -5 }],
  [["--max-results", "5"], { maxResults: 5 }],
  [["--maxResults=5"], { maxResults: 5 }],
  [["--ratio", "-1.5e2"], { ratio: -150 }],
  [["--labels", "bug,priority"], { labels: ["bug", "priority"] }],
  [["--labels", "bug, priority,"], { labels: ["bug", "priority"] }],
  [["--labels", "a", "--labels", "b,c"], { labels: ["a", "b", "c"] }],
  [["--labels", '["a,b","c"]'], { labels: ["a,b", "c"] }],
  [["--labels", "1"], { labels: ["1"] }],
  [["--labels="], { labels: [] }],
  [["--ids", "1,2"], { ids: [1, 2] }],
  [
    ["--files", '{"path":"a","x":1}', "--files", '[{"path":"b"}]'],
    { files: [{ path: "a", x: 1 }, { path: "b" }] },
  ],
  [["--committer", '{"name":"Ada"}'], { committer: { name: "Ada" } }],
  [["--committer.name", "Ada", "--committer.age=3"], { committer: { name: "Ada", age: 3 } }],
  [["--committer", '{"name":"Ada"}', "--committer.bot"], { committer: { name: "Ada", bot: true } }],
  [["--no-committer.bot"], { committer: { bot: false } }],
  [["--env.A_B", "1"], { env: { A_B: "1" } }],
  [["--open.a.b", "1"], { open: { a: { b: 1 } } }],
  [["--body", "null"], { body: "null" }],
  [["--no-body"], { body: null }],
  [["--milestone", "null"], { milestone: null }],
  [["--milestone", "3"], { milestone: 3 }],
  [["--locked"], { locked: true }],
  [["--locked=null"], { locked: null }],
  [["--name_or_id", "7"], { name_or_id: "7" }],
  [["--id_or_name", "7"], { id_or_name: 7 }],
  [["--id_or_name", "seven"], { id_or_name: "seven" }],
  [["--state", "open"], { state: "open" }],
  [["--anything", "[1]"], { anything: [1] }],
  [["--anything", "word"], { anything: "word" }],
])("the flags %j are read as the params %j", (args, params) => {
  expect(read(...args)).toMatchObject({ params, problems: [] });
});

test.each<[string[], string]>([
  [["--per_page", "5x"], '--per_page expects an integer, not "5x".'],
  [["--per_page", "1.5"], '--per_page expects an integer, not "1.5".'],
  [["--per_page", "1e3"], '--per_page expects an integer, not "1e3".'],
  [["--per_page", "05"], '--per_page expects an integer, not "05".'],
  [["--per_page="], '--per_page expects an integer, not "".'],
  [["--ratio", "NaN"], '--ratio expects a number, not "NaN".'],
  [["--ratio", "1e999"], "beyond 2^53"],
  [["--per_page", "9007199254740993"], "--per_page 9007199254740993 is beyond 2^53"],
  [["--ids", "1,x"], '--ids expects an integer, not "x".'],
  [["--ids", "[9007199254740993]"], "beyond 2^53"],
  [["--committer", '{"id":9007199254740993}'], "beyond 2^53"],
  [["--draft=yes"], '--draft expects true or false, not "yes".'],
  [["--draft", "false"], "write --draft=false"],
  [["--milestone", "x"], '--milestone expects an integer, not "x".'],
  [["--labels", "[bug] x"], "must be a JSON list"],
  [["--committer", "Ada"], "--committer expects a JSON object, or dotted flags"],
  [["--committer", "[1]"], "--committer expects a JSON object"],
  [["--title", "a", "--title", "b"], "--title is given 2 times, but takes one value."],
  [["--title"], "--title needs a value"],
  [["--title", "--draft"], "--title needs a value"],
  [["--fields"], "--fields needs a value"],
  [["--titel", "x"], "Unknown flag --titel. Did you mean --title?"],
  [["--committer.nmae", "x"], "Unknown flag --committer.nmae. Did you mean --committer.name?"],
  [["--no-title"], "Unknown flag --no-title."],
  [["--open.__proto__.x", "1"], "Unknown flag --open.__proto__.x."],
  [["--toString", "1"], "Unknown flag --toString."],
  [["--__proto__", "1"], "Unknown flag --__proto__."],
  [["-t", "x"], "Unknown flag -t."],
  [["--title", "a", "b"], '"b" is left over'],
  [["--title", "a", "--", "b"], '"b" is left over'],
  [["- have"], '"- have" is left over'],
  [["--titel", "- have"], "Unknown flag --titel."],
  [["--dry-run=maybe"], "--dry-run expects true or false."],
])("the flags %j are refused", (args, problem) => {
  expect(read(...args).problems).toEqual([expect.stringContaining(problem)]);
});

test("all problems of the flags are reported at once", () => {
  expect(read("--titel", "x", "--per_page", "y", "--ratio=z").problems).toHaveLength(3);
});

test("help is asked for by a flag, not by a letter in a text", () => {
  expect(parseFlags(["--titel", "- have"], schema).run.help).toBeUndefined();
  expect(parseFlags(["--title", "x", "-h"], schema).run.help).toBe(true);
  expect(parseFlags(["--help"], schema).run.help).toBe(true);
});

test("the flags of run itself are kept apart", () => {
  const { params, run } = read("--title", "x", "--dry-run", "--fields", "a,b", "--connection=work");
  expect(params).toEqual({ title: "x" });
  expect(run).toEqual({ "dry-run": true, fields: "a,b", connection: "work" });
});

test("flags win over --params, also within an object", () => {
  const { params } = parseFlags(["--title", "new", "--committer.age", "2"], schema);
  const base = { title: "old", repo: "r", committer: { name: "Ada", age: 1 } };
  expect(buildParams(params, base, [])).toEqual({
    title: "new",
    repo: "r",
    committer: { name: "Ada", age: 2 },
  });
  expect(base.committer.age).toBe(1);
});

test("the names of all flags are known", () => {
  const names = flagNames(schema);
  expect(names).toEqual(expect.arrayContaining(["--title", "--no-draft", "--committer.name", "--dry-run"]));
  expect(names).not.toContain("--no-title");
});
