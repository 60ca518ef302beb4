import { describe, expect, test } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import type { ProviderUrls } from "#catalog/load/replace-urls.js";
import { acme, acmeWith, idProvider, problemsIn, withFiles } from "#support/catalog-fixtures.js";

const file = "providers/id.yaml";
const load = (text: string, urls: ProviderUrls = {}) =>
  withFiles({ [file]: text }, (dir) =>
    loadCatalog({ dirs: [dir], baseUrls: {}, providerUrls: { id: urls } }).provider("id"),
  );

test("a file becomes the same provider with and without integrations that use it", () => {
  const withIntegration = acmeWith("  oauth2: { provider: id, scopes: [] }");
  const catalog = withFiles(withIntegration, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} }));
  expect(catalog.provider("id")).toEqual(load(idProvider));
  expect(catalog.integration("acme").auth.oauth2!.grant!.provider).toBe(catalog.provider("id"));
  expect(load(idProvider)).toEqual({
    slug: "id",
    owner: null,
    name: "Id",
    registerUrl: "https://id.test/clients",
    authorizeUrl: "https://id.test/authorize",
    tokenUrl: "https://id.test/token",
    issuer: "https://id.test",
    sendsIssuer: false,
    pkce: false,
    clientAuth: "basic",
    scopeParam: "user_scope",
    scopeSeparator: ",",
    authorizeParams: { access_type: "offline" },
    loginHintParam: "login_hint",
    refreshUrl: "https://id.test/token",
    tokenParams: {},
    refreshParams: {},
    tokenBody: "json",
    tokenPath: "user.tokens",
    assertion: { algorithm: "RS256", audience: null, subject: "issuer", claims: {} },
    revoke: {
      method: "DELETE",
      url: "https://api.id.test/apps/{client_id}/token",
      clientAuth: "body",
      headers: { "x-token": "{access_token}" },
      body: "json",
      params: { token: "{token}" },
      done: { ok: [true] },
      wholeGrant: true,
    },
  });
});

test("a field that a file leaves out has the value of most providers", () => {
  const minimal = "name: Id\nregister_url: https://id.test\ntoken_url: https://id.test/token\n";
  expect(load(minimal)).toMatchObject({
    authorizeUrl: null,
    issuer: null,
    pkce: true,
    clientAuth: "body",
    scopeParam: "scope",
    scopeSeparator: " ",
    authorizeParams: {},
    loginHintParam: null,
    tokenBody: "form",
    tokenPath: null,
    revoke: null,
  });
  const revoke = 'revoke: { request: "POST https://id.test/revoke", params: { token: "{token}" } }\n';
  expect(load(minimal + revoke).revoke).toMatchObject({
    clientAuth: "none",
    headers: {},
    body: "form",
    done: null,
    wholeGrant: false,
  });
});

test.each<[string, ProviderUrls, object]>([
  [
    "authorize",
    { authorizeUrl: "http://id.internal/a" },
    { authorizeUrl: "http://id.internal/a", issuer: null },
  ],
  [
    "token",
    { tokenUrl: "http://id.internal/t" },
    { tokenUrl: "http://id.internal/t", refreshUrl: "http://id.internal/t" },
  ],
  ["refresh", { refreshUrl: "http://id.internal/r" }, { refreshUrl: "http://id.internal/r" }],
  [
    "revoke",
    { revokeUrl: "http://id.internal/{client_id}" },
    { revoke: { ...load(idProvider).revoke, url: "http://id.internal/{client_id}" } },
  ],
])(
  "an operator's %s URL replaces that of a provider, and nothing else but the issuer it goes with",
  (_, urls, changed) => {
    expect(load(idProvider, urls)).toEqual({ ...load(idProvider), ...changed });
  },
);

test("an operator's URLs replace those of a provider all at once", () => {
  const urls = {
    authorizeUrl: "http://id.internal/authorize",
    tokenUrl: "http://id.internal/token",
    revokeUrl: "http://id.internal/apps/{client_id}/token",
  };
  const provider = load(idProvider, urls);
  expect(provider).toMatchObject({ authorizeUrl: urls.authorizeUrl, tokenUrl: urls.tokenUrl, issuer: null });
  expect(provider.revoke).toMatchObject({ method: "DELETE", url: urls.revokeUrl });
});

