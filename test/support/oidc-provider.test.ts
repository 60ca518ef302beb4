import { createHash } from "node:crypto";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBrowser } from "#support/browser.js";
import { type OidcProvider, startOidc } from "#support/oidc-provider.js";
import type { JsonAnswer } from "#support/plain-client.js";

let oidc: OidcProvider;
beforeAll(async () => {
  oidc = await startOidc();
});
afterAll(() => oidc.close());

const redirect_uri = "http://127.0.0.1:9/callback";
const code_verifier = "a-verifier-that-is-as-long-as-it-has-to-be-0123456789";
const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");

async function signIn(): Promise<URLSearchParams> {
  const pkce = { code_challenge, code_challenge_method: "S256" };
  const query = {
    response_type: "code",
    client_id: "c",
    redirect_uri,
    state: "s1",
    scope: "openid",
    ...pkce,
  };
  const url = `${oidc.url}/authorize?${new URLSearchParams(query)}`;
  const page = await createBrowser().signIn(url, { stopAt: new URL(redirect_uri).origin });
  return new URL(page.url).searchParams;
}

async function redeem(fields: Record<string, string>): Promise<JsonAnswer> {
  const response = await fetch(`${oidc.url}/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "authorization_code", client_id: "c", redirect_uri, ...fields }),
  });
  return { status: response.status, body: await response.json() };
}

test("the OIDC provider names itself in the callback, and otherwise when told to", async () => {
  expect((await signIn()).get("iss")).toBe(oidc.issuer);
  oidc.nextCallback({ iss: "https://evil.example" });
  expect((await signIn()).get("iss")).toBe("https://evil.example");
  oidc.nextCallback({ iss: null, state: "another" });
  const params = await signIn();
  expect([params.has("iss"), params.get("state"), params.has("code")]).toEqual([false, "another", true]);
});

test("the OIDC provider signs the id token, and its access token opens the API", async () => {
  const { body } = await redeem({ code: (await signIn()).get("code")!, code_verifier });
  const keys = (await (await fetch(`${oidc.url}/jwks`)).json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(body.id_token, createLocalJWKSet(keys), {
    issuer: oidc.issuer,
    audience: "c",
  });
  expect(payload.sub).toBe("johndoe");
  const api = (token: string) => fetch(`${oidc.url}/json`, { headers: { authorization: `Bearer ${token}` } });
  expect(await (await api(body.access_token)).json()).toEqual({ id: 1, name: "johndoe" });
  expect((await api("bogus")).status).toBe(401);
});

test("the OIDC provider refuses a wrong verifier", async () => {
  const code = (await signIn()).get("code")!;
  expect((await redeem({ code, code_verifier: code_verifier.replace("a", "b") })).status).toBe(400);
});

test("the OIDC provider answers otherwise once, when told to", async () => {
  oidc.nextTokenAnswer({ status: 400, fields: { error: "invalid_grant", access_token: undefined } });
  const fields = { grant_type: "refresh_token", refresh_token: "x" };
  const refused = await redeem(fields);
  expect(refused).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  expect(refused.body).not.toHaveProperty("access_token");
  expect((await redeem(fields)).status).toBe(200);
});
