import { afterAll, beforeAll, expect, test } from "vitest";
import { type GoogleStandIn, startGoogle } from "#support/google-stand-in.js";
import { createPlainClient, type PlainClient } from "#support/plain-client.js";

const octocat = "octocat@acme.example";
const [readMail, sendMail] = ["readonly", "send"].map((it) => `https://www.googleapis.com/auth/gmail.${it}`);
const calendarScope = "https://www.googleapis.com/auth/calendar";
const offline = { access_type: "offline", prompt: "consent" };

let google: GoogleStandIn;
let client: PlainClient;
beforeAll(async () => {
  google = await startGoogle();
  client = createPlainClient(google, "GOOGLE");
});
afterAll(() => google.close());

async function call(token: string, url: string, method = "GET", body?: object) {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

async function signedIn(params: Record<string, string>) {
  const { code } = await client.signIn(octocat, params);
  return (await client.redeem(code)).body;
}

const profile = (token: string) => call(token, `${google.gmailUrl}/gmail/v1/users/me/profile`);

test("the Google stand-in signs in, and refreshes without a new refresh token", async () => {
  const tokens = await signedIn({ scope: readMail!, ...offline });
  expect(tokens).toMatchObject({ expires_in: 3599, scope: readMail, token_type: "Bearer" });
  expect((await profile(tokens.access_token)).body).toMatchObject({
    emailAddress: octocat,
    messagesTotal: 2,
  });
  google.expireAll();
  expect((await profile(tokens.access_token)).status).toBe(401);
  for (const _ of ["once", "and again"]) {
    const { body } = await client.refresh(tokens.refresh_token);
    expect(body).not.toHaveProperty("refresh_token");
    expect((await profile(body.access_token)).status).toBe(200);
  }
});

test("the Google stand-in gives a refresh token only when asked, and again only with a new consent", async () => {
  expect(await signedIn({ scope: readMail! })).not.toHaveProperty("refresh_token");
  expect(await signedIn({ scope: readMail!, ...offline })).toHaveProperty("refresh_token");
  expect(await signedIn({ scope: readMail!, access_type: "offline" })).not.toHaveProperty("refresh_token");
});

test.each([
  ["a wrong verifier", { code_verifier: "wrong" }, 400, "invalid_grant"],
  ["another redirect URI", { redirect_uri: "http://127.0.0.1:9/other" }, 400, "redirect_uri_mismatch"],
  ["a wrong secret", { client_secret: "wrong" }, 401, "invalid_client"],
  ["another grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
])("the Google stand-in refuses %s", async (_, fields, status, error) => {
  const { code } = await client.signIn(octocat, { scope: readMail! });
  expect(await client.redeem(code, fields)).toMatchObject({ status, body: { error } });
});

test("the Google stand-in refuses a missing token and a missing scope in Google's shape", async () => {
  const unknown = await profile("inner_octocat@acme.example");
  expect(unknown).toMatchObject({ status: 401, body: { error: { code: 401, status: "UNAUTHENTICATED" } } });
  const { access_token } = await signedIn({ scope: sendMail! });
  const refused = await profile(access_token);
  expect(refused).toMatchObject({
    status: 403,
    body: {
      error: { status: "PERMISSION_DENIED", details: [{ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" }] },
    },
  });
  expect(refused.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
  const raw = Buffer.from("To: hubot@acme.example\r\nSubject: Hi\r\n\r\nHello").toString("base64url");
  const send = `${google.gmailUrl}/gmail/v1/users/me/messages/send`;
  expect((await call(access_token, send, "POST", { raw })).status).toBe(200);
  expect((await call(access_token, `${google.calendarUrl}/calendars/primary`)).status).toBe(403);
});

test("the Google stand-in revokes the whole grant, whichever token is given", async () => {
  const first = await signedIn({ scope: readMail!, ...offline });
  const second = await signedIn({ scope: calendarScope, ...offline });
  const revoke = () =>
    fetch(google.revokeUrl, {
      method: "POST",
      body: new URLSearchParams({ token: second.refresh_token }),
    });
  expect((await revoke()).status).toBe(200);
  expect((await profile(first.access_token)).status).toBe(401);
  expect((await client.refresh(first.refresh_token)).body.error).toBe("invalid_grant");
  expect((await revoke()).status).toBe(400);
});

test("the Google stand-in has the parts of Calendar that the emulator lacks", async () => {
  const token = google.mintToken(octocat, [calendarScope]);
  const primary = await call(token, `${google.calendarUrl}/calendars/primary`);
  expect(primary.body).toMatchObject({ kind: "calendar#calendar", id: octocat });
  const events = `${google.calendarUrl}/calendars/primary/events`;
  const times = {
    start: { dateTime: "2026-12-01T10:00:00Z" },
    end: { dateTime: "2026-12-01T11:00:00Z" },
  };
  const { body: made } = await call(token, events, "POST", { summary: "Review", ...times });
  const changed = await call(token, `${events}/${made.id}`, "PATCH", { summary: "Long review" });
  expect(changed.body).toMatchObject({ id: made.id, summary: "Long review", start: made.start });
  expect((await call(token, `${events}/${made.id}`)).body).toMatchObject({ summary: "Long review" });
  const found = (await call(token, events)).body.items.filter((it: { id: string }) => it.id === made.id);
  expect(found).toMatchObject([{ summary: "Long review" }]);
  expect((await call(token, `${events}/${made.id}`, "DELETE")).status).toBe(204);
  expect((await call(token, `${events}/${made.id}`)).status).toBe(404);
});

test("the Google stand-in names its issuer where told to", async () => {
  const issuer = "https://accounts.google.com";
  const other = await startGoogle({ issuer });
  try {
    const callbackParams = await createPlainClient(other, "GOOGLE").signIn(octocat);
    expect(callbackParams).toMatchObject({ iss: issuer, state: "s1" });
    expect(await client.signIn(octocat)).not.toHaveProperty("iss");
  } finally {
    await other.close();
  }
});
