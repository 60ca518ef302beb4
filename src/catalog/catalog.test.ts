import { describe, expect, test } from "vitest";
import { loadCatalog } from "#catalog/load.js";
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
  const names = (words: string) => catalog.search(words).endpoints.map(({ name }) => name);

  test("a search finds an endpoint by the words of its name, in any order", () => {
    expect(names("item delete")).toEqual(["delete_item"]);
  });

  test("a search finds an endpoint by beginnings of words and in spite of typos", () => {
    expect(names("wri fil")[0]).toBe("write_file");
    expect(names("delte itme")[0]).toBe("delete_item");
  });

  test("a search finds an endpoint with some of the words when nothing has all of them", () => {
    expect(names("please send mail to somebody")[0]).toBe("send_mail");
  });

  test("a search finds integrations by name, description and category", () => {
    for (const words of ["acme", "items files", "developer"]) {
      expect(catalog.search(words).integrations.map(({ slug }) => slug)).toEqual(["acme"]);
    }
  });

  test("a search finds endpoints with some of the words even when an integration has all of them", () => {
    expect(names("items files")).toContain("list_items");
  });

  test("a search finds nothing for a blank or an unknown word", () => {
    expect(catalog.search("zzzzzz")).toEqual({ integrations: [], endpoints: [] });
    expect(catalog.search(" ")).toEqual({ integrations: [], endpoints: [] });
  });
});
