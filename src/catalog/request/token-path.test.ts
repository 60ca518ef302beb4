import { describe, expect, test } from "vitest";
import type { RequestPlan } from "#catalog/integration.js";
import { loadCatalog } from "#catalog/load/load.js";
import { authorize, checkCredentialFields, maskedPlan, secretsOf } from "#catalog/request/authorize.js";
import { acmeWith, problemsIn, withFiles } from "#support/catalog-fixtures.js";

const files = acmeWith(`  bot:
    fields: { token: { label: Token, help: Ask the bot. } }
    path: "/bot{token}"
  pair:
    fields: { a: { label: A, help: A }, b: { label: B, help: B, secret: false } }
    path: "/hooks/{a}/{b}"
    query: { b: "{b}" }
  oauth2: { provider: id, scopes: [], path: "/as/{access_token}" }`);
const integration = withFiles(files, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} })).integration("acme");
const base = "https://api.acme.test/v1";
const plan: RequestPlan = { method: "GET", url: `${base}/send?a=1`, headers: {}, body: null };
const url = (method: string, credential: Record<string, string>) =>
  authorize(integration, method, credential, plan).url;

describe("a token in the path", () => {
  test("a token in the path stands between the base URL and the path, and leaves the plan alone", () => {
    expect(url("bot", { token: "123456:AB-c_d" })).toBe(`${base}/bot123456:AB-c_d/send?a=1`);
    expect(url("pair", { a: "x", b: "ü" })).toBe(`${base}/hooks/x/%C3%BC/send?a=1&b=%C3%BC`);
    expect(authorize(integration, "oauth2", { access_token: "t" }, plan)).toMatchObject({
      url: `${base}/as/t/send?a=1`,
      headers: {},
    });
    expect(plan.url).toBe(`${base}/send?a=1`);
  });

  test.each([
    "../..",
    "a/../../x",
    "a?b=c",
    "a#b",
    "a\\..\\..",
    "%2e%2e",
    "%2F..",
    "@evil.test",
    "//evil.test",
    ";a=b",
  ])("the token %s cannot lead elsewhere", (token) => {
    for (const method of ["bot", "pair"]) {
      const sent = new URL(url(method, { token, a: token, b: "b" }));
      const prefix = method === "bot" ? "/v1/bot" : "/v1/hooks/";
      const [value, ...rest] = sent.pathname.slice(prefix.length).split("/");
      expect(sent.origin + sent.pathname.slice(0, prefix.length)).toBe(`https://api.acme.test${prefix}`);
      expect(decodeURIComponent(value!)).toBe(token);
      expect(rest).toEqual(method === "bot" ? ["send"] : ["b", "send"]);
      expect(sent.searchParams.get("a")).toBe("1");
      expect(sent.hash).toBe("");
    }
  });

  test.each([".", ".."])("a token that is %s is refused when it is given, and never sent", (dots) => {
    const message = "must not be . or ..: it goes into the path of each request";
    expect(checkCredentialFields(integration, "pair", { a: dots, b: dots })).toEqual([
      { at: "credentials.a", message },
      { at: "credentials.b", message },
    ]);
    expect(() => url("pair", { a: "x", b: dots })).toThrow("cannot be put into the path");
    expect(() => url("oauth2", { access_token: dots })).toThrow("cannot be put into the path");
  });

  test("a request that is not below the base URL gets no token", () => {
    for (const elsewhere of ["https://evil.test/v1/send", `${base}evil/send`, "https://api.acme.test/send"]) {
      expect(() => authorize(integration, "bot", { token: "s3cret" }, { ...plan, url: elsewhere })).toThrow(
        "cannot be put into the path",
      );
    }
  });

  test("a dry run masks it, and answers have it masked", () => {
    const masked = decodeURIComponent(maskedPlan(integration, "bot", plan).url);
    expect(masked).toBe(`${base}/bot[credential]/send?a=1`);
    expect(secretsOf(integration, "bot", { token: "123456:AB" })).toEqual(["123456:AB"]);
  });
});

describe("a path that cannot be", () => {
  const field = "fields: { token: { label: Token, help: Ask. } }";
  test.each<[string, string]>([
    [`{ ${field}, path: "bot{token}" }`, "auth.bot.path: must match pattern"],
    [`{ ${field}, path: "/bot{token}/" }`, "auth.bot.path: must match pattern"],
    [`{ ${field}, path: "/a?{token}" }`, "auth.bot.path: must match pattern"],
    [`{ ${field}, path: "/../{token}" }`, "auth.bot.path: has a segment that is . or .."],
    [`{ ${field}, path: "/bot{token" }`, "auth.bot.path: has no {field}"],
    [`{ ${field}, path: "/{token}{" }`, "auth.bot.path: fields are written {name}"],
    [`{ ${field}, path: "/bot{tokn}" }`, "auth.bot.path: {tokn} is not among the fields"],
    [`{ ${field}, path: "/bot" }`, "auth.bot.fields.token: is asked for but sent nowhere"],
    ['{ provider: id, scopes: [], path: "/{token}" }', "auth.bot.path: {token} is unknown"],
    ['{ path: "/v2" }', "auth.bot: asks for nothing, yet sends something"],
  ])("the way to connect %s is refused", (auth, expected) => {
    expect(problemsIn(acmeWith(`  bot: ${auth}`)).join("\n")).toContain(expected);
  });
});
