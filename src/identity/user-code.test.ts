import { describe, expect, test } from "vitest";
import type { SkillettError } from "#core/errors.js";
import { newUserCode, readUserCode, showUserCode } from "#identity/user-code.js";

const form = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/;

function refusal(text: string): { at: string; message: string } {
  try {
    readUserCode(text);
  } catch (error) {
    return (error as SkillettError).issues![0]!;
  }
  throw new Error(`taken: ${text}`);
}

test("a user code is eight of twenty letters, and all of them occur", () => {
  const codes = Array.from({ length: 500 }, newUserCode);
  expect(codes.filter((code) => !form.test(code))).toEqual([]);
  expect(new Set(codes.join("")).size).toBe(20);
  expect(new Set(codes).size).toBe(500);
});

test("a user code is read back from how it is shown", () => {
  const code = newUserCode();
  expect(showUserCode(code)).toBe(`${code.slice(0, 4)}-${code.slice(4)}`);
  expect(readUserCode(showUserCode(code))).toBe(code);
});

test.each([
  "WDJB-MJHT",
  "wdjb-mjht",
  "WDJBMJHT",
  " wdjb mjht ",
  "W D J B – M J H T",
  "wdjb_mjht.",
  "WDJB\u2011MJHT",
])("a user code typed as %j is read", (typed) => {
  expect(readUserCode(typed)).toBe("WDJBMJHT");
});

describe("refused user codes", () => {
  test.each([
    ["ABCD-EFGH", "has A in it, which no code has. Codes are 8 letters of BCDFGHJKLMNPQRSTVWXZ"],
    ["WDJB-MJH1", "has 1 in it"],
    ["WDJB-MJHY", "has Y in it"],
    // Becomes an S when made large: still not what the device shows.
    ["WDJB-MJHſ", "has ſ in it"],
    ["ＷDJB-MJHT", "has Ｗ in it"],
    ["WDJB-MJHТ", "has Т in it"],
    ["WDJB-MJH", "must have 8 letters, as the device shows them, not 7"],
    ["WDJB-MJHT-WDJB", "not 12"],
    ["---", "not 0"],
  ])("a user code typed as %j is refused", (typed, message) => {
    expect(refusal(typed)).toEqual({ at: "user_code", message: expect.stringContaining(message) });
  });
});
