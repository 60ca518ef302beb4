import { request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";

describe("the GitHub stand-in", () => {
  let github: GithubStandIn;
  let token: string;
  beforeAll(async () => {
    github = await startGithub();
    token = github.mintToken();
  });
  afterAll(() => github.close());

  async function call(
    method: "GET" | "POST",
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ) {
    const answer = await request(github.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "user-agent": "test", ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.body.text();
    const json = String(answer.headers["content-type"]).includes("json");
    return { status: answer.statusCode, headers: answer.headers, body: json ? JSON.parse(text) : text };
  }

  test("the GitHub stand-in knows the minted token's owner, by either scheme", async () => {
    expect(await call("GET", "/user")).toMatchObject({ status: 200, body: { login: "octocat" } });
    const hubot = { authorization: `token ${github.mintToken("hubot")}` };
    expect(await call("GET", "/user", undefined, hubot)).toMatchObject({
      status: 200,
      body: { login: "hubot" },
    });
  });

  test.each([
    ["a bogus token", "Bearer ghp_bogus", "Bad credentials"],
    ["the emulator's own token", "Bearer inner_octocat", "Bad credentials"],
    ["an empty header", "", "Requires authentication"],
  ])("the GitHub stand-in refuses %s as GitHub does", async (_, authorization, message) => {
    expect(await call("GET", "/user", undefined, { authorization })).toMatchObject({
      status: 401,
      body: { message, documentation_url: "https://docs.github.com/rest", status: "401" },
    });
  });

  test("the GitHub stand-in refuses a revoked token", async () => {
    const authorization = `Bearer ${github.mintToken()}`;
    expect((await call("GET", "/user", undefined, { authorization })).status).toBe(200);
    github.revoke(authorization.slice("Bearer ".length));
    expect((await call("GET", "/user", undefined, { authorization })).status).toBe(401);
  });

  test("the GitHub stand-in refuses a request without User-Agent", async () => {
    const answer = await request(`${github.url}/user`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.statusCode).toBe(403);
    expect(await answer.body.text()).toContain("User-Agent");
  });

  test("the GitHub stand-in creates issues that are then listed, with links that lead back to it", async () => {
    const created = await call("POST", "/repos/acme/webapp/issues", { title: "Bug report", labels: ["bug"] });
    expect(created).toMatchObject({
      status: 201,
      body: { title: "Bug report", state: "open", user: { login: "octocat" } },
    });
    expect(created.body.html_url).toBe(`${github.url}/acme/webapp/issues/${created.body.number}`);
    const listed = await call("GET", "/repos/acme/webapp/issues?per_page=2&labels=bug");
    expect(listed.body).toHaveLength(2);
    expect(listed.headers.link).toContain(`<${github.url}/repos/acme/webapp/issues?`);
    expect(await call("GET", "/repos/acme/app")).toMatchObject({
      status: 200,
      body: { full_name: "acme/app" },
    });
  });

  test("the GitHub stand-in answers errors in GitHub's shape", async () => {
    const missing = await call("GET", "/repos/acme/nothing");
    expect(missing).toMatchObject({ status: 404, body: { message: "Not Found", status: "404" } });
    expect(await call("POST", "/repos/acme/webapp/issues", {})).toMatchObject({
      status: 422,
      body: { status: "422" },
    });
  });

  test("the GitHub stand-in records what came, without the token", async () => {
    await call("POST", "/repos/acme/app/issues?x=1", { title: "Recorded" });
    const last = github.requests.at(-1);
    expect(last).toMatchObject({
      method: "POST",
      path: "/repos/acme/app/issues?x=1",
      body: { title: "Recorded" },
    });
    expect(last?.headers.authorization).toBe(`Bearer …${token.slice(-4)}`);
    expect(JSON.stringify(github.requests)).not.toContain(token);
  });

  test("the GitHub stand-in fails the next requests as told, then works again", async () => {
    github.failNext({ status: 429, headers: { "retry-after": "7" }, body: { message: "Slow down" } });
    github.failNext("reset");
    const limited = await call("GET", "/user");
    expect(limited).toMatchObject({
      status: 429,
      headers: { "retry-after": "7" },
      body: { message: "Slow down" },
    });
    await expect(call("GET", "/user")).rejects.toThrow();
    expect((await call("GET", "/user")).status).toBe(200);
  });

  test("the GitHub stand-in hangs until the client gives up, when told to", async () => {
    github.failNext("hang");
    const answer = request(github.url, { signal: AbortSignal.timeout(50) });
    await expect(answer).rejects.toThrow(/aborted due to timeout/);
  });
});
