import { describe, expect, it } from "vitest";
import {
  findFile,
  nameReferences,
  nameScripts,
  type Reference,
  rankReferences,
  readText,
  takeWhatFits,
} from "#skills/delivery/references.js";

const reference = (filename: string, head: string): Reference => ({
  filename,
  path: `references/${filename}`,
  head,
  size: Buffer.byteLength(head),
});
const names = (all: { filename: string }[]) => all.map(({ filename }) => filename);

describe("names", () => {
  const paths = [
    "SKILL.md",
    "references/B.md",
    "references/a/deep.txt",
    "guide.md",
    "assets/Form.MD",
    "assets/logo.png",
    "scripts/README.md",
    "scripts/run.sh",
  ];

  it("references are named within references/, and other Markdown by its whole path", () => {
    expect(names(nameReferences(paths))).toEqual(["B.md", "a/deep.txt", "assets/Form.MD", "guide.md"]);
    expect(nameScripts(paths)).toEqual(["README.md", "run.sh"]);
  });

  it("two references of one name keep apart where one stands outside of references/", () => {
    const both = nameReferences(["references/B.md", "B.md"]);
    expect(both).toEqual([
      { filename: "B.md", path: "B.md" },
      { filename: "references/B.md", path: "references/B.md" },
    ]);
    expect(findFile("B.md", both, ["references/B.md", "B.md"])?.path).toBe("B.md");
    expect(findFile("references/B.md", both, ["references/B.md", "B.md"])?.path).toBe("references/B.md");
  });

  it("a name finds its file by either way of saying it, and no other file", () => {
    const find = (wanted: string) => findFile(wanted, nameReferences(paths), paths)?.path;
    expect(find("B.md")).toBe("references/B.md");
    expect(find("references/B.md")).toBe("references/B.md");
    expect(find("scripts/run.sh")).toBe("scripts/run.sh");
    expect(find("SKILL.md")).toBe("SKILL.md");
    for (const wanted of [
      "b.md",
      "../SKILL.md",
      "a/../B.md",
      "/references/B.md",
      "references\\B.md",
      "references//B.md",
      "./B.md",
      "references/",
      "run.sh",
      "__proto__",
    ])
      expect(find(wanted), wanted).toBeUndefined();
  });
});

describe("text", () => {
  it("the text of a reference is UTF-8 without NUL, also where its last character is cut in two", () => {
    const whole = Buffer.from("naïve 漢字 🙂");
    expect(readText(whole, true)).toBe("naïve 漢字 🙂");
    for (let end = 0; end <= whole.length; end++) {
      const part = readText(whole.subarray(0, end), false);
      expect(part, String(end)).not.toBeNull();
      expect("naïve 漢字 🙂".startsWith(part!)).toBe(true);
    }
    expect(readText(Buffer.alloc(0), false)).toBe("");
    expect(readText(whole.subarray(0, whole.length - 1), true)).toBeNull();
    expect(readText(Buffer.from([0x61, 0, 0x62]), true)).toBeNull();
    expect(readText(Buffer.from([0x89, 0x50, 0x4e, 0x47]), false)).toBeNull();
    expect(readText(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80]), false)).toBeNull();
  });
});

describe("ranking", () => {
  const refunds = reference("REFUNDS.md", "# Refunds\n\nHow money goes back to a customer.");
  const pager = reference("ON-CALL.md", "# Who is on call\n\nThe pager goes to somebody on duty.");
  const style = reference("STYLE.md", "Write short sentences.");
  const rank = async (query?: string, context?: string) =>
    names(await rankReferences([style, pager, refunds], { query, context }));

  it("references are ranked by the words of the query, then by those of the context", async () => {
    expect(await rank("refund a customer", "the pager rings")).toEqual(["REFUNDS.md", "ON-CALL.md"]);
    expect(await rank("who has the pager", "refund")).toEqual(["ON-CALL.md", "REFUNDS.md"]);
    expect(await rank(undefined, "sentences")).toEqual(["STYLE.md"]);
    expect((await rank("how to refund", "somebody on pager duty"))[0]).toBe("REFUNDS.md");
  });

  it("a reference with some of the words comes after one with all", async () => {
    expect(await rank("customer money pager")).toEqual(["REFUNDS.md", "ON-CALL.md"]);
    expect(await rank("goes pager")).toEqual(["ON-CALL.md", "REFUNDS.md"]);
  });

  it("words that come late in a long question count", async () => {
    const small = "hello there please help me as quickly as you can since it is very urgent now today thanks";
    expect((await rank(`${small} about the refunds`))[0]).toBe("REFUNDS.md");
  });

  it("a question without known words finds nothing", async () => {
    expect(await rank()).toEqual([]);
    expect(await rank("", " … ?! ")).toEqual([]);
    expect(await rank("zzzzzzzz")).toEqual([]);
  });
});

describe("the budget", () => {
  const read = async ({ head }: Reference) => head;
  const take = async (sizes: number[], budget: number, letter = "x") =>
    (
      await takeWhatFits(
        sizes.map((size, at) => reference(String(at), letter.repeat(size))),
        budget,
        read,
      )
    ).map(({ filename }) => Number(filename));

  it("the budget is used up to the last character", async () => {
    expect(await take([6, 4], 10)).toEqual([0, 1]);
    expect(await take([6, 5], 10)).toEqual([0]);
    expect(await take([11], 10)).toEqual([]);
    expect(await take([1], 0)).toEqual([]);
  });

  it("the budget passes over a reference that does not fit, since a smaller one may", async () => {
    expect(await take([6, 100, 3, 2, 1], 10)).toEqual([0, 2, 4]);
  });

  it("the budget counts UTF-16 units, whatever they take in bytes, and so an emoji as two", async () => {
    expect(await take([5, 5], 10, "漢")).toEqual([0, 1]);
    expect(await take([5, 1], 10, "🙂")).toEqual([0]);
    expect(await take([6, 5], 10, "🙂")).toEqual([1]);
  });

  it("a reference that cannot fit is not even read, and one that is no text is left out", async () => {
    const asked: string[] = [];
    const taken = await takeWhatFits(
      [reference("big", "x".repeat(31)), reference("binary", "b"), reference("ok", "o")],
      10,
      async ({ filename, head }) => {
        asked.push(filename);
        return filename === "binary" ? null : head;
      },
    );
    expect(asked).toEqual(["binary", "ok"]);
    expect(taken).toEqual([{ filename: "ok", content: "o" }]);
  });
});
