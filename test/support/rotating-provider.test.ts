import { afterEach, beforeEach, expect, test } from "vitest";
import { createPlainClient, type PlainClient } from "#support/plain-client.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";

let provider: RotatingProvider;
let client: PlainClient;
beforeEach(() => start(0));
afterEach(() => provider.close());

async function start(graceUses: number): Promise<void> {
  provider = await startRotatingProvider({ graceUses });
  client = createPlainClient(provider, "ODD", true);
}

async function signedIn() {
  return (await client.redeem((await client.signIn("")).code)).body;
}

async function call(token: string) {
  const answer = await fetch(`${provider.url}/json`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: await answer.json() };
}

test("the rotating provider signs in whoever was named, without a page", async () => {
  provider.signsIn({ id: 7, name: "grace" });
  const { code, state } = await client.signIn("", { scope: "read write" });
  const { status, body } = await client.redeem(code);
  expect([status, state, body.scope, body.expires_in]).toEqual([200, "s1", "read write", 3600]);
  expect(await call(body.access_token)).toEqual({ status: 200, body: { id: 7, name: "grace" } });
  provider.signsIn(null);
  expect(await client.signIn("")).toEqual({ error: "access_denied", state: "s1" });
});

test("the rotating provider wants Basic and PKCE", async () => {
  expect(await client.signIn("", { code_challenge: null })).toMatchObject({ error: "invalid_request" });
  const byBody = createPlainClient(provider, "ODD");
  const { code } = await client.signIn("");
  expect(await byBody.redeem(code)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  expect(await client.redeem(code, { code_verifier: "wrong" })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
});

test("the rotating provider gives a client a token of its own, without a refresh token", async () => {
  const { status, body } = await client.ask({ grant_type: "client_credentials", scope: "read" });
  expect([status, body.scope, "refresh_token" in body]).toEqual([200, "read", false]);
  expect(await call(body.access_token)).toEqual({ status: 200, body: { id: 1000, name: "machine" } });
  const wrong = await client.ask({ grant_type: "password" });
  expect(wrong).toEqual({ status: 400, body: { error: "unsupported_grant_type" } });
});

test("the rotating provider ends the family when a used refresh token comes back", async () => {
  const first = await signedIn();
  const second = (await client.refresh(first.refresh_token)).body;
  expect((await call(second.access_token)).status).toBe(200);
  expect((await client.refresh(first.refresh_token)).body.error).toBe("invalid_grant");
  expect((await call(second.access_token)).status).toBe(401);
  expect((await client.refresh(second.refresh_token)).body.error).toBe("invalid_grant");
  expect(provider.refreshCount()).toBe(3);
  expect(provider.tokenRequests.map(({ grantType }) => grantType)).toEqual([
    "authorization_code",
    ...Array(3).fill("refresh_token"),
  ]);
});

test("the same new tokens come again as often as the grace allows", async () => {
  await provider.close();
  await start(1);
  const first = await signedIn();
  const second = (await client.refresh(first.refresh_token)).body;
  expect((await client.refresh(first.refresh_token)).body).toEqual(second);
  expect((await client.refresh(first.refresh_token)).body.error).toBe("invalid_grant");
});

test("the rotating provider holds answers to refreshes until they are let go", async () => {
  const { refresh_token } = await signedIn();
  const release = provider.holdRefresh();
  let answered = false;
  const refreshed = client.refresh(refresh_token).finally(() => {
    answered = true;
  });
  await provider.refreshesArrived(1);
  expect((await client.redeem("x")).status).toBe(400);
  expect(answered).toBe(false);
  release();
  expect((await refreshed).status).toBe(200);
});

test("the rotating provider ends access tokens, or all tokens", async () => {
  const first = await signedIn();
  provider.expireAll();
  expect((await call(first.access_token)).status).toBe(401);
  const second = (await client.refresh(first.refresh_token)).body;
  provider.revokeAll();
  expect((await call(second.access_token)).status).toBe(401);
  expect((await client.refresh(second.refresh_token)).status).toBe(400);
});

test("the rotating provider goes down but for its API, and comes back", async () => {
  const token = provider.mintToken();
  provider.goDown();
  const down = await fetch(`${provider.url}/token`, { method: "POST" });
  expect(down.status).toBe(503);
  expect((await call(token)).status).toBe(200);
  provider.goDown("reset");
  await expect(client.refresh("x")).rejects.toThrow();
  provider.comeBack();
  expect((await client.refresh("x")).status).toBe(400);
});

test("the rotating provider answers odd things in place of a success", async () => {
  const { refresh_token } = await signedIn();
  provider.nextTokenAnswer({ headers: { "content-type": "text/html" }, body: "<h1>Hello</h1>" });
  expect((await client.refresh("x")).body).toEqual({ error: "invalid_grant" });
  await expect(client.refresh(refresh_token)).rejects.toThrow(SyntaxError);
  provider.nextTokenAnswer({ body: '{"access_token":1,"expires_in":-5}' });
  expect((await client.redeem((await client.signIn("")).code)).body).toEqual({
    access_token: 1,
    expires_in: -5,
  });
});

test("the rotating provider revokes the grant, counts, and takes unknown tokens", async () => {
  const tokens = await signedIn();
  const { id, secret } = provider.client;
  const revoke = (token: string, password: string) =>
    fetch(`${provider.url}/revoke`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString("base64")}` },
      body: new URLSearchParams({ token }),
    });
  expect((await revoke(tokens.refresh_token, "wrong")).status).toBe(401);
  expect((await call(tokens.access_token)).status).toBe(200);
  expect((await revoke(tokens.refresh_token, secret)).status).toBe(200);
  expect((await call(tokens.access_token)).status).toBe(401);
  expect((await revoke("unknown", secret)).status).toBe(200);
  expect(provider.revokeCount()).toBe(3);
});
