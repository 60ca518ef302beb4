import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { runCommand } from "./program.js";

/** The two agents of the documentation, run as they stand there. */

const agent = (file: string) => fileURLToPath(new URL(`../fixtures/agents/${file}`, import.meta.url));
const python = ["python3", "/usr/bin/python3"].find(hasHttpx);

function hasHttpx(command: string): boolean {
  try {
    execFileSync(command, ["-c", "import httpx"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

onEachEngine("the agents of the documentation", (engine) => {
  let github: GithubStandIn;
  let skillett: Skillett;
  beforeAll(async () => {
    github = await startGithub();
    skillett = await startSkillett(engine, { env: { SKILLETT_GITHUB_BASE_URL: github.url } });
    await skillett.connect("github", github.mintToken());
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });

  async function createsAnIssue(command: string, file: string): Promise<void> {
    const { stdout, stderr, code } = await runCommand(command, [agent(file), skillett.url, skillett.key]);
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(stdout.trim()).toMatch(/\/acme\/webapp\/issues\/\d+$/);
    expect(github.requests.at(-1)).toMatchObject({
      method: "POST",
      path: "/repos/acme/webapp/issues",
      body: { title: "Bug report" },
    });
    const lastCall = async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0];
    await expect.poll(lastCall).toMatchObject({ endpoint: "create_issue", status: "completed" });
  }

  it("the agent in JavaScript creates an issue", () => createsAnIssue(process.execPath, "agent.mjs"));
  it.skipIf(!python)(
    `the agent in Python creates an issue${python ? "" : " (skipped: no python3 with httpx; Debian has python3-httpx)"}`,
    () => createsAnIssue(python!, "agent.py"),
  );
});
