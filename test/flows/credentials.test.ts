import { afterAll, beforeAll, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";

/** Keys and credentials stop at the next call, on every server of a database, and come to life again. */
onEachEngine("keys and credentials", (engine) => {
  let github: GithubStandIn;
  let skillett: Skillett;
  let token: string;
  let id: string;
  beforeAll(async () => {
    github = await startGithub();
    skillett = await startSkillett(engine, { env: { SKILLETT_GITHUB_BASE_URL: github.url } });
    token = github.mintToken();
    id = await skillett.connect("github", token);
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });

  const who = (key = skillett.key): Promise<Reply> =>
    skillett.call("POST", "/v1/github/get_authenticated_user", { key, body: {} });
  const status = async () => (await skillett.call("GET", "/v1/connections")).json.connections[0].status;
  const doctored = async () => (await skillett.call("GET", `/v1/connect/${id}`)).json.status;

  it("a revoked key is refused from the next call on, and nothing is sent for it", async () => {
    const { json } = await skillett.call("POST", "/api-keys", { body: { name: "agent" } });
    expect((await who(json.full_key)).status).toBe(200);
    await skillett.call("DELETE", `/api-keys/${json.api_key.id}`);
    const count = github.requests.length;
    const replies = await Promise.all(Array.from({ length: 10 }, () => who(json.full_key)));
    expect(new Set(replies.map(({ json }) => json.error))).toEqual(new Set(["api_key_revoked"]));
    expect(github.requests.length).toBe(count);
  });

  it("a connection whose credential is refused needs reconnecting, until the service takes it again", async () => {
    github.failNext({ status: 401, body: { message: "Bad credentials" } });
    const refused = await who();
    expect(refused).toMatchObject({
      status: 401,
      json: {
        error: "token_expired",
        message: "GitHub refuses the stored credential of octocat. Please reconnect.",
        action_url: `${skillett.url}/dashboard/integrations`,
        next: ["skillett connect github --token -"],
        retryable: false,
      },
    });
    expect([await status(), await doctored()]).toEqual(["needs_reconnect", "error"]);
    const lastCall = async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0];
    await expect
      .poll(lastCall)
      .toMatchObject({ status: "failed", error: "token_expired", upstream_status: 401 });

    expect((await who()).json).toMatchObject({ status: 200, data: { login: "octocat" } });
    expect([await status(), await doctored()]).toEqual(["connected", "connected"]);
  });

  it("a connection whose credential is refused works again after connecting anew", async () => {
    github.revoke(token);
    expect((await who()).json.error).toBe("token_expired");
    expect(await status()).toBe("needs_reconnect");
    token = github.mintToken();
    expect(await skillett.connect("github", token)).toBe(id);
    expect(await status()).toBe("connected");
    expect((await who()).json.data.login).toBe("octocat");
  });

  it("a disconnected account stops at the next call and leaves no credential", async () => {
    await skillett.call("DELETE", `/v1/connections/${id}`);
    const count = github.requests.length;
    expect(await who()).toMatchObject({ status: 403, json: { error: "integration_not_connected" } });
    expect(github.requests.length).toBe(count);
    expect(await skillett.app.database.kysely.selectFrom("credentials").selectAll().execute()).toEqual([]);
  });

  it("a call that is cancelled after its account was disconnected does not bring it back", async () => {
    id = await skillett.connect("github", token);
    github.failNext("hang");
    const gone = new AbortController();
    const count = github.requests.length;
    const call = fetch(`${skillett.url}/v1/github/get_authenticated_user`, {
      method: "POST",
      headers: { authorization: `Bearer ${skillett.key}`, "content-type": "application/json" },
      body: "{}",
      signal: gone.signal,
    });
    await expect.poll(() => github.requests.length).toBe(count + 1);
    await skillett.call("DELETE", `/v1/connections/${id}`);
    gone.abort();
    await expect(call).rejects.toThrow();
    await expect
      .poll(async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0].status)
      .toBe("cancelled");
    expect((await skillett.call("GET", "/v1/connections")).json.connections).toEqual([]);
    expect((await who()).json.error).toBe("integration_not_connected");
    expect(github.requests.length).toBe(count + 1);
    expect(await skillett.app.database.kysely.selectFrom("credentials").selectAll().execute()).toEqual([]);
  });
});
