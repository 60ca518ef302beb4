import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn } from "#support/browser.js";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { callback, createPlainClient, type PlainClient } from "#support/plain-client.js";

let github: GithubStandIn;
let client: PlainClient;
beforeAll(async () => {
  github = await startGithub();
  client = createPlainClient(github, "GITHUB");
});
afterAll(() => github.close());

async function call(token: string, method: string, path: string, body?: object) {
  const answer = await fetch(github.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "user-agent": "test" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

async function tokenFor(scope: string): Promise<string> {
  const { code } = await client.signIn("hubot", { scope });
  return (await client.redeem(code)).body.access_token;
}

test("the GitHub stand-in signs in through the consent page and yields a token of that user", async () => {
  const { code, state, iss } = await client.signIn("hubot", { scope: "repo read:org" });
  expect([state, iss]).toEqual(["s1", `${github.url}/login/oauth`]);
  const { status, body } = await client.redeem(code);
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.stringMatching(/^gho_/),
    scope: "repo,read:org",
    token_type: "bearer",
  });
  const user = await call(body.access_token, "GET", "/user");
  expect(user).toMatchObject({ status: 200, body: { login: "hubot" } });
  expect(user.headers.get("x-oauth-scopes")).toBe("repo, read:org");
  expect(user.headers.get("x-accepted-oauth-scopes")).toBe("");
});

test("the GitHub stand-in answers with a form unless JSON is asked for", async () => {
  const answer = await fetch(github.settings().SKILLETT_GITHUB_TOKEN_URL!, { method: "POST" });
  expect(new URLSearchParams(await answer.text()).get("error")).toBe("incorrect_client_credentials");
});

test("the GitHub stand-in says that the person said no", async () => {
  const page = await signIn(client.authorizeUrl(), { deny: true, stopAt: new URL(callback).origin });
  const params = new URL(page.url).searchParams;
  expect([params.get("error"), params.get("state"), params.get("code")]).toEqual([
    "access_denied",
    "s1",
    null,
  ]);
});

test.each([
  ["another redirect URI", { redirect_uri: `${callback}/` }],
  ["another client", { client_id: "x" }],
  ["a plain PKCE challenge", { code_challenge_method: "plain" }],
])("the GitHub stand-in shows an error page for %s", async (_, params) => {
  const page = await signIn(client.authorizeUrl(params));
  expect(page.status).toBe(400);
  expect(page.url.startsWith(github.url)).toBe(true);
});

test.each([
  ["a wrong verifier", { code_verifier: "wrong" }, "bad_verification_code"],
  ["no verifier", { code_verifier: null }, "bad_verification_code"],
  ["another redirect URI", { redirect_uri: "http://127.0.0.1:9/other" }, "redirect_uri_mismatch"],
  ["a wrong secret", { client_secret: "wrong" }, "incorrect_client_credentials"],
  ["a wrong client id", { client_id: "wrong" }, "incorrect_client_credentials"],
  ["another code", { code: "wrong" }, "bad_verification_code"],
])("the GitHub stand-in refuses %s with HTTP 200", async (_, fields, error) => {
  const { code } = await client.signIn("octocat");
  expect(await client.redeem(code, fields)).toMatchObject({ status: 200, body: { error } });
});

test("the GitHub stand-in takes a code once", async () => {
  const { code } = await client.signIn("octocat");
  expect((await client.redeem(code)).body).toHaveProperty("access_token");
  expect((await client.redeem(code)).body).toMatchObject({ error: "bad_verification_code" });
});

test("the GitHub stand-in refuses what the token has no scope for", async () => {
  const bare = await tokenFor("");
  const orgs = await call(bare, "GET", "/user/orgs");
  expect(orgs).toMatchObject({ status: 403, body: { status: "403" } });
  expect(orgs.headers.get("x-accepted-oauth-scopes")).toContain("read:org");
  const issue = { title: "Bug" };
  expect((await call(bare, "POST", "/repos/acme/app/issues", issue)).status).toBe(404);
  const full = await tokenFor("public_repo,read:org");
  expect((await call(full, "POST", "/repos/acme/app/issues", issue)).status).toBe(201);
  expect((await call(full, "GET", "/user/orgs")).status).toBe(200);
});