describe("problems of a provider", () => {
  test.each<[string, string, string]>([
    ["token_url:", "tokn_url:", "4: tokn_url: is unknown. Did you mean token_url?"],
    [
      "client_auth: basic",
      "client_auth: base",
      "7: client_auth: must be one of basic, body. Did you mean basic?",
    ],
    ["token_path: user.tokens", "token_path: user..tokens", "14: token_path: must match pattern"],
    ["https://id.test/token", "ftp://id.test/token", "4: token_url: must be an http or https URL"],
    ["https://id.test/token", "http://id.test/token", "4: token_url: must be https"],
    [
      "https://id.test/token",
      "https://u:p@id.test/token",
      "4: token_url: must not hold a user name or password",
    ],
    [
      "https://id.test/authorize",
      "https://id.test/authorize#x",
      "3: authorize_url: must not have a fragment",
    ],
    ["issuer: https", "issuer: http", "5: issuer: must be https"],
    ["access_type:", "redirect_uri:", "11: authorize_params.redirect_uri: is set by every sign-in itself"],
    ["access_type:", "user_scope:", "11: authorize_params.user_scope: is what the scopes"],
    ["access_type:", "login_hint:", "11: authorize_params.login_hint: is the login_hint_param"],
    ["DELETE https", "DELETE http", "16: revoke.request: must be https"],
    ["DELETE https", "REMOVE https", "16: revoke.request: must match pattern"],
    [
      "{client_id}/token",
      "{token}",
      "16: revoke.request: {token} would end up in logs: a URL may have {client_id}",
    ],
    ["pkce: false", "refresh_url: http://id.test/r", "6: refresh_url: must be https"],
    ["pkce: false", "token_params: { code: x }", "6: token_params.code: is set by every request itself"],
    ["pkce: false", "token_params: { user_scope: x }", "6: token_params.user_scope: is set by every"],
    ["pkce: false", 'token_params: { a: "{redirect_uri}" }', "6: token_params.a: {redirect_uri} is unknown"],
    ["pkce: false", 'refresh_params: { a: "{code}" }', "6: refresh_params.a: {code} is unknown: there is"],
    [
      "{access_token}",
      "{acces_token}",
      "19: revoke.headers.x-token: {acces_token} is unknown: there are {token}",
    ],
    ["  body: json", "  body: none", "21: revoke.params: body: none sends none"],
    [
      '  body: json\n  params:\n    token: "{token}"',
      "  body: none",
      "17: revoke.client_auth: body: none has no room",
    ],
    ["DELETE", "GET", "20: revoke.body: a GET has none: say body: none"],
    [
      "client_auth: body\n  headers:\n    x-token",
      "client_auth: basic\n  headers:\n    authorization",
      "19: revoke.headers.authorization: is what",
    ],
    ['{access_token}"\n  body: json\n  params:\n    token: "{token}"', 'x"', "15: revoke: sends no token"],
    ["whole_grant: true", "whole_grant: yes", "25: revoke.whole_grant: must be a boolean, not a string"],
  ])("a provider with %j written as %j is refused with file, line and place", (from, to, expected) => {
    expect(idProvider).toContain(from);
    expect(problemsIn({ [file]: idProvider.replace(from, to) }).join("\n")).toContain(`${file}:${expected}`);
  });
});

test.each(["http://localhost:4000/token", "http://127.0.0.1/token", "http://[::1]:1/token"])(
  "a token URL of %s may do without TLS, since it does not leave the machine",
  (url) => {
    expect(load(idProvider.replace("https://id.test/token", url)).tokenUrl).toBe(url);
  },
);

test.each([
  ["https://{shop}.id.test/token", "", "{shop} is not among the settings"],
  ["https://id.{shop}/token", "[a-z]+", "must end its host with a domain"],
  ["https://{shop}.id.test/token", "[a-z.]+", "matches texts with a dot"],
  ["https://{shop}.id.test/token", "[a-z]+", undefined],
])(
  "a provider at %s goes with a setting of the pattern %j as the rules of hosts say",
  (url, pattern, expected) => {
    const auth = "  oauth2: { provider: id, scopes: [] }";
    const files = acmeWith(auth, idProvider.replace("https://id.test/token", url));
    const settings = `settings: { shop: { label: Shop, help: Yours., pattern: "${pattern}" } }\n`;
    const main = files["acme/integration.yaml"]!.replace(
      "headers:\n",
      pattern === "" ? "headers:\n" : `${settings}headers:\n`,
    );
    const all = { ...files, "acme/integration.yaml": main };
    if (expected !== undefined) expect(problemsIn(all).join("\n")).toContain(expected);
    else
      expect(withFiles(all, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} })).integrations.size).toBe(1);
  },
);

