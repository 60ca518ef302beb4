import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { signIn } from "#support/browser.js";
import type { RotatingProvider } from "#support/rotating-provider.js";
import { type OddAnswer, type RawAnswer, startRotatingProvider } from "#support/rotating-provider.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** What providers answer that is not quite what RFC 6749 §5 says, when they mean well and when they refuse. */

type Fields = Record<string, unknown>;

const json = (body: unknown): RawAnswer => ({ body: JSON.stringify(body) });
const withField = (name: string, value: unknown) => (good: Fields) => json({ ...good, [name]: value });
const without = (name: string) => (good: Fields) => {
  const { [name]: _, ...rest } = good;
  return json(rest);
};
const form = (good: Fields) => new URLSearchParams(good as Record<string, string>).toString();
/** A field with a value that is no JSON. */
const literal = (name: string, text: string) => (good: Fields) => ({
  body: JSON.stringify({ ...good, [name]: "LITERAL" }).replace('"LITERAL"', text),
});

const odd: [string, (good: Fields) => RawAnswer][] = [
  ...[null, "", -1, "-1", 0, 0.5, "3600", "3600.0", 3599.9, 1e300, "soon", [], {}, true, "1e3", " "].map(
    (value): [string, (good: Fields) => RawAnswer] => [
      `an expires_in of ${JSON.stringify(value)}`,
      withField("expires_in", value),
    ],
  ),
  ["an expires_in of Infinity", literal("expires_in", "Infinity")],
  ["an expires_in of NaN", literal("expires_in", "NaN")],
  ["an expires_in beyond all numbers", literal("expires_in", "1e999")],
  ["no expires_in", without("expires_in")],
  ...[null, "", ["a", "b"], [], [1, null, "a"], {}, 7, "a,b", " a  b ", ","].map(
    (value): [string, (good: Fields) => RawAnswer] => [
      `a scope of ${JSON.stringify(value)}`,
      withField("scope", value),
    ],
  ),
  ...[null, "", "BEARER", "bot", "user", [], 7, {}].map((value): [string, (good: Fields) => RawAnswer] => [
    `a token_type of ${JSON.stringify(value)}`,
    withField("token_type", value),
  ]),
  ["no token_type", without("token_type")],
  ...[null, "", 7, "x.y.z"].map((value): [string, (good: Fields) => RawAnswer] => [
    `an id_token of ${JSON.stringify(value)}`,
    withField("id_token", value),
  ]),
  ...[null, "", false, {}].map((value): [string, (good: Fields) => RawAnswer] => [
    `an error of ${JSON.stringify(value)}`,
    withField("error", value),
  ]),
  ["HTTP 201", (good) => ({ ...json(good), status: 201 })],
  ["JSON as text/html", (good) => ({ ...json(good), headers: { "content-type": "text/html" } })],
  ["a byte order mark", (good) => ({ body: `\uFEFF${JSON.stringify(good)}` })],
  [
    "a form",
    (good) => ({ headers: { "content-type": "application/x-www-form-urlencoded" }, body: form(good) }),
  ],
  [
    "a form as plain text",
    (good) => ({ headers: { "content-type": "text/plain" }, body: `${form(good)}\n` }),
  ],
  ["a form as HTML", (good) => ({ headers: { "content-type": "text/html" }, body: form(good) })],
];

onEachEngine("odd answers of token endpoints", (engine) => {
  let provider: RotatingProvider;
  let skillett: Skillett;

  beforeAll(async () => {
    provider = await startRotatingProvider({ expiresIn: 3600 });
    skillett = await startSkillett(engine, { env: provider.settings() });
    provider.registerRedirect(`${skillett.url}/callback`);
  });
  afterAll(async () => {
    await skillett?.close();
    await provider?.close();
  });

  const connect = async (answer?: OddAnswer) => {
    if (answer) provider.nextTokenAnswer(answer);
    const body = { integration: "odd-oauth", scopes: ["read", "write"] };
    const { json: begun } = await skillett.call("POST", "/v1/connect", { body });
    return signIn(begun.oauth_url);
  };
  const run = () => skillett.call("POST", "/v1/odd-oauth/get_path", { body: { params: { path: "json" } } });
  const connection = async () => (await skillett.call("GET", "/v1/connections")).json.connections[0];
  const works = { status: 200, json: { status: 200 } };

  it.each(odd)(
    "an answer with %s costs no sign-in, no renewal and no rotated refresh token",
    async (_, oddly) => {
      expect((await connect(oddly)).status).toBe(200);
      expect(await run()).toMatchObject(works);
      provider.expireAll();
      provider.nextTokenAnswer(oddly);
      expect(await run()).toMatchObject(works);
      // With the refresh token before it, the provider would have ended the whole family.
      provider.expireAll();
      expect(await run()).toMatchObject(works);
      expect(await connection()).toMatchObject({ status: "connected" });
    },
  );

  it.each([[null], [""], [[]], [7]])("a scope of %j keeps the scopes that were asked for", async (scope) => {
    await connect(withField("scope", scope));
    expect((await connection()).scopes).toEqual(["read", "write"]);
    provider.expireAll();
    provider.nextTokenAnswer(withField("scope", scope));
    await run();
    expect((await connection()).scopes).toEqual(["read", "write"]);
  });

  it.each([[null], [""], [[]], [{}], [7]])(
    "a refresh_token of %j at a renewal keeps the one there is",
    async (value) => {
      await connect();
      provider.expireAll();
      provider.nextTokenAnswer(withField("refresh_token", value));
      expect(await run()).toMatchObject(works);
      expect(await connection()).toMatchObject({ status: "connected" });
    },
  );

  it("an answer without an access token keeps its rotated refresh token, and the next renewal works", async () => {
    await connect();
    provider.expireAll();
    provider.nextTokenAnswer(withField("access_token", null));
    expect(await run()).toMatchObject({
      status: 502,
      json: { error: "upstream_unreachable", retryable: true },
    });
    expect(await run()).toMatchObject(works);
  });
});

