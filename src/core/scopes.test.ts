import { describe, expect, test } from "vitest";
import {
  allows,
  checkScopes,
  covers,
  coversAll,
  readingPart,
  type Target,
  touches,
  withoutRaw,
} from "#core/scopes.js";

const target = (text: string): Target => {
  const [integration = "", endpoint = "", effect = ""] = text.split(" ");
  return { integration, endpoint, effect: effect as Target["effect"] };
};

describe("calls that scopes allow", () => {
  test.each<[scope: string, yes: string[], no: string[]]>([
    ["*", ["github create_issue write", "slack delete_message destructive"], []],
    ["github", ["github create_issue write", "github delete_repo destructive"], ["gmail send_email write"]],
    [
      "github.create_issue",
      ["github create_issue write"],
      ["github create_issues write", "gitlab create_issue write"],
    ],
    [
      "github.list_*",
      ["github list_issues read", "github list_ read"],
      ["github get_list_x read", "slack list_channels read"],
    ],
    ["github.*_issue", ["github create_issue write"], ["github list_issues read"]],
    [
      "github.get_*_of_*",
      ["github get_head_of_branch read"],
      ["github get_head read", "github get_of_x read"],
    ],
    ["github.**", ["github delete_repo destructive"], ["slack list_channels read"]],
    ["github:read", ["github list_issues read"], ["github create_issue write", "slack list_channels read"]],
    [
      "github:write",
      ["github create_issue write"],
      ["github list_issues read", "github delete_repo destructive"],
    ],
    ["github:destructive", ["github delete_repo destructive"], ["github create_issue write"]],
    ["*:read", ["github list_issues read", "slack list_channels read"], ["slack post_message write"]],
    [
      "github:raw",
      ["github request raw"],
      ["slack request raw", "github request read", "github get_raw read"],
    ],
  ])("the scope %s allows its own calls, and no others", (scope, yes, no) => {
    expect(yes.filter((it) => !allows([scope], target(it)))).toEqual([]);
    expect(no.filter((it) => allows([scope], target(it)))).toEqual([]);
  });

  test.each([
    "",
    ".",
    ":",
    "github.",
    "github:",
    ".x",
    ":read",
    "github.a.b",
    "github:read:write",
    "*.list_*",
    "*:raw",
  ])("a text that is no scope allows nothing: %j", (scope) => {
    expect(allows([scope], target("github list_issues read"))).toBe(false);
    expect(touches([scope], "github")).toBe(false);
    expect(covers([scope], ["github.list_issues"])).toBe(false);
    expect(covers(["*"], [scope])).toBe(false);
  });

  const others = ["*", "github", "github.*", "github.**", "github.request", "github.raw", "github.*raw"];
  const byEffect = [
    "*:read",
    "*:write",
    "*:destructive",
    "github:read",
    "github:*",
    "*:*",
    "**:raw",
    "slack:raw",
  ];
  test.each([...others, ...byEffect])("%s does not contain the scope for raw requests", (scope) => {
    expect(allows([scope], target("github request raw"))).toBe(false);
    expect(covers([scope], ["github:raw"])).toBe(false);
    expect(covers(["github:raw"], [scope])).toBe(false);
  });

  test("the scope for raw requests is in no sum of others, and contains nothing but itself", () => {
    expect(covers([...others, ...byEffect], ["github:raw"])).toBe(false);
    expect(covers(["github:raw"], ["github:raw"])).toBe(true);
    expect(touches(["github:raw"], "github")).toBe(true);
    expect(touches(["github:raw"], "slack")).toBe(false);
    expect(coversAll(["github:raw"], "github")).toBe(false);
  });

  test("no default gives the scope for raw requests", () => {
    expect(withoutRaw(["*", "github:raw", "slack"])).toEqual(["*", "slack"]);
    expect(readingPart(["github:raw"], new Map())).toEqual([]);
  });

  test("any one of several scopes will do, and no scope allows nothing", () => {
    expect(allows(["slack", "github:read"], target("github list_issues read"))).toBe(true);
    expect(allows([], target("github list_issues read"))).toBe(false);
  });

  test("a pattern of many stars is judged at once", () => {
    const started = performance.now();
    expect(allows([`github.${"*a".repeat(90)}*b`], target(`github ${"a".repeat(10_000)} read`))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

test("an integration is touched by any part of it, and covered by the whole alone", () => {
  for (const scope of ["*", "github", "github.*"]) expect(coversAll([scope], "github")).toBe(true);
  for (const scope of ["github.list_*", "github:read", "*:write"]) {
    expect(touches([scope], "github")).toBe(true);
    expect(coversAll([scope], "github")).toBe(false);
  }
  expect(touches(["slack", "slack:read"], "github")).toBe(false);
});

test.each<[outer: string[], inner: string[], expected: boolean]>([
  [["*"], ["*"], true],
  [["*"], ["github", "slack.post_*", "*:read"], true],
  [["github", "slack"], ["slack", "github.list_*", "github:write"], true],
  [["github"], ["*"], false],
  [["github"], ["*:read"], false],
  [["github"], ["github", "slack"], false],
  [["github.*"], ["github"], true],
  [["github.list_*"], ["github.list_issues"], true],
  [["github.list_*"], ["github.list_issue*"], true],
  [["github.list_*"], ["github.list*"], false],
  [["github.list_*"], ["github.*"], false],
  [["github.list_issue"], ["github.list_*"], false],
  [["github.*_issue"], ["github.create*_issue"], true],
  [["github:read"], ["github:read"], true],
  [["github:write"], ["github:destructive"], false],
  [["github:read"], ["github.list_issues"], false],
  [["github.list_*"], ["github:read"], false],
  [["*:read"], ["github:read", "*:read"], true],
  [["*:read"], ["github"], false],
  [["github:read", "github:write", "github:destructive"], ["github"], false],
  [["github"], [], true],
])("%j covers the scopes %j: %s", (outer, inner, expected) => {
  expect(covers(outer, inner)).toBe(expected);
});

test.each<[string, boolean]>([
  ["*", true],
  ["github", true],
  ["github:read", true],
  ["github.find_code", true],
  ["github.seek_code", true],
  ["github.search_code", true],
  ["github.find_*", true],
  ["github.seek_*", false],
  ["github.search_*", false],
  ["github.*_code", true],
])("the scope %s allows an endpoint of three names: %s", (scope, expected) => {
  const formerly = ["find_code", "seek_code"];
  expect(allows([scope], { ...target("github search_code read"), formerly })).toBe(expected);
  const known = new Map([
    ["github", { endpoints: new Map([["search_code", { effect: "read" as const, formerly }]]) }],
  ]);
  const narrowed = readingPart([scope], known);
  expect(narrowed.length > 0 && allows(narrowed, target("github search_code read"))).toBe(expected);
});

describe("checkScopes", () => {
  const endpoints = new Map([
    ["create_issue", {}],
    ["list_issues", {}],
    ["search_code", { formerly: ["find_code", "seek_code"] }],
  ]);
  const known = new Map([
    ["github", { endpoints }],
    ["gmail", { endpoints: new Map() }],
  ]);

  test("every scope there is is accepted", () => {
    const good = [
      "*",
      "github",
      "github.create_issue",
      "github.list_*",
      "github.find_*",
      "github.*",
      "github:read",
      "*:read",
      "gmail",
      "gmail:raw",
    ];
    expect(checkScopes(good, known)).toEqual([]);
  });

  test.each([
    ["gmial", "there is no integration gmial. Did you mean gmail?"],
    ["gmial:read", "there is no integration gmial. Did you mean gmail?"],
    ["github.create_isue", "github has no endpoint create_isue. Did you mean create_issue?"],
    ["github.delete_*", "github has no endpoint delete_*."],
    [
      "github.seek_code",
      "github has no endpoint seek_code any more: it is called search_code now. Did you mean",
    ],
    ["github.search_*", "github.search_code is not meant by a pattern of its new name: name it itself"],
    ["github.seek_*", "github has no endpoint seek_*."],
    ["github:reed", "there is no effect reed: it is read, write, destructive, raw. Did you mean read?"],
    ["*.list_*", "*.list_* is no scope"],
    ["*:raw", "raw requests are given for each integration by name: write github:raw"],
    ["gmial:raw", "there is no integration gmial. Did you mean gmail?"],
    ["github:rav", "it is read, write, destructive, raw. Did you mean raw?"],
    ["github repo", "there is no integration github repo."],
    ["GITHUB", "there is no integration GITHUB. Did you mean github?"],
  ])("the scope %s is refused: %s", (scope, message) => {
    expect(checkScopes(["github", scope], known)).toEqual([
      { at: "scopes[1]", message: expect.stringContaining(message) },
    ]);
  });
});
