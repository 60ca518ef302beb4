import { describe, expect, test } from "vitest";
import { one } from "#support/imported.js";

describe("ways to connect", () => {
  const authOf = (securitySchemes: object, more: object = {}) =>
    one({}, { components: { securitySchemes }, ...more }).integration.auth;

  test("a description without any has an open way", () => {
    expect(Object.keys(authOf({}))).toEqual(["none"]);
  });

  test("a key goes where it belongs", () => {
    expect(authOf({ ApiKey: { type: "apiKey", in: "header", name: "X-Key" } }).api_key).toMatchObject({
      headers: { "x-key": "{api_key}" },
    });
    expect(authOf({ q: { type: "apiKey", in: "query", name: "key" } }).q).toMatchObject({
      query: { key: "{q}" },
    });
    expect(authOf({ b: { type: "http", scheme: "Bearer" } }).token).toMatchObject({
      headers: { authorization: "Bearer {token}" },
    });
    expect(authOf({ basic: { type: "http", scheme: "basic" } }).basic?.basic).toMatchObject({
      username: "{username}",
    });
  });

  test("keys that are needed together are one way", () => {
    const schemes = {
      key: { type: "apiKey", in: "query", name: "key" },
      token: { type: "apiKey", in: "query", name: "token" },
    };
    expect(authOf(schemes, { security: [{ key: [], token: [] }] })).toEqual({
      keys: expect.objectContaining({ query: { key: "{key}", token: "{token}" } }),
    });
  });

  test("signing in by a browser is not carried over: people paste a token", () => {
    const flows = {
      authorizationCode: {
        authorizationUrl: "https://id.example/a",
        tokenUrl: "https://id.example/t",
        scopes: {},
      },
    };
    const { integration, report } = one(
      {},
      { components: { securitySchemes: { oauth: { type: "oauth2", flows } } } },
    );
    expect(integration.auth).toEqual({
      token: expect.objectContaining({ grant: null, headers: { authorization: "Bearer {token}" } }),
    });
    expect(report.notes).toEqual([
      "OAuth sign-in is not carried over: people paste an access token of their own.",
    ]);
  });

  test.each([
    [{ type: "mutualTLS" }, "m (mutualTLS)"],
    [{ type: "apiKey", in: "cookie", name: "session" }, "m (apiKey cookie)"],
    [{ type: "http", scheme: "digest" }, "m (http digest)"],
    [{ type: "apiKey", in: "header", name: "Host" }, "m (header host)"],
  ])("a way that cannot be carried over is named: %j", (scheme, example) => {
    const { report } = one({}, { components: { securitySchemes: { m: scheme } } });
    expect(report.leftOut).toEqual([
      { what: "ways to connect that cannot be carried over", count: 1, examples: [example] },
    ]);
  });

  test.each([
    ["Send `Bot <token>`.", { m: "Bot {m}" }],
    ["Format: Bearer {token}", { m: "Bearer {m}" }],
    ["", { token: "Bearer {token}", m: "{m}" }],
  ])("the word before a key in the header Authorization is read in %j", (description, headers) => {
    const scheme = { type: "apiKey", in: "header", name: "Authorization", description };
    const { auth } = one({}, { components: { securitySchemes: { m: scheme } } }).integration;
    const sent = Object.entries(auth).map(([name, method]) => [name, method.headers.authorization]);
    expect(Object.fromEntries(sent)).toEqual(headers);
  });
});
