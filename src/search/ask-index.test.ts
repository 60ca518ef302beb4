import { describe, expect, it } from "vitest";
import { createAskIndex } from "#search/ask-index.js";
import type { Askable } from "#search/askables.js";

const askable = (name: string, asks: string[]): Askable => ({
  texts: [{ text: name.replace("_", " "), boost: 3, length: 3 }],
  asks,
  verb: name.split("_")[0]!,
});

const names = ["create_issue", "list_issues", "delete_draft", "send_mail"];
const all = [
  askable("create_issue", ["file a bug", "report a problem with the app"]),
  askable("list_issues", ["what is broken", "show the open tickets"]),
  askable("delete_draft", ["bin that draft", "throw away the unsent letter"]),
  askable("send_mail", ["write to somebody", "tell the customer by post"]),
];
const index = await createAskIndex(all);
const noWord = () => false;
const evenly = (_: number) => 1;
const ask = (question: string, scaleOf = evenly, isWord: (word: string) => boolean = noWord) =>
  index.rank(index.read(question, isWord), scaleOf);
const best = (question: string) => names[ask(question)[0]?.position ?? -1];

describe("an index of asks", () => {
  it.each([
    ["file a bug please", "create_issue"],
    ["I want to report a problem", "create_issue"],
    ["throw that unsent draft away", "delete_draft"],
    ["erase the draft", "delete_draft"],
    ["issues", "list_issues"],
    ["issue", "create_issue"],
    ["reprot a porblem", "create_issue"],
    ["unse", "delete_draft"],
  ])("a question for %j finds %s first", (question, name) => {
    expect(best(question)).toBe(name);
  });

  it("an ask that a question has whole counts, whatever else the question says", () => {
    expect(best("bin that draft from Tuesday about the summer party with Petra")).toBe("delete_draft");
  });

  it("one that is far behind the best is left out", () => {
    const fits = ask("bin that draft");
    expect(fits.map(({ position }) => names[position])).toEqual(["delete_draft"]);
  });

  it("the scale decides between those that fit alike", () => {
    const doubled = (position: number) => (names[position] === "list_issues" ? 1 : 0.1);
    expect(names[ask("issue", doubled)[0]!.position]).toBe("list_issues");
  });

  it("a word that is known to mean something else is not mended", () => {
    expect(ask("daft", evenly, noWord)).not.toEqual([]);
    expect(ask("daft", evenly, (word) => word === "daft")).toEqual([]);
  });

  it("coverage is the share of the question, and of a long one that of its best part", () => {
    const [whole] = ask("bin that draft");
    const [half] = ask("bin that zebra quagga okapi");
    expect(whole!.coverage).toBeGreaterThan(0.9);
    expect(half!.coverage).toBeLessThan(0.4);
    const story = "zebra quagga okapi tapir lemur gecko heron stork";
    expect(ask(`${story} bin that draft ${story}`)[0]!.coverage).toBeGreaterThan(half!.coverage / 2);
  });

  it.each(["", "…", "the of and", "zzzz qqqq", "__proto__ constructor", "x".repeat(2000)])(
    "a question for %j finds nothing",
    (question) => {
      expect(ask(question)).toEqual([]);
    },
  );

  it("an empty index finds nothing", async () => {
    const empty = await createAskIndex([]);
    expect(empty.rank(empty.read("anything", noWord), evenly)).toEqual([]);
  });

  it("many that fit alike are cut to the best, in no other order than without them", async () => {
    const many = await createAskIndex([
      ...all,
      ...Array.from({ length: 3000 }, (_, at) => askable(`get_thing${at}`, [`see the thing number ${at}`])),
    ]);
    const rank = (question: string) => many.rank(many.read(question, noWord), evenly);
    expect(names[rank("file a bug")[0]!.position]).toBe("create_issue");
    expect(rank("see the thing number 17")[0]!.position).toBe(4 + 17);
    expect(rank("see the thing").length).toBeLessThanOrEqual(800);
  });
});
