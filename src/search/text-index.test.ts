import { describe, expect, it } from "vitest";
import { createTextIndex } from "#search/text-index.js";

const fields = { name: { boost: 5, length: 2 }, body: { boost: 1, length: 20 } };

function indexOf(texts: Record<string, string>) {
  const index = createTextIndex<string>(fields);
  for (const [name, body] of Object.entries(texts)) index.put(name, name, { name, body });
  return index;
}

describe("a text index", () => {
  const index = indexOf({
    "incident-response": "What to do when the pager rings: triage, rollback, write it up.",
    rollback: "Take a deployment back.",
    "release-notes": "Collect the changes since the last release, and write the notes of the release.",
    "café-über": "Größe and naïve résumé.",
    部署: "把应用部署到生产环境",
  });

  it("a match in the name goes before one in the body", () => {
    expect(index.search("rollback")).toEqual(["rollback", "incident-response"]);
  });

  it("all words are wanted, and some of them suffice only where nothing has all", () => {
    expect(index.search("rollback pager")).toEqual(["incident-response"]);
    expect(new Set(index.search("rollback changes zebra"))).toEqual(
      new Set(["rollback", "incident-response", "release-notes"]),
    );
  });

  it.each([
    ["roll", "rollback"],
    ["rolback", "rollback"],
    ["rollbakc", "rollback"],
    ["incidetn respons", "incident-response"],
    ["Release NOTES", "release-notes"],
    ["cafe uber", "café-über"],
    ["grosse", undefined],
    ["große", "café-über"],
    ["部署", "部署"],
    ["生产", "部署"],
  ])("a search for %s finds %s first", (words, first) => {
    expect(index.search(words)[0]).toBe(first);
  });

  it("a short word is taken as it stands", () => {
    expect(index.search("zo")).toEqual([]);
    expect(index.search("to")).toContain("incident-response");
  });

  it.each(["", "  ", "…!?", "zzzzqqqq"])("a search for %j finds nothing", (words) => {
    expect(index.search(words)).toEqual([]);
  });

  it("the names that every object has find nothing", () => {
    expect(index.search("constructor __proto__ toString")).toEqual([]);
  });

  it("a filter leaves entries out before their words are counted", () => {
    expect(index.search("rollback", (name) => name !== "rollback")).toEqual(["incident-response"]);
    expect(index.search("rollback pager", (name) => name !== "incident-response")).toEqual(["rollback"]);
  });
});

describe("changes of a text index", () => {
  it("an entry that is put again replaces the old one, however often", () => {
    const index = indexOf({ kept: "lasting words", changed: "first words" });
    for (let round = 0; round < 1000; round++)
      index.put("changed", "changed", { body: `round${round} words` });
    expect(index.search("words").sort()).toEqual(["changed", "kept"]);
    expect(index.search("first")).toEqual([]);
    expect(index.search("round999")).toEqual(["changed"]);
    expect(index.search("round7 words round8")).not.toContain(undefined);
    expect(index.search("lasting")).toEqual(["kept"]);
  });
});
