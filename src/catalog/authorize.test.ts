import { describe, expect, test } from "vitest";
import { authorize, checkCredentialFields, maskedPlan } from "#catalog/authorize.js";
import { acme, withFiles } from "#catalog/fixtures.js";
import type { RequestPlan } from "#catalog/integration.js";
import { loadCatalog } from "#catalog/load.js";

const integration = withFiles(acme, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} })).integration("acme");
const plan: RequestPlan = {
  method: "GET",
  url: "https://api.acme.test/v1/me",
  headers: { a: "b" },
  body: null,
};
const key = { id: "k1", key: "$& s3cret{id}" };

describe("authorize", () => {
  test("fills header and query templates, literally, and leaves the plan alone", () => {
    expect(authorize(integration, "key", key, plan)).toEqual({
      ...plan,
      url: "https://api.acme.test/v1/me?key=%24%26%20s3cret%7Bid%7D",
      headers: { a: "b", "x-key": "k1:$& s3cret{id}" },
    });
    expect(plan.headers).toEqual({ a: "b" });
  });

  test("appends to a query that is there", () => {
    const url = "https://api.acme.test/v1/me?a=1";
    expect(authorize(integration, "key", key, { ...plan, url }).url).toMatch(/\?a=1&key=/);
  });

  test("refuses a credential or a method that does not fit, without showing it", () => {
    expect(() => authorize(integration, "key", { id: "s3cret" }, plan)).toThrow(
      "A key credential of acme lacks its field key.",
    );
    expect(() => authorize(integration, "constructor", key, plan)).toThrow(
      "acme has no auth method constructor.",
    );
  });
});

test("a dry run shows where the credential goes, never what it is", () => {
  const masked = maskedPlan(integration, "key", plan);
  expect(masked.headers["x-key"]).toBe("[credential]:[credential]");
  expect(decodeURIComponent(masked.url)).toBe("https://api.acme.test/v1/me?key=[credential]");
});

describe("checkCredentialFields", () => {
  const check = (given: Record<string, string>) => checkCredentialFields(integration, "token", given);

  test("accepts a token", () => {
    expect(check({ token: "ghp_abc-123.x/y+z=" })).toEqual([]);
  });

  test("names what is missing and what is unknown", () => {
    expect(check({ tokn: "s3cret" })).toEqual([
      { at: "credentials.token", message: "is required: API token" },
      { at: "credentials.tokn", message: "is unknown. Did you mean token?" },
    ]);
    expect(check(JSON.parse('{"token":"a","__proto__":"b"}'))).toHaveLength(1);
  });

  test.each(["", "s3cret\n", "s3 cret", "s3cret\0", "s3cret\r\nx-evil: 1", "s3crét", "s3cret\u200b"])(
    "refuses %j without repeating it",
    (token) => {
      const [issue, ...others] = check({ token });
      expect(issue!.at).toBe("credentials.token");
      expect(issue!.message).not.toContain("s3c");
      expect(others).toEqual([]);
    },
  );
});