describe("revocation", () => {
  const remove = (token: string, secret = github.client.secret, what = "token") =>
    fetch(`${github.url}/applications/${github.client.id}/${what}`, {
      method: "DELETE",
      headers: {
        authorization: `Basic ${Buffer.from(`${github.client.id}:${secret}`).toString("base64")}`,
        "user-agent": "test",
      },
      body: JSON.stringify({ access_token: token }),
    });

  test("a revocation ends one token, or all of the person", async () => {
    const [first, second, third] = [await tokenFor("repo"), await tokenFor("repo"), await tokenFor("repo")];
    expect((await remove(first)).status).toBe(204);
    expect((await remove(first)).status).toBe(404);
    expect((await call(first, "GET", "/user")).status).toBe(401);
    expect((await call(second, "GET", "/user")).status).toBe(200);
    expect((await remove(second, github.client.secret, "grant")).status).toBe(204);
    expect((await call(third, "GET", "/user")).status).toBe(401);
  });

  test("a revocation wants the client's secret", async () => {
    const token = await tokenFor("repo");
    expect((await remove(token, "wrong")).status).toBe(401);
    expect((await call(token, "GET", "/user")).status).toBe(200);
  });
});

test("the GitHub stand-in ends tokens on demand", async () => {
  const [first, second] = [await tokenFor("repo"), await tokenFor("repo")];
  github.expire(first);
  expect((await call(first, "GET", "/user")).status).toBe(401);
  expect((await call(second, "GET", "/user")).status).toBe(200);
  github.expireAll();
  expect((await call(second, "GET", "/user")).status).toBe(401);
});

test("the GitHub stand-in fails the token endpoint and the rest apart", async () => {
  const token = await tokenFor("repo");
  github.failNextToken({ status: 503, body: { error: "down" } });
  expect((await call(token, "GET", "/user")).status).toBe(200);
  expect((await client.redeem("x")).status).toBe(503);
  github.failNext({ status: 500 });
  expect((await client.redeem("x")).status).toBe(200);
  expect((await fetch(github.url)).status).toBe(500);
});

test("the GitHub stand-in records token requests without their secrets", async () => {
  const { code = "" } = await client.signIn("octocat");
  await client.redeem(code);
  const last = github.tokenRequests.at(-1);
  expect(last).toMatchObject({
    grantType: "authorization_code",
    body: { code: `…${code.slice(-4)}`, redirect_uri: callback },
  });
  expect(JSON.stringify(github.requests)).not.toContain(github.client.secret);
  expect(JSON.stringify(github.requests)).not.toContain(code);
});

test("the GitHub stand-in can announce the end of tokens and rotate them, like a GitHub App", async () => {
  const app = await startGithub({ expiringTokens: true });
  try {
    const plain = createPlainClient(app, "GITHUB");
    const first = (await plain.redeem((await plain.signIn("octocat")).code)).body;
    expect(first).toMatchObject({
      expires_in: 28_800,
      scope: "",
      refresh_token: expect.stringMatching(/^ghr_/),
    });
    const second = (await plain.refresh(first.refresh_token)).body;
    expect(second.refresh_token).toMatch(/^ghr_/);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const status = async (token: string) =>
      (await fetch(`${app.url}/user`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await status(first.access_token), await status(second.access_token)]).toEqual([401, 200]);
    expect(await plain.refresh(first.refresh_token)).toMatchObject({
      status: 200,
      body: { error: "bad_refresh_token" },
    });
    app.revokeRefreshTokens();
    expect((await plain.refresh(second.refresh_token)).body.error).toBe("bad_refresh_token");
  } finally {
    await app.close();
  }
});
