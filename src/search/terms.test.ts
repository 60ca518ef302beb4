import { describe, expect, it } from "vitest";
import { takeShapes } from "#search/shapes.js";
import { isStem, termsOf } from "#search/terms.js";

const keys = (text: string) => termsOf(text).map(({ key }) => key);
const stems = (text: string) =>
  termsOf(text)
    .filter(isStem)
    .map(({ key }) => key);
const groups = (text: string) => keys(text).filter((key) => key.startsWith("~"));

describe("the terms of a text", () => {
  it("a stop word or a courtesy is left out, and any other word comes by its stem", () => {
    expect(stems("Could you please show me the open issues?")).toEqual(["show", "open", "issu"]);
  });

  it.each([
    ["den Termin auf Donnerstag verschieben", ["termin", "donnerstag", "verschieben"]],
    ["scarica l'allegato della mail", ["scarica", "allegato", "mail"]],
    ["die on the first day", ["die", "first", "day"]],
  ])("the stop words of %j are those of its language", (text, expected) => {
    expect(stems(text)).toEqual(expected);
  });

  it("a word that is not its own stem has its form as well, so that plural and singular differ", () => {
    expect(keys("issues")).toContain("=issues");
    expect(keys("issue")).toContain("=issue");
    expect(keys("issues")).toContain("issu");
  });

  it("words of one meaning share a group, also in other languages and as phrases", () => {
    const [deleting] = groups("delete");
    for (const same of [
      "remove",
      "get rid of",
      "löschen",
      "borrar",
      "elimina",
      "verwijder",
      "usuń",
      "silmek",
    ])
      expect(groups(same)).toContain(deleting);
    expect(groups("create")).not.toContain(deleting);
  });

  it("a term says how often it is there", () => {
    expect(termsOf("issue after issue after issues").find(({ key }) => key === "issu")).toMatchObject({
      count: 3,
    });
  });

  it.each(["", "   ", "…", "the of and", "\u0000\ud800"])("%j has no terms", (text) => {
    expect(termsOf(text)).toEqual([]);
  });

  it("the names that every object has are words like others", () => {
    expect(stems("constructor toString")).toEqual(["constructor", "tostr"]);
  });
});

describe("shapes", () => {
  it.each([
    ["post it in #general", ["channel"]],
    ["clone acme/webapp", ["repository"]],
    ["close acme/webapp#42", ["issue"]],
    ["close #42", ["number"]],
    ["mail ada@acme.example", ["mail_address"]],
    ["ask @ada", ["handle"]],
    ["at 14:30 or 2 pm", ["time"]],
    ["revert a1b2c3d", ["hash"]],
    ['say "we are live"', ["quotation"]],
    ["see https://acme.example/x?y#z", ["url"]],
    ["and/or", ["repository"]],
    ["plain words, of 2026.", []],
  ])("%s has the shapes %j", (text, shapes) => {
    expect([...takeShapes(text).shapes]).toEqual(shapes);
  });

  it("the words in an address stay, and what has a shape is no word", () => {
    expect(stems("look at https://github.com/acme/webapp/pull/230")).toEqual(
      expect.arrayContaining(["look", "github", "pull"]),
    );
    expect(stems("post it in #general")).toEqual(["post"]);
  });

  it("a long hostile text takes time in proportion to its length", () => {
    for (const text of [
      "a/".repeat(1000),
      "#a".repeat(1000),
      "@a.".repeat(600),
      '"'.repeat(2000),
      "1:".repeat(1000),
    ])
      expect(takeShapes(text).rest.length).toBeLessThanOrEqual(3 * text.length);
  });
});
