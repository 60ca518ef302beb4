import * as openid from "openid-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onEachEngine } from "#support/skillett.js";
import { type OAuthStage, startOAuthStage, usedRedirectUri } from "./oauth-stage.js";

/** Codes and tokens: each is good for one client, once, and for a while. */

onEachEngine("OAuth tokens", (engine) => {
  let stage: OAuthStage;
  let client: openid.Configuration;
  beforeAll(async () => {
    stage = await startOAuthStage(engine);
    client = await stage.register();
  });
  afterAll(() => stage?.skillett.close());
  // Nobody waits for anything that another test has counted.
  beforeEach(() => stage.wait(3_600));

  const postForm = (path: string, form: URLSearchParams) =>
    stage.skillett.call("POST", path, {
      key: null,
      body: form.toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });

  describe("a code", () => {
    it("an authorization code is good for one client with the right verifier", async () => {
      const request = await stage.begin(client);
      const callback = await request.decideAll("approve");
      const wrong = request.redeem(callback, openid.randomPKCECodeVerifier());
      await expect(wrong).rejects.toMatchObject({ error: "invalid_grant" });
      const { client_id } = (await stage.register()).clientMetadata();
      const form = new URLSearchParams({
        grant_type: "authorization_code",
        code: callback.searchParams.get("code")!,
        redirect_uri: usedRedirectUri,
        code_verifier: request.verifier,
        client_id,
      });
      expect((await postForm("/oauth/token", form)).json.error).toBe("invalid_grant");
      // Neither has used it up.
      expect(await request.redeem(callback)).toHaveProperty("access_token");
    });

    it("an authorization code that is used twice takes back what the first use gave", async () => {
      const request = await stage.begin(client);
      const callback = await request.decideAll("approve");
      const { access_token, refresh_token } = await request.redeem(callback);
      await expect(request.redeem(callback)).rejects.toMatchObject({ error: "invalid_grant" });
      await expect(stage.use(access_token)).rejects.toMatchObject({ kind: { status: 401 } });
      await expect(openid.refreshTokenGrant(client, refresh_token)).rejects.toMatchObject({
        error: "invalid_grant",
      });
    });

    it("an authorization code that is used several times at once gives one token at the most, which is of no use", async () => {
      const request = await stage.begin(client);
      const callback = await request.decideAll("approve");
      const all = await Promise.allSettled(Array.from({ length: 5 }, () => request.redeem(callback)));
      const given = all.flatMap((one) => (one.status === "fulfilled" ? [one.value.access_token] : []));
      expect(given.length).toBeLessThan(2);
      for (const token of given) await expect(stage.use(token)).rejects.toThrow();
    });

    it("an authorization code ends after a minute", async () => {
      const request = await stage.begin(client);
      const callback = await request.decideAll("approve");
      stage.wait(61);
      await expect(request.redeem(callback)).rejects.toMatchObject({ error: "invalid_grant" });
    });
  });

  describe("a refresh token", () => {
    it("a refresh token is replaced at each use, for no more than it was for", async () => {
      const first = await stage.letIn(client, { scope: "github slack:read" });
      const second = await openid.refreshTokenGrant(client, first.refresh_token, { scope: "slack:read" });
      expect(second.refresh_token).not.toBe(first.refresh_token);
      expect((await stage.use(second.access_token)).scopes).toEqual(["slack:read"]);
      const more = openid.refreshTokenGrant(client, second.refresh_token!, { scope: "github gmail" });
      await expect(more).rejects.toMatchObject({ error: "invalid_scope" });
      const other = openid.refreshTokenGrant(client, second.refresh_token!, {
        resource: "https://x.example",
      });
      await expect(other).rejects.toMatchObject({ error: "invalid_target" });
    });

    it("a refresh token that is used again ends all that came of the same consent", async () => {
      const first = await stage.letIn(client);
      const second = await openid.refreshTokenGrant(client, first.refresh_token);
      await expect(openid.refreshTokenGrant(client, first.refresh_token)).rejects.toMatchObject({
        error: "invalid_grant",
      });
      for (const { access_token } of [first, second]) await expect(stage.use(access_token)).rejects.toThrow();
      await expect(openid.refreshTokenGrant(client, second.refresh_token!)).rejects.toThrow();
    });

    it("a refresh token lasts 30 days from its last use, and an access token an hour", async () => {
      const first = await stage.letIn(client);
      stage.wait(3_599);
      await stage.use(first.access_token);
      stage.wait(2);
      await expect(stage.use(first.access_token)).rejects.toMatchObject({ code: "api_key_expired" });
      stage.wait(29 * 86_400);
      const second = await openid.refreshTokenGrant(client, first.refresh_token);
      stage.wait(29 * 86_400);
      const third = await openid.refreshTokenGrant(client, second.refresh_token!);
      stage.wait(31 * 86_400);
      await expect(openid.refreshTokenGrant(client, third.refresh_token!)).rejects.toMatchObject({
        error: "invalid_grant",
      });
    });
  });

  it("a token is taken back for the client that has it, and for no other", async () => {
    const { access_token, refresh_token } = await stage.letIn(client);
    const other = await stage.register();
    await openid.tokenRevocation(other, refresh_token);
    await stage.use(access_token);
    await openid.tokenRevocation(client, refresh_token);
    await expect(stage.use(access_token)).rejects.toMatchObject({ kind: { status: 401 } });
    await expect(openid.refreshTokenGrant(client, refresh_token)).rejects.toThrow();
  });
});
