import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signIn } from "#support/browser.js";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import type { ReadyProcess } from "#support/ready-process.js";
import { createSite, type Ended, program, runSkillett, type Site } from "./program.js";

/** Every command that an error names succeeds, through the real CLI, and puts right what it can. */
describe("next steps", () => {
  let github: GithubStandIn;
  let site: Site;
  let server: ReadyProcess;
  let token: string;
  beforeAll(async () => {
    github = await startGithub();
    const {
      SKILLETT_GITHUB_CLIENT_ID: _,
      SKILLETT_GITHUB_CLIENT_SECRET: _secret,
      ...env
    } = github.settings();
    site = await createSite("sqlite", env);
    server = await site.up();
    github.registerRedirect(`${server.url}/callback`);
  });
  afterAll(async () => {
    await site?.close();
    await github?.close();
  });

  /** Runs a command that must be refused, and gives what it says to do. */
  async function refused(...args: string[]): Promise<string[]> {
    const { code, stdout, stderr } = await site.cli(args);
    expect(code, stderr).toBe(1);
    const { next } = JSON.parse(stdout);
    for (const command of next) expect(stderr).toContain(command);
    return next;
  }

  async function follow(commands: string[], input = ""): Promise<Ended[]> {
    const replies: Ended[] = [];
    for (const command of commands) {
      const [program, ...args] = command.split(" ");
      expect(program).toBe("skillett");
      const reply = await site.cli(args, input);
      expect(reply, `${command}\n${reply.stderr}`).toMatchObject({ code: 0 });
      replies.push(reply);
    }
    return replies;
  }

  const me = ["run", "github", "get_authenticated_user", "--fields", "login"];

  it("a call without a connection works after the next step that it names", async () => {
    token = github.mintToken();
    await follow(await refused(...me), `${token}\n`);
    const [{ stdout }] = (await follow([`skillett ${me.join(" ")}`])) as [Ended];
    expect(JSON.parse(stdout)).toMatchObject({ data: { login: "octocat" } });
  });

  it("a call whose credential is refused works after the next step that it names", async () => {
    github.revoke(token);
    const next = await refused(...me);
    token = github.mintToken();
    await follow(next, token);
    await follow([`skillett ${me.join(" ")}`]);
  });

  it("an unknown integration leads to the list that has the right one", async () => {
    const [list] = (await follow(await refused("run", "githib", "create_issue"))) as [Ended];
    expect(list.stdout).toContain('"github"');
  });

  it("an unknown endpoint leads to the list that has the right one", async () => {
    const [list] = (await follow(await refused("skills", "github", "create_isue"))) as [Ended];
    expect(list.stdout).toContain('"create_issue"');
  });

  it("an unknown connection leads to the list of those there are", async () => {
    const [list] = (await follow(await refused(...me, "--connection", "nobody"))) as [Ended];
    expect(list.stdout).toContain('"octocat"');
  });

  it("a wrong token is refused with the reason, and is not shown", async () => {
    const { code, stderr } = await site.cli(["connect", "github", "--token", "-"], "ghp_wrong");
    expect(code).toBe(1);
    expect(stderr).toContain("GitHub refused it");
    expect(stderr).not.toContain("ghp_wrong");
  });

  it("a write whose outcome is unknown leads to the audit log, which shows it", async () => {
    github.failNext("reset");
    const create = ["run", "github", "create_issue", "--repo", "acme/app", "--title", "Once"];
    const first = await site.cli([...create, "--idempotency-key", "once"]);
    expect(first.code).toBe(2);
    const [log] = (await follow(await refused(...create, "--idempotency-key", "once"))) as [Ended];
    expect(JSON.parse(log.stdout).calls.slice(0, 2)).toMatchObject([
      { endpoint: "create_issue", status: "refused", error: "conflict" },
      { endpoint: "create_issue", status: "failed", error: "upstream_unreachable" },
    ]);
    const sent = github.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/issues"));
    expect(sent).toHaveLength(1);
  });

  it("an invalid key is reported by doctor without a next step", async () => {
    const wrong = { SKILLETT_URL: server.url, SKILLETT_API_KEY: `sk_${"0".repeat(40)}` };
    const { code, stdout } = await runSkillett(["doctor"], { env: { ...site.env, ...wrong } });
    expect(code).toBe(1);
    const broken = JSON.parse(stdout).checks.find(({ ok }: { ok: boolean }) => !ok);
    expect(broken).toEqual({ name: "key", ok: false, message: expect.stringContaining("Invalid API key.") });
    expect((await site.cli(["doctor"])).code).toBe(0);
  });

  describe("next steps by signing in", () => {
    /** Runs a command that shows a page to sign in at, and does what a person does there. */
    async function followInBrowser(command: string): Promise<{ signedIn: unknown; code: number }> {
      const [, ...args] = command.split(" ");
      const env = { PATH: process.env.PATH, ...site.env };
      const child = spawn(process.execPath, [program, ...args], { env, timeout: 50_000 });
      const [ended, stdout] = [once(child, "close"), text(child.stdout)];
      for await (const line of createInterface({ input: child.stderr })) {
        if (line.startsWith("http")) expect((await signIn(line)).status).toBe(200);
      }
      const [code] = await ended;
      return { signedIn: JSON.parse(await stdout), code };
    }

    const orgs = ["run", "github", "list_orgs_for_authenticated_user"];
    let id: string;

    it("the message for a provider that is not set up names the command that sets it up", async () => {
      const [{ id: old }] = JSON.parse((await site.cli(["connections"])).stdout).connections;
      await follow([`skillett disconnect ${old}`]);
      const { stdout } = await site.cli(["connect", "github", "--no-browser"]);
      const [, command = ""] = /runs: (skillett .+? <id>)/.exec(JSON.parse(stdout).message)!;
      // On a terminal it asks for the secret; here it comes in by a pipe.
      const set = `${command.replace("<id>", github.client.id)} --client-secret -`;
      await follow([set], `${github.client.secret}\n`);
      const { signedIn, code } = await followInBrowser(`skillett connect github --scopes notifications`);
      expect({ code, signedIn }).toMatchObject({
        code: 0,
        signedIn: { status: "connected", account: "octocat" },
      });
      id = (signedIn as { connection_id: string }).connection_id;
    });

    it("the hint for a missing scope names the command that grants it, and the call succeeds", async () => {
      const { code, stdout } = await site.cli(orgs);
      expect(code).toBe(1);
      const { hint } = JSON.parse(stdout);
      expect(hint.next).toEqual([
        `skillett connect github --connection ${id} --scopes notifications,read:org`,
      ]);
      expect(await followInBrowser(hint.next[0])).toMatchObject({ code: 0, signedIn: { connection_id: id } });
      await follow([`skillett ${orgs.join(" ")}`]);
    });

    it("a token that has ended leads to a sign-in that renews the same connection", async () => {
      github.expireAll();
      const [next] = (await refused(...me)) as [string];
      expect(next).toBe(`skillett connect github --connection ${id}`);
      expect(await followInBrowser(next)).toMatchObject({ code: 0, signedIn: { connection_id: id } });
      const [{ stdout }] = (await follow([`skillett ${me.join(" ")}`])) as [Ended];
      expect(JSON.parse(stdout)).toMatchObject({ data: { login: "octocat" } });
    });
  });
});
