import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "../support/github-stand-in.js";
import { onEachEngine } from "../support/skillett.js";
import { createSite, type Site } from "./program.js";

/** SIGTERM: no new calls, those in flight finish, and nothing else holds the process up. */
onEachEngine("shutting down", (engine) => {
  let github: GithubStandIn;
  let site: Site;
  beforeAll(async () => {
    github = await startGithub();
    site = await createSite(engine, {
      SKILLETT_GITHUB_BASE_URL: github.url,
      SKILLETT_UPSTREAM_TIMEOUT_SECONDS: "2",
    });
  });
  afterAll(async () => {
    await site?.close();
    await github?.close();
  });

  it("finishes the call in flight, and its row", async () => {
    const server = await site.up();
    const credentials = { token: github.mintToken() };
    await site.call("POST", "/v1/connect", { integration: "github", credentials });
    // Connected, but never asks for anything, as browsers do.
    const silent = connect(Number(new URL(server.url).port), "127.0.0.1");
    silent.on("error", () => {});
    await once(silent, "connect");

    github.failNext("hang");
    const count = github.requests.length;
    const call = site.call("POST", "/v1/github/get_authenticated_user", {});
    await expect.poll(() => github.requests.length).toBe(count + 1);
    const ended = once(server.child, "exit");
    const begin = performance.now();
    server.child.kill("SIGTERM");
    await expect.poll(server.stderr).toContain("Stopping");
    await expect(site.call("GET", "/health")).rejects.toThrow();

    // The service hangs, so the call ends when its time is up: with a clear answer, not with a broken one.
    expect(await call).toMatchObject({ status: 504, json: { error: "upstream_timeout" } });
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - begin).toBeLessThan(15_000);
    silent.destroy();

    await site.up();
    const { json } = await site.call("GET", "/v1/calls?limit=1");
    expect(json.calls[0]).toMatchObject({ status: "failed", error: "upstream_timeout" });
    expect((await site.call("POST", "/v1/github/get_authenticated_user", {})).json.status).toBe(200);
  });
});
