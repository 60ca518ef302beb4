import { describe, expect, test } from "vitest";
import type { AuthMethod } from "#catalog/integration.js";
import { loadCatalog } from "#catalog/load/load.js";
import { acmeWith, idProvider, problemsIn, withFiles } from "#support/catalog-fixtures.js";

const client = `fields:
      client_id: { label: Client id, help: See there. }
      client_secret: { label: Client secret, help: See there. }`;
const machine = `  machine:
    provider: id
    grant: client_credentials
    ${client}`;

function method(auth: string): AuthMethod {
  return withFiles(acmeWith(auth), (dir) => {
    const { integrations, providers } = loadCatalog({ dirs: [dir], baseUrls: {} });
    const [loaded] = Object.values(integrations.get("acme")!.auth);
    if (loaded!.grant) expect(loaded!.grant.provider).toBe(providers.get("id"));
    return loaded!;
  });
}

describe("methods to connect", () => {
  test("signing in sends the access token as a Bearer token", () => {
    const loaded = method("  oauth2: { provider: id, scopes: [a, b] }");
    expect(loaded).toMatchObject({
      fields: {},
      grant: { type: "authorization_code", scopes: ["a", "b"] },
      headers: { authorization: "Bearer {access_token}" },
      query: {},
      basic: null,
    });
  });

  test("signing in may send the access token in a header of its own", () => {
    const headers = '{ authorization: "token {access_token}" }';
    expect(method(`  oauth2: { provider: id, scopes: [], headers: ${headers} }`).headers).toEqual({
      authorization: "token {access_token}",
    });
  });

  test("client credentials have an id that is no secret, and a secret that is", () => {
    const { grant, fields, headers } = method(machine);
    expect(grant).toMatchObject({ type: "client_credentials", scopes: [] });
    expect(fields.client_id!.secret).toBe(false);
    expect(fields.client_secret!.secret).toBe(true);
    expect(headers).toEqual({ authorization: "Bearer {access_token}" });
  });

  test("the fields of a key are secret unless they say otherwise", () => {
    const { fields, grant } = method(`  key:
    fields: { a: { label: A, help: A }, b: { label: B, help: B, secret: false } }
    query: { a: "{a}", b: "{b}" }`);
    expect(grant).toBeNull();
    expect([fields.a!.secret, fields.b!.secret]).toEqual([true, false]);
  });

  test("a method with a user name and a password may leave the password empty", () => {
    const loaded = method(`  basic:
    fields: { key: { label: Key, help: See there. } }
    basic: { username: "{key}", password: "" }`);
    expect(loaded).toMatchObject({ basic: { username: "{key}", password: "" }, headers: {}, grant: null });
  });

  test("an integration that asks for nothing needs no account", () => {
    const files = acmeWith("  none: {}");
    files["acme/integration.yaml"] = files["acme/integration.yaml"]!.replace(/^account:\n(?: .*\n)*/m, "");
    const { auth, account } = withFiles(files, (dir) =>
      loadCatalog({ dirs: [dir], baseUrls: {} }).integration("acme"),
    );
    expect(auth.none).toEqual({
      fields: {},
      grant: null,
      headers: {},
      query: {},
      path: null,
      baseUrl: null,
      ends: null,
      basic: null,
    });
    expect(account).toBeNull();
  });
});

describe("problems of methods to connect", () => {
  test.each<[string, string]>([
    [
      '  token: { fields: { t: { label: T, help: Any. } }, headers: { x: "{t}" }, ends: { on: 2027-04-31, text: No } }',
      "auth.token.ends.on: must be a date",
    ],
    [
      '  token: { fields: { t: { label: T, help: Any. } }, headers: { x: "{t}" }, ends: { on: 2027-04-30, text: No, instead: tokn } }',
      "auth.token.ends.instead: there is no other way to connect tokn.",
    ],
    [
      "  oauth2: { provider: idd, scopes: [] }",
      "8: auth.oauth2.provider: there is no provider idd. Did you mean id?",
    ],
    [
      "  oauth2: { provider: elsewhere, scopes: [] }",
      "no provider elsewhere. Describe it in providers/elsewhere.yaml.",
    ],
    ["  oauth2: { provider: id }", "8: auth.oauth2.scopes: is required: [] for none"],
    ["  oauth2: { provider: id, scopes: [a b] }", "8: auth.oauth2.scopes.0: must match pattern"],
    ["  oauth2: { scopes: [] }", "8: auth.oauth2.scopes: needs a provider"],
    ["  oauth2: { grant: authorization_code }", "8: auth.oauth2.grant: needs a provider"],
    ["  oauth2: { provider: id, grant: password, scopes: [] }", "8: auth.oauth2.grant: must be one of"],
    [
      `  oauth2:\n    provider: id\n    scopes: []\n    ${client}`,
      "11: auth.oauth2.fields: are not asked for",
    ],
    [
      '  oauth2: { provider: id, scopes: [], headers: { a: "{token}" } }',
      "8: auth.oauth2.headers.a: {token} is unknown: a provider yields {access_token}",
    ],
    [
      "  oauth2: { provider: id, scopes: [], headers: { a: b } }",
      "8: auth.oauth2: {access_token} is sent nowhere",
    ],
    [machine.replace("client_id", "id"), "11: auth.machine.fields: must be client_id and client_secret"],
    [
      machine.replace(/ }$/, ", secret: false }"),
      "13: auth.machine.fields.client_secret.secret: must be true",
    ],
    ["  none:", "8: auth.none: must be an object, not null"],
    ["  none: { headers: { a: b } }", "8: auth.none: asks for nothing, yet sends something"],
    ['  none: { headers: { a: "{b}" } }', "8: auth.none.headers.a: {b} is not among the fields"],
    [
      '  key:\n    fields: { a: { label: A, help: A } }\n    basic: { username: "u:{a}", password: "" }',
      "10: auth.key.basic.username: must not have a colon (RFC 7617)",
    ],
    [
      '  key:\n    fields: { a: { label: A, help: A } }\n    basic: { username: "{a}", password: "{b}" }',
      "10: auth.key.basic.password: {b} is not among the fields",
    ],
    [
      '  key:\n    fields: { a: { label: A, help: A } }\n    headers: { authorization: "{a}" }\n    basic: { username: "{a}", password: "" }',
      "10: auth.key.headers.authorization: is what basic writes",
    ],
    ["  key: { feilds: {} }", "8: auth.key.feilds: is unknown. Did you mean fields?"],
  ])("a problem of a method is reported with its place: %s", (auth, expected) => {
    expect(problemsIn(acmeWith(auth)).sort().reverse().join("\n")).toContain(expected);
  });

  test("a provider without a page to sign in at is a problem of the integration that signs in there", () => {
    const provider = idProvider.replace(/^authorize_url.*\n/m, "");
    expect(problemsIn(acmeWith("  oauth2: { provider: id, scopes: [] }", provider))).toEqual([
      "acme/integration.yaml:8: auth.oauth2.provider: id has no authorize_url: it is for grant: client_credentials or jwt_bearer",
    ]);
  });

  test("a problem of a provider is not repeated by the integrations that use it", () => {
    const provider = idProvider.replace("name: Id\n", "");
    expect(problemsIn(acmeWith("  oauth2: { provider: id, scopes: [] }", provider))).toEqual([
      "providers/id.yaml:1: name: is required",
    ]);
  });
});
