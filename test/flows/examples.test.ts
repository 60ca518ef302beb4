import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { type Ended, runCommand } from "./program.js";

/** The programs in `examples`, as somebody would run them, with the key that their README has people make. */

const file = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const project = fileURLToPath(new URL("../..", import.meta.url));

let skillett: Skillett;
let github: GithubStandIn;
let key: string;
beforeAll(async () => {
  github = await startGithub();
  skillett = await startSkillett("sqlite", { env: { SKILLETT_GITHUB_BASE_URL: github.url } });
  await skillett.connect("github", github.mintToken());
  const name = "triage agent";
  await skillett.call("POST", "/v1/agents", { body: { name } });
  const narrow = { name, agent_id: "triage-agent", scopes: ["*:read", "github.create_issue"] };
  const { json } = await skillett.call("POST", "/api-keys", { body: narrow });
  key = json.full_key;
});
afterAll(async () => {
  await skillett?.close();
  await github?.close();
});

interface Example {
  name: string;
  /** Programs it calls, without which it is skipped. */
  takes: string[];
  run(...args: string[]): Promise<Ended>;
}

const examples: Example[] = [
  {
    name: "agent.ts",
    takes: [],
    run: (...args) => start(process.execPath, "--import", "tsx", file("agent.ts"), ...args),
  },
  {
    name: "report.sh",
    takes: ["bash", "curl", "jq"],
    run: (...args) => start("bash", file("report.sh"), ...args),
  },
];
const isThere = (program: string) => spawnSync(program, ["--version"]).status === 0;

describe.each(examples)("$name, with $takes", ({ name, takes, run }) => {
  beforeEach(({ skip }) => {
    if (!takes.every(isThere)) skip(`${name} takes ${takes.join(", ")}`);
  });
  const created = () => github.requests.filter(({ method }) => method === "POST").length;

  it("the example reports something once, however often it is run", async () => {
    const before = created();
    const title = `Reported by ${name}, "quoted"`;
    const [first, second] = [await run("acme/webapp", title), await run("acme/webapp", title)];
    expect([first, second]).toMatchObject([
      { code: 0, stderr: "" },
      { code: 0, stderr: "" },
    ]);
    expect(JSON.parse(first.stdout)).toMatchObject({ title, number: expect.any(Number) });
    expect(JSON.parse(second.stdout).number).toBe(JSON.parse(first.stdout).number);
    expect(created() - before).toBe(1);
  });

  it("the example shows what the service refuses, and fails", async () => {
    const { code, stdout, stderr } = await run("acme/there-is-none", "Nothing");
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("404");
  });

  it("the example shows what Skillett refuses, and fails", async () => {
    const { code, stderr } = await run("no repository", "Nothing");
    expect(code).not.toBe(0);
    expect(stderr).toContain("bad_request");
  });
});

function start(command: string, ...args: string[]): Promise<Ended> {
  const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: key };
  return runCommand(command, args, { env, cwd: project });
}
