import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "../support/github-stand-in.js";
import type { ReadyProcess } from "../support/ready-process.js";
import { createSite, type Ended, runSkillett, type Site } from "./program.js";

/** Every command that an error names succeeds, through the real CLI, and puts right what it can. */
describe("next steps", () => {
  let github: GithubStandIn;
  let site: Site;
  let server: ReadyProcess;
  let token: string;
  beforeAll(async () => {
    github = await startGithub();
    site = await createSite("sqlite", { SKILLETT_GITHUB_BASE_URL: github.url });
    server = await site.up();
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

  it("not connected: connect, and it works", async () => {
    token = github.mintToken();
    await follow(await refused(...me), `${token}\n`);
    const [{ stdout }] = (await follow([`skillett ${me.join(" ")}`])) as [Ended];
    expect(JSON.parse(stdout)).toMatchObject({ data: { login: "octocat" } });
  });

  it("credential refused: connect again, and it works", async () => {
    github.revoke(token);
    const next = await refused(...me);
    token = github.mintToken();
    await follow(next, token);
    await follow([`skillett ${me.join(" ")}`]);
  });

  it("unknown integration: the list has it", async () => {
    const [list] = (await follow(await refused("run", "githib", "create_issue"))) as [Ended];
    expect(list.stdout).toContain('"github"');
  });

  it("unknown endpoint: the list has it", async () => {
    const [list] = (await follow(await refused("skills", "github", "create_isue"))) as [Ended];
    expect(list.stdout).toContain('"create_issue"');
  });

  it("unknown connection: the list has those there are", async () => {
    const [list] = (await follow(await refused(...me, "--connection", "nobody"))) as [Ended];
    expect(list.stdout).toContain('"octocat"');
  });

  it("a wrong token: what it says can be done at once", async () => {
    const { code, stderr } = await site.cli(["connect", "github", "--token", "-"], "ghp_wrong");
    expect(code).toBe(1);
    expect(stderr).toContain("GitHub refused it");
    expect(stderr).not.toContain("ghp_wrong");
  });

  it("a write whose outcome is unknown: the audit log shows it", async () => {
    github.failNext("reset");
    const create = ["run", "github", "create_issue", "--repo", "acme/app", "--title", "Once"];
    const first = await site.cli([...create, "--idempotency-key", "once"]);
    expect(first.code).toBe(2);
    const [log] = (await follow(await refused(...create, "--idempotency-key", "once"))) as [Ended];
    expect(JSON.parse(log.stdout).calls.slice(0, 2)).toMatchObject([
      { endpoint: "create_issue", status: "refused", error: "conflict" },
      { endpoint: "create_issue", status: "failed", error: "upstream_unreachable" },
    ]);
  });

  it("a key that is none: doctor says so, and sends nobody in circles", async () => {
    const wrong = { SKILLETT_URL: server.url, SKILLETT_API_KEY: `sk_${"0".repeat(40)}` };
    const { code, stdout } = await runSkillett(["doctor"], { env: { ...site.env, ...wrong } });
    expect(code).toBe(1);
    const broken = JSON.parse(stdout).checks.find(({ ok }: { ok: boolean }) => !ok);
    expect(broken).toEqual({ name: "key", ok: false, message: expect.stringContaining("Invalid API key.") });
    expect((await site.cli(["doctor"])).code).toBe(0);
  });
});
