import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn } from "#support/browser.js";
import { createPlainClient, type JsonAnswer, type PlainClient } from "#support/plain-client.js";
import { type SlackStandIn, startSlack } from "#support/slack-stand-in.js";

let slack: SlackStandIn;
let client: PlainClient;
beforeAll(async () => {
  slack = await startSlack();
  client = createPlainClient(slack, "SLACK");
});
afterAll(() => slack.close());

async function call(
  token: string | undefined,
  method: string,
  fields: Record<string, string> = {},
  get = true,
): Promise<JsonAnswer & { headers: Headers }> {
  const url = `${slack.url}/api/${method}`;
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const form = new URLSearchParams(fields);
  const answer = get
    ? await fetch(`${url}?${form}`, { headers })
    : await fetch(url, { method: "POST", headers, body: form });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

async function tokenFor(user_scope: string): Promise<string> {
  const { code } = await client.signIn("hubot", { user_scope, code_challenge: null });
  return (await client.redeem(code, { code_verifier: null })).body.authed_user.access_token;
}

test("the Slack stand-in signs in with the user's token nested, and no other", async () => {
  const { code } = await client.signIn("hubot", { user_scope: "chat:write,users:read" });
  const { status, body } = await client.redeem(code);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    ok: true,
    authed_user: { scope: "chat:write,users:read", token_type: "user" },
    team: { name: "Acme" },
  });
  expect(body).not.toHaveProperty("access_token");
  expect(body.authed_user).not.toHaveProperty("refresh_token");
  const { authed_user } = body;
  for (const get of [true, false])
    expect((await call(authed_user.access_token, "auth.test", {}, get)).body).toMatchObject({
      ok: true,
      user: "hubot",
      user_id: authed_user.id,
    });
});

test("the Slack stand-in refuses to sign in a bot", async () => {
  expect((await signIn(client.authorizeUrl({ scope: "chat:write" }))).status).toBe(400);
});

test.each([
  ["a wrong verifier", { code_verifier: "wrong" }, "invalid_code"],
  ["another redirect URI", { redirect_uri: "http://127.0.0.1:9/other" }, "bad_redirect_uri"],
  ["a wrong secret", { client_secret: "wrong" }, "bad_client_secret"],
  ["a wrong client id", { client_id: "wrong" }, "invalid_client_id"],
])("the Slack stand-in refuses a code with %s by HTTP 200", async (_, fields, error) => {
  const { code } = await client.signIn("octocat", { user_scope: "chat:write" });
  expect(await client.redeem(code, fields)).toMatchObject({ status: 200, body: { ok: false, error } });
});

test.each([
  ["no token", undefined, "not_authed"],
  ["an unknown token", "xoxp-unknown", "invalid_auth"],
  ["the emulator's own token", "inner_octocat", "invalid_auth"],
])("the Slack stand-in refuses a call with %s by HTTP 200", async (_, token, error) => {
  expect(await call(token, "auth.test")).toMatchObject({ status: 200, body: { ok: false, error } });
});

test("the Slack stand-in names the missing scope", async () => {
  const token = await tokenFor("users:read");
  const refused = await call(token, "conversations.list");
  expect(refused.body).toEqual({
    ok: false,
    error: "missing_scope",
    needed: "channels:read",
    provided: "users:read",
  });
  expect(refused.headers.get("x-oauth-scopes")).toBe("users:read");
  expect((await call(token, "users.list")).body.ok).toBe(true);
  expect((await call(token, "no.such.method")).body.error).toBe("unknown_method");
});

test("the Slack stand-in reads by GET what was written by POST", async () => {
  const token = slack.mintToken();
  const { channels } = (await call(token, "conversations.list")).body;
  const channel = channels.find((it: { name: string }) => it.name === "deploys").id;
  const posted = await call(token, "chat.postMessage", { channel, text: "Version 4.2 is live" }, false);
  expect(posted.body).toMatchObject({ ok: true });
  const history = await call(token, "conversations.history", { channel, limit: "1" });
  expect(history.body.messages).toMatchObject([{ text: "Version 4.2 is live" }]);
});

test("the Slack stand-in revokes the token that asks for it", async () => {
  const [first, second] = [await tokenFor("chat:write"), await tokenFor("chat:write")];
  expect((await call(first, "auth.revoke")).body).toEqual({ ok: true, revoked: true });
  expect((await call(first, "auth.test")).body.error).toBe("invalid_auth");
  expect((await call(second, "auth.test")).body.ok).toBe(true);
});

test("the Slack stand-in rotates tokens, nested at sign-in and on top at refresh", async () => {
  const rotating = await startSlack({ rotation: true });
  try {
    const plain = createPlainClient(rotating, "SLACK");
    const { code } = await plain.signIn("octocat", { user_scope: "chat:write" });
    const first = (await plain.redeem(code)).body.authed_user;
    expect(first).toMatchObject({ expires_in: 43_200, refresh_token: expect.stringMatching(/^xoxe-1-/) });
    const second = (await plain.refresh(first.refresh_token)).body;
    expect(second).toMatchObject({ ok: true, token_type: "user", user_id: first.id, expires_in: 43_200 });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await plain.refresh(first.refresh_token)).toMatchObject({
      status: 200,
      body: { ok: false, error: "invalid_refresh_token" },
    });
    rotating.revokeRefreshTokens();
    expect((await plain.refresh(second.refresh_token)).body.ok).toBe(false);
  } finally {
    await rotating.close();
  }
});