onEachEngine("refused renewals", (engine) => {
  let provider: RotatingProvider;
  let skillett: Skillett;

  beforeAll(async () => {
    provider = await startRotatingProvider({ expiresIn: 3600 });
    skillett = await startSkillett(engine, { env: provider.settings() });
    provider.registerRedirect(`${skillett.url}/callback`);
  });
  afterAll(async () => {
    await skillett?.close();
    await provider?.close();
  });
  beforeEach(async () => {
    const body = { integration: "odd-oauth" };
    const { json: begun } = await skillett.call("POST", "/v1/connect", { body });
    expect((await signIn(begun.oauth_url)).status).toBe(200);
    provider.expireAll();
  });

  const run = () => skillett.call("POST", "/v1/odd-oauth/get_path", { body: { params: { path: "json" } } });
  const status = async () => (await skillett.call("GET", "/v1/connections")).json.connections[0].status;
  const refusal = (status: number, error: unknown) => ({ status, ...json({ error }) });

  it.each([
    [
      "401 as HTML",
      { status: 401, headers: { "content-type": "text/html" }, body: '{"error":"Unauthorized"}' },
    ],
    ["a page", { status: 401, headers: { "content-type": "text/html" }, body: "<h1>Unauthorized</h1>" }],
    ["Too Early", { status: 425, body: "" }],
    ["Request Timeout", { status: 408, body: "" }],
    ["slow_down", refusal(403, "slow_down")],
    ["Too Many Requests", { status: 429, body: "" }],
    ["a server error", { status: 500, ...json({ error: "oops" }) }],
    ["a 400 without an error", { status: 400, body: "{}" }],
    ["an error that is no text", refusal(400, { code: 190 })],
    ["an unknown code", refusal(400, "something_new")],
    ["an unknown code with 200", refusal(200, "something_new")],
    ["invalid_request", refusal(400, "invalid_request")],
    ["invalid_scope", refusal(400, "invalid_scope")],
    ["unsupported_grant_type", refusal(400, "unsupported_grant_type")],
    ["ok: false without words", { status: 200, body: '{"ok":false}' }],
  ] as const)("a renewal answered by %s keeps the connection, and the next one works", async (_, answer) => {
    provider.failNextToken(answer);
    expect(await run()).toMatchObject({
      status: 502,
      json: { error: "upstream_unreachable", retryable: true },
    });
    expect(await status()).toBe("connected");
    expect(await run()).toMatchObject({ status: 200, json: { status: 200 } });
  });

  it.each(["invalid_client", "unauthorized_client", "incorrect_client_credentials", "INVALID_CLIENT"])(
    "a renewal answered by %s is the operator's matter, and the connection stays",
    async (code) => {
      provider.failNextToken(refusal(401, code));
      const reply = await run();
      expect(reply).toMatchObject({ status: 502, json: { error: "upstream_unreachable", retryable: false } });
      expect(reply.json.message).toContain("operator must check");
      expect(await status()).toBe("connected");
      expect(await run()).toMatchObject({ status: 200, json: { status: 200 } });
    },
  );

  it.each([
    [400, "invalid_grant"],
    [401, "Invalid_Grant"],
    [200, "bad_refresh_token"],
    [200, "invalid_refresh_token"],
    [200, "token_revoked"],
    [200, "account_inactive"],
    [400, "interaction_required"],
  ] as const)("a renewal answered by HTTP %i and %s is refused for good", async (status_, code) => {
    provider.failNextToken(refusal(status_, code));
    expect(await run()).toMatchObject({ status: 401, json: { error: "token_expired" } });
    expect(await status()).toBe("needs_reconnect");
  });
});
