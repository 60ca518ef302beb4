import { describe, expect, it } from "vitest";
import { newestFirst, nextVersion, refuseOld } from "#skills/registry/next-version.js";

const of = (...versions: string[]) => versions.map((version) => ({ version }));

describe("versions", () => {
  it.each([
    [[], null, "1.0.0"],
    [[], "0.3.0", "0.3.0"],
    [["1.0.0", "draft"], null, "1.0.1"],
    [["1.9.0", "1.10.0"], null, "1.10.1"],
    [["1.0.0"], "2.0.0", "2.0.0"],
    [["1.0.0"], "1.0.0", "1.0.1"],
    [["2.0.0"], "1.5.0", "2.0.1"],
    [["2.0.0-beta.1"], null, "2.0.0"],
  ])("the version after %j, with %s in the folder, is %s", (versions, own, next) => {
    expect(nextVersion(of(...versions), own)).toBe(next);
  });

  it("versions are listed downwards from the draft", () => {
    const order = newestFirst(of("1.2.0", "draft", "1.10.0", "1.10.0-rc.1"));
    expect(order.map(({ version }) => version)).toEqual(["draft", "1.10.0", "1.10.0-rc.1", "1.2.0"]);
  });

  it("a version that does not rise is refused", () => {
    expect(() => refuseOld(of("1.2.0", "draft"), "1.2.1")).not.toThrow();
    expect(() => refuseOld(of("1.2.0"), "1.2.0")).toThrow("Take 1.2.1 or later");
    expect(() => refuseOld(of(), "0.0.1")).not.toThrow();
  });
});
