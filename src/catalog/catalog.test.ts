import { describe, expect, test } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import { SkillettError } from "#core/errors.js";
import { acme, idProvider, withFiles } from "#support/catalog-fixtures.js";

const catalog = withFiles({ ...acme, "providers/id.yaml": idProvider }, (dir) =>
  loadCatalog({ dirs: [dir], baseUrls: {} }),
);

function refusal(act: () => unknown): SkillettError {
  try {
    act();
  } catch (error) {
    if (error instanceof SkillettError) return error;
    throw error;
  }
  throw new Error("it did not refuse");
}

describe("names that the catalog does not have", () => {
  test("an unknown integration is not found, and the nearest name is suggested", () => {
    const error = refusal(() => catalog.integration("amce"));
    expect(error).toMatchObject({ code: "not_found", next: ["skillett skills"] });
    expect(error.message).toBe("Integration amce not found. Did you mean acme?");
  });

  test("an unknown endpoint is not found, and the nearest name is suggested", () => {
    const error = refusal(() => catalog.endpoint("acme", "list_itms"));
    expect(error).toMatchObject({ code: "not_found", next: ["skillett skills acme"] });
    expect(error.message).toBe("Endpoint acme list_itms not found. Did you mean list_items?");
  });

  test("an unknown provider is not found, and the nearest name is suggested", () => {
    const error = refusal(() => catalog.provider("if"));
    expect(error).toMatchObject({ code: "not_found" });
    expect(error.message).toBe("Provider if not found. Did you mean id?");
    expect(catalog.provider("id")).toBe(catalog.providers.get("id"));
  });

  test("a name of Object.prototype is not found", () => {
    expect(refusal(() => catalog.endpoint("acme", "constructor")).code).toBe("not_found");
    expect(refusal(() => catalog.integration("__proto__")).code).toBe("not_found");
  });
});

describe("search", () => {
  const names = async (words: string) => (await catalog.search(words)).endpoints.map(({ name }) => name);

  test.each([
    ["the words of its name, in any order", "item delete", "delete_item"],
    ["beginnings of words", "wri fil", "write_file"],
    ["misspelt words", "delte itme", "delete_item"],
    ["other words for the same", "erase an item", "delete_item"],
    ["a sentence around them", "could you please send a mail to somebody", "send_mail"],
  ])("a search finds an endpoint by %s", async (_, words, endpoint) => {
    expect((await names(words))[0]).toBe(endpoint);
  });

  test.each(["acme", "items files", "developer"])("a search for %s finds its integration", async (words) => {
    expect((await catalog.search(words)).integrations.map(({ slug }) => slug)).toEqual(["acme"]);
  });

  test("a search finds endpoints with some of the words even when an integration has all of them", async () => {
    expect(await names("items files")).toContain("list_items");
  });

  test.each(["zzzzzz", " ", "the of and", "play the next song on spotify"])(
    "a search for %j finds no endpoint",
    async (words) => {
      expect(await names(words)).toEqual([]);
    },
  );
});
