import { expect, it } from "vitest";
import { createDictionary } from "#search/dictionary.js";

it("a word that was dropped and comes again is once among those of its stem", () => {
  const dictionary = createDictionary();
  for (let round = 0; round < 3; round++) {
    dictionary.add("issues", 0, 0.5);
    dictionary.add("issue", 0, 0.5);
    expect(dictionary.ofStem("issu")).toEqual(["issues", "issue"]);
    dictionary.move(Int32Array.from([-1]));
    expect(dictionary.ofStem("issu")).toEqual([]);
  }
});