test("a setting of a URL to sign in at is asked for, also where an operator replaces the base URL", () => {
  const files = acmeWith(
    "  oauth2: { provider: id, scopes: [] }",
    idProvider.replace("https://id.test/token", "https://{shop}.id.test/token"),
  );
  const main = files["acme/integration.yaml"]!.replace(
    /^base_url: .*$/m,
    `base_url: https://{area}.acme.test
settings:
  shop: { label: Shop, help: Yours., pattern: "[a-z]+" }
  area: { label: Area, help: Yours., pattern: "[a-z]+" }`,
  );
  const settingsAt = (baseUrls: Record<string, string>) =>
    withFiles({ ...files, "acme/integration.yaml": main }, (dir) =>
      Object.keys(loadCatalog({ dirs: [dir], baseUrls }).integration("acme").settings),
    );
  expect(settingsAt({})).toEqual(["shop", "area"]);
  expect(settingsAt({ acme: "https://acme.internal" })).toEqual(["shop"]);
});

test("a setting of a URL to sign in at is known before", () => {
  const files = acmeWith(
    "  oauth2: { provider: id, scopes: [] }",
    idProvider.replace("https://id.test/token", "https://{shop}.id.test/token"),
  );
  const setting = '{ label: Shop, help: Yours., pattern: "[a-z]+", from: token, path: shop }';
  const main = files["acme/integration.yaml"]!.replace(
    "headers:\n",
    `settings: { shop: ${setting} }\nheaders:\n`,
  );
  expect(problemsIn({ ...files, "acme/integration.yaml": main })).toEqual([
    "acme/integration.yaml:9: auth.oauth2.provider: has a URL, https://{shop}.id.test/token, which needs shop before anybody has signed in",
  ]);
});

test("stray files among the providers and problems of an operator's URLs are all reported", () => {
  const files = { ...acme, [file]: idProvider, "providers/Big.yaml": idProvider, "providers/notes.md": "" };
  const noRevoke = idProvider.slice(0, idProvider.indexOf("revoke:"));
  const providerUrls = {
    i: { tokenUrl: "https://x.test" },
    id: { authorizeUrl: "nowhere", tokenUrl: "https://x.test#y", revokeUrl: "https://x.test/{token}" },
    mute: { revokeUrl: "https://x.test" },
  };
  expect(problemsIn({ ...files, "providers/mute.yaml": noRevoke }, { providerUrls })).toEqual([
    "providers/notes.md: is misplaced: providers are providers/<slug>.yaml",
    "providers/Big.yaml: a slug is lower-case letters, digits and dashes",
    "sign-in URLs of i: there is no such provider. Did you mean id?",
    "authorize URL of id: must be an http or https URL",
    "token URL of id: must not have a fragment or spaces",
    "revoke URL of id: {token} is unknown: a URL may have {client_id}",
    "revoke URL of mute: this provider has no request to revoke",
  ]);
});

test("a provider of one directory serves the integrations of another, and cannot be replaced there", () => {
  const theirs = {
    ...acme,
    "acme/integration.yaml": acme["acme/integration.yaml"]!.replace(
      "auth:\n",
      "auth:\n  oauth2: { provider: id, scopes: [] }\n",
    ),
  };
  const load = (more: Record<string, string>) =>
    withFiles({ [file]: idProvider }, (ours) =>
      withFiles({ ...theirs, ...more }, (dir) => loadCatalog({ dirs: [ours, dir], baseUrls: {} })),
    );
  expect(load({}).integration("acme").auth.oauth2!.grant!.provider.name).toBe("Id");
  expect(() => load({ [file]: idProvider })).toThrow(
    `${file}: there is a provider of this slug in another directory`,
  );
});
