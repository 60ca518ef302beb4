import { describe, expect, it } from "vitest";
import { copySlug, slugOf } from "#skills/format/slug.js";

describe("slugs", () => {
  it.each([
    ["terraform", "terraform"],
    ["Release Notes", "release-notes"],
    ["  --Ärger & Co.-- ", "ärger-co"],
    ["a__b//c", "a-b-c"],
    ["日本語 スキル", "日本語-スキル"],
    ["Ａ１", "a1"],
    [`${"x".repeat(63)} y`, "x".repeat(63)],
  ])("the slug of %j is %s", (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it("a name without a letter or a digit has no slug", () => {
    expect(() => slugOf("!!!")).toThrow("name: must have a letter or a digit");
  });

  it("a copy takes the first free name, and stays short enough", () => {
    expect(copySlug("a", new Set())).toBe("a-copy");
    expect(copySlug("a", new Set(["a-copy", "a-copy-2"]))).toBe("a-copy-3");
    const long = copySlug("x".repeat(64), new Set());
    expect(long).toBe(`${"x".repeat(59)}-copy`);
    expect(copySlug(`${"x".repeat(58)}-yz123`, new Set())).toBe(`${"x".repeat(58)}-copy`);
  });
});
