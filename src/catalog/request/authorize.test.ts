import { describe, expect, test } from "vitest";
import type { RequestPlan } from "#catalog/integration.js";
import { loadCatalog } from "#catalog/load/load.js";
import { authorize, checkCredentialFields, maskedPlan, secretsOf } from "#catalog/request/authorize.js";
import { acmeWith, withFiles } from "#support/catalog-fixtures.js";

const files = acmeWith(`
  token:
    fields:
      token: { label: API token, help: Make one in the settings. }
    headers: { authorization: "Bearer {token}" }
  key:
    fields:
      id: { label: Key id, help: See the settings., secret: false }
      key: { label: Key, help: See the settings. }
    headers: { x-key: "{id}:{key}" }
    query: { key: "{key}" }
  basic:
    fields:
      email: { label: Email, help: Yours., secret: false }
      password: { label: Password, help: Yours. }
    basic: { username: "{email}/token", password: "{password}" }
  oauth2: { provider: id, scopes: [] }
  machine:
    provider: id
    grant: client_credentials
    fields:
      client_id: { label: Client id, help: See the settings. }
      client_secret: { label: Client secret, help: See the settings. }
  none: {}`);
const integration = withFiles(files, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} })).integration("acme");
const plan: RequestPlan = {
  method: "GET",
  url: "https://api.acme.test/v1/me",
  headers: { a: "b" },
  body: null,
};
const key = { id: "k1", key: "$& s3cret{id}" };

describe("authorize", () => {
  test("authorize fills header and query templates literally, and leaves the plan alone", () => {
    expect(authorize(integration, "key", key, plan)).toEqual({
      ...plan,
      url: "https://api.acme.test/v1/me?key=%24%26%20s3cret%7Bid%7D",
      headers: { a: "b", "x-key": "k1:$& s3cret{id}" },
    });
    expect(plan.headers).toEqual({ a: "b" });
  });

  test("authorize appends to the query that a URL has", () => {
    const url = "https://api.acme.test/v1/me?a=1";
    expect(authorize(integration, "key", key, { ...plan, url }).url).toMatch(/\?a=1&key=/);
  });

  test("authorize writes a Basic credential in UTF-8", () => {
    const { headers } = authorize(integration, "basic", { email: "adä@x.test", password: "p:w" }, plan);
    expect(headers.authorization).toBe(`Basic ${Buffer.from("adä@x.test/token:p:w").toString("base64")}`);
  });

  test.each(["oauth2", "machine"])("the method %s sends the access token alone", (method) => {
    const tokens = { access_token: "a1", refresh_token: "r1", client_secret: "c1" };
    expect(authorize(integration, method, tokens, plan)).toEqual({
      ...plan,
      headers: { a: "b", authorization: "Bearer a1" },
    });
  });

  test("a method that asks for nothing sends nothing", () => {
    expect(authorize(integration, "none", {}, plan)).toEqual(plan);
  });

  test("authorize refuses a credential or a method that does not fit, without showing it", () => {
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
  expect(maskedPlan(integration, "basic", plan).headers.authorization).toBe("Basic [credential]");
  expect(maskedPlan(integration, "oauth2", plan).headers.authorization).toBe("Bearer [credential]");
});

describe("secretsOf", () => {
  test.each<[string, Record<string, string>, string[]]>([
    ["token", { token: "t1" }, ["t1"]],
    ["key", { id: "k1", key: "s1" }, ["s1"]],
    ["basic", { email: "a", password: "p" }, ["p", Buffer.from("a/token:p").toString("base64")]],
    ["oauth2", { access_token: "a1", refresh_token: "r1", scope: "x" }, ["a1", "r1"]],
    ["machine", { client_id: "i", client_secret: "c", access_token: "a1" }, ["c", "a1"]],
    ["none", {}, []],
  ])("the secrets of a credential for %s are found, as stored and as sent", (method, credential, secrets) => {
    expect(secretsOf(integration, method, credential)).toEqual(secrets);
  });
});

describe("checkCredentialFields", () => {
  const check = (given: Record<string, string>) => checkCredentialFields(integration, "token", given);

  test("a token of visible ASCII characters is accepted", () => {
    expect(check({ token: "ghp_abc-123.x/y+z=" })).toEqual([]);
  });

  test("missing and unknown fields are named as issues", () => {
    expect(check({ tokn: "s3cret" })).toEqual([
      { at: "credentials.token", message: "is required: API token" },
      { at: "credentials.tokn", message: "is unknown. Did you mean token?" },
    ]);
    expect(check(JSON.parse('{"token":"a","__proto__":"b"}'))).toHaveLength(1);
  });

  test.each(["", "s3cret\n", "s3 cret", "s3cret\0", "s3cret\r\nx-evil: 1", "s3crét", "s3cret\u200b"])(
    "a token of %j is refused without being repeated",
    (token) => {
      const [issue, ...others] = check({ token });
      expect(issue!.at).toBe("credentials.token");
      expect(issue!.message).not.toContain("s3c");
      expect(others).toEqual([]);
    },
  );

  test("a field that is no secret takes what people write, but no characters that break or mislead", () => {
    const open = (email: string) =>
      checkCredentialFields(integration, "basic", { email, password: "p" })[0]?.message;
    expect(open("Ada Lövelace")).toBeUndefined();
    expect(open("a\u0007")).toBe("must not have line breaks or other control characters");
    expect(open("a\ud800")).toBe("has half a character in it (a lone surrogate)");
    expect(open("a\u200bb")).toBe("must not have invisible characters");
    expect(open("ada ")).toBe("must not begin or end with a space");
    expect(open("ada:1")).toBe("must not have a colon: it ends the user name (RFC 7617)");
    expect(checkCredentialFields(integration, "basic", { email: "a", password: "p:w" })).toEqual([]);
    expect(checkCredentialFields(integration, "key", { id: "ä", key: "k" })).toEqual([
      { at: "credentials.id", message: "must be ASCII" },
    ]);
  });

  test("a method that asks for nothing takes no field", () => {
    expect(checkCredentialFields(integration, "none", {})).toEqual([]);
    expect(checkCredentialFields(integration, "none", { token: "t" })).toEqual([
      { at: "credentials.token", message: "is unknown." },
    ]);
  });
});
